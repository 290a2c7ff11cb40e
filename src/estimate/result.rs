//! The answer, as every output format and other tools read it.

use super::cold_starts::ColdStarts;
use super::latency::EntryLatency;
use super::limit::BudgetCheck;
use super::range::Range;
use serde::Serialize;
use std::collections::BTreeMap;

/// Version of the JSON form; further members may be added within a version.
pub const VERSION: u32 = 1;

/// The estimate of one application. Money is in [`Estimate::currency`].
#[derive(Clone, Debug, Serialize)]
pub struct Estimate {
    /// [`VERSION`]
    pub version: u32,
    /// The region.
    pub region: String,
    /// `USD`, or what the region is billed in.
    pub currency: &'static str,
    /// The newest date in the price table.
    pub prices_as_of: &'static str,
    /// Whether what every account has free was taken off monthly figures.
    pub free_tier: bool,
    /// A month of everything whose traffic is known, baseline included.
    pub total: Range,
    /// What of it is paid without any traffic.
    pub baseline: f64,
    /// Where traffic enters, in template order.
    pub entries: Vec<Entry>,
    /// By resource, in template order: those that cost something.
    pub resources: Vec<ResourceCost>,
    /// A month by service.
    pub services: BTreeMap<&'static str, Range>,
    /// Warm capacity that is paid whether it is used or not.
    pub warm: Vec<WarmCapacity>,
    /// Cold starts of functions whose traffic is known.
    pub cold_starts: Vec<ColdStarts>,
    /// How long every entry takes, and where its events end up.
    pub latency: Vec<EntryLatency>,
    /// What entered the figures without being in the template, by share of the spread.
    pub assumptions: Vec<Assumption>,
    /// What the usage file could say and does not, and what is therefore left out.
    pub open: Vec<OpenQuestion>,
    /// Meters without a price in the region that are used: the figures are lower bounds.
    pub missing_prices: Vec<Unpriced>,
    /// Resources without a price.
    pub unpriced: Vec<Unpriced>,
    /// Resources with a price that cost nothing here, because nothing is known to reach them.
    pub idle: Vec<Unpriced>,
    /// Limits of the usage file, with what came of them.
    pub budget: Vec<BudgetCheck>,
}

/// One place where traffic enters.
#[derive(Clone, Debug, Serialize)]
pub struct Entry {
    /// Logical id, or the API and the route: `OrdersApi GET /orders`.
    pub name: String,
    /// What it is.
    pub kind: &'static str,
    /// The resource it is part of: its own logical id, or that of its API.
    pub resource: String,
    /// Whether the template tells the rate.
    pub scheduled: bool,
    /// Events a month, where they are known.
    pub monthly_requests: Option<Range>,
    /// Cost a month of everything that they cause, where they are known.
    pub monthly: Option<Range>,
    /// The same for some numbers of events a month, where they are not known.
    pub at_monthly_requests: Vec<AtRate>,
    /// Cost of a million events, everything they cause included, without free tier.
    pub per_million: Range,
    /// The same by service, expected.
    pub services: BTreeMap<&'static str, f64>,
    /// The same by the resource that pays, expected.
    pub resources: BTreeMap<String, f64>,
    /// Resources that the events reach, with events there for one that enters, expected.
    pub reaches: Vec<Reached>,
    /// Loops on the way.
    pub loops: Vec<Vec<String>>,
    /// Whether a loop was ended after a number of rounds.
    pub cut: bool,
    /// Meters without a price in the region: the figures are lower bounds.
    pub missing: Vec<&'static str>,
}

impl Entry {
    /// The resource that pays most of it.
    pub fn dearest(&self) -> Option<&str> {
        self.resources.iter().max_by(|a, b| a.1.total_cmp(b.1)).map(|(name, _)| &**name)
    }
}

/// Cost at one rate.
#[derive(Clone, Debug, Serialize)]
pub struct AtRate {
    /// Events a month.
    pub monthly_requests: f64,
    /// Cost a month.
    pub monthly: Range,
}

/// A resource on the way of events.
#[derive(Clone, Debug, Serialize)]
pub struct Reached {
    /// Its name.
    pub name: String,
    /// Events there for one that enters.
    pub events: f64,
}

/// What one resource costs a month.
#[derive(Clone, Debug, Serialize)]
pub struct ResourceCost {
    /// Logical id.
    pub name: String,
    /// Resource type.
    pub r#type: String,
    /// Everything.
    pub monthly: Range,
    /// What of it is paid without any traffic.
    pub baseline: f64,
    /// By service, expected: logs of a function are on its bill.
    pub services: BTreeMap<&'static str, f64>,
    /// Whether all traffic that reaches it is known; else the figure is a lower bound.
    pub complete: bool,
}

/// Provisioned capacity of one alias or version.
#[derive(Clone, Debug, Serialize)]
pub struct WarmCapacity {
    /// The alias or version.
    pub name: String,
    /// The function.
    pub function: String,
    /// Environments.
    pub environments: u32,
    /// Cost a month of keeping them.
    pub monthly: f64,
    /// Share of the time that they work, where the traffic is known.
    pub busy: Option<f64>,
    /// Cost of the time that they wait, where the traffic is known.
    pub idle: Option<f64>,
}

/// One assumption or given value with its weight.
#[derive(Clone, Debug, Serialize)]
pub struct Assumption {
    /// The resource or type it holds for; none for all.
    pub of: Option<String>,
    /// Key in the usage file.
    pub key: String,
    /// What it is.
    pub help: &'static str,
    /// Its value.
    pub value: Range,
    /// Whether the usage file gives it.
    pub given: bool,
    /// Share of the spread that it causes, 0 to 1.
    pub spread: f64,
}

impl Assumption {
    /// `OrdersApi.monthly_requests`, or the key alone.
    pub fn name(&self) -> String {
        self.of.as_ref().map_or_else(|| self.key.clone(), |of| format!("{of}.{}", self.key))
    }
}

/// A quantity that is charged for and not known.
#[derive(Clone, Debug, Serialize, PartialEq, Eq, PartialOrd, Ord)]
pub struct OpenQuestion {
    /// Logical id.
    pub resource: String,
    /// Key in the usage file.
    pub key: &'static str,
    /// What it is.
    pub help: &'static str,
}

/// Something that has no price here.
#[derive(Clone, Debug, Serialize, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unpriced {
    /// Logical id, or the meter.
    pub name: String,
    /// Resource type; empty for a meter.
    pub r#type: String,
    /// Why.
    pub reason: String,
}
