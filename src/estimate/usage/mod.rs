//! `dewline.usage.yaml`: what only the author knows about the traffic of an application.
//!
//! Reading never touches the file system: a file's text comes in, a [`Usage`] or located
//! problems come out. Rates are given where traffic enters; the graph carries it on.

mod check;
mod keys;
mod profile;
mod questions;
mod read;
mod schema;
#[cfg(test)]
mod tests;

pub use check::check;
pub use keys::{Key, Unit};
pub use profile::Profile;
pub use questions::template;
pub use read::read;
pub use schema::json_schema;

use super::forecast::Forecast;
use super::range::Range;
use crate::source::Span;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Names a usage file may have, the preferred one first.
pub const FILE_NAMES: [&str; 2] = ["dewline.usage.yaml", "dewline.usage.yml"];

/// A quantity of the file.
#[derive(Clone, Debug, PartialEq)]
pub struct Amount {
    /// Low, expected and high value, in the unit of its key.
    pub range: Range,
    /// How it is spread over the hours of a day or a week; evenly where there is none.
    pub profile: Option<Arc<Profile>>,
    /// Where it is written.
    pub span: Span,
}

/// What the file says about one resource or route.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ResourceUsage {
    /// Where its name is written.
    pub span: Span,
    /// Quantities.
    pub amounts: BTreeMap<Key, Amount>,
    /// Routes of an API by name, `GET /orders` or `$default`.
    pub routes: BTreeMap<String, ResourceUsage>,
    /// Calls on other resources a request, by logical id.
    pub calls: BTreeMap<String, Calls>,
    /// Probability of each next state, by choice state and next state.
    pub choices: BTreeMap<String, BTreeMap<String, Amount>>,
    /// Items of map states, by state.
    pub items: BTreeMap<String, Amount>,
}

/// Calls of one function on one resource, a request.
#[derive(Clone, Debug, PartialEq)]
pub struct Calls {
    /// Where the resource is named.
    pub span: Span,
    /// Reads; for resources that are not read and written apart, all calls.
    pub reads: Option<Amount>,
    /// Writes; for resources that are not read and written apart, the same as reads.
    pub writes: Option<Amount>,
}

/// What a path has to keep to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Slo {
    /// Where the entry is named.
    pub span: Span,
    /// Longest median, ms.
    pub p50_ms: Option<f64>,
    /// Longest 95th percentile, ms.
    pub p95_ms: Option<f64>,
    /// Longest 99th percentile, ms.
    pub p99_ms: Option<f64>,
    /// Longest 99.9th percentile, ms.
    pub p999_ms: Option<f64>,
    /// Largest share of calls that start cold.
    pub cold_start_probability: Option<f64>,
}

/// What may be spent.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Budget {
    /// Dollars a month in all, expected.
    pub monthly_usd: Option<Limit>,
    /// Dollars a month of what enters at one place, by entry.
    pub per_path: BTreeMap<String, Limit>,
    /// Dollars a month that a change may add.
    pub increase_usd: Option<Limit>,
    /// Percent that a change may add.
    pub increase_percent: Option<Limit>,
}

/// One number of the budget.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limit {
    /// Dollars or percent.
    pub value: f64,
    /// Where it is written.
    pub span: Span,
}

/// A usage file, read and checked.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Usage {
    /// The region that prices are for.
    pub region: Option<String>,
    /// By logical id.
    pub resources: BTreeMap<String, ResourceUsage>,
    /// By resource type, for resources that say nothing of their own.
    pub types: BTreeMap<String, BTreeMap<Key, Amount>>,
    /// For every resource that a key applies to.
    pub assume: BTreeMap<Key, Amount>,
    /// Objectives by entry: logical id of a resource, or `Api GET /orders`.
    pub slo: BTreeMap<String, Slo>,
    /// What may be spent.
    pub budget: Budget,
    /// Where types are named, for messages.
    pub type_spans: BTreeMap<String, Span>,
    /// Observed calls of functions and what they will be, by logical id; from files of their own.
    pub loads: BTreeMap<String, ObservedLoad>,
}

/// The load of a function as it was observed.
#[derive(Clone, Debug, PartialEq)]
pub struct ObservedLoad {
    /// What was, and what comes.
    pub forecast: Arc<Forecast>,
    /// Chance that an hour may have more calls than a schedule of warm environments is made for.
    pub chance: f64,
}

impl Usage {
    /// What is said about `key` of a resource: by its own name, else by its type, else for
    /// all. Built-in assumptions are no part of it.
    pub fn amount(&self, id: &str, ty: &str, key: Key) -> Option<&Amount> {
        self.own(id, key).or_else(|| self.types.get(ty)?.get(&key)).or_else(|| self.assume.get(&key))
    }

    /// What is said about `key` under the name of the resource itself.
    pub fn own(&self, id: &str, key: Key) -> Option<&Amount> {
        self.resources.get(id)?.amounts.get(&key)
    }

    /// The range to reckon with for `key` of a resource: what is said, else what is assumed.
    pub fn range(&self, id: &str, ty: &str, key: Key) -> Option<Range> {
        let assumed = || key.assumed().map(|(low, expected, high)| Range::new(low, expected, high));
        self.amount(id, ty, key).map(|amount| amount.range).or_else(assumed)
    }

    /// What is said about a route of an API.
    pub fn route(&self, api: &str, route: &str) -> Option<&ResourceUsage> {
        self.resources.get(api)?.routes.get(route)
    }

    /// The calls of `function` on `target` a request, where the file names them.
    pub fn calls(&self, function: &str, target: &str) -> Option<&Calls> {
        self.resources.get(function)?.calls.get(target)
    }
}
