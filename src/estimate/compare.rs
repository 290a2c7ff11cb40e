//! Two estimates side by side: what a change of the template does to its cost.

use super::limit::BudgetCheck;
use super::range::Range;
use super::result::{Estimate, VERSION};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Amounts that differ by less than this share are the same: they were only added in another
/// order.
const SAME: f64 = 1e-9;

/// What one amount was, is, and by how much it changed, bound by bound.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Change {
    /// Before; none for what was not there, or not known.
    pub before: Option<Range>,
    /// After; none for what is no longer there, or not known.
    pub after: Option<Range>,
    /// After less before; what is not there counts as nothing.
    pub change: Delta,
}

/// A difference of two ranges, bound by bound. Its bounds are in no order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Delta {
    /// Of the low values.
    pub low: f64,
    /// Of the expected values.
    pub expected: f64,
    /// Of the high values.
    pub high: f64,
}

impl Change {
    /// The change from `before` to `after`.
    pub fn new(before: Option<Range>, after: Option<Range>) -> Self {
        let (from, to) = (before.unwrap_or_default(), after.unwrap_or_default());
        let change = Delta {
            low: difference(from.low, to.low),
            expected: difference(from.expected, to.expected),
            high: difference(from.high, to.high),
        };
        Self { before, after, change }
    }

    /// Whether something changed: an amount, or that there is one.
    pub fn is_change(&self) -> bool {
        let Delta { low, expected, high } = self.change;
        self.before.is_some() != self.after.is_some() || [low, expected, high].iter().any(|one| one.abs() > 0.0)
    }
}

fn difference(before: f64, after: f64) -> f64 {
    let change = after - before;
    if change.abs() <= SAME * before.abs().max(after.abs()) { 0.0 } else { change }
}

/// A change of something with a name.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Changed {
    /// Logical id or service.
    pub name: String,
    /// Cost a month.
    pub monthly: Change,
}

/// A change of a path.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ChangedPath {
    /// Where traffic enters.
    pub name: String,
    /// Cost a month, where its rate is known.
    pub monthly: Change,
    /// Cost of a million requests.
    pub per_million: Change,
}

/// The difference of two estimates. Money is in [`Comparison::currency`].
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Comparison {
    /// [`VERSION`]
    pub version: u32,
    /// The region, of the later one.
    pub region: String,
    /// `USD`, or what the region is billed in.
    pub currency: &'static str,
    /// The newest date in the price table.
    pub prices_as_of: &'static str,
    /// A month of everything whose traffic is known.
    pub total: Change,
    /// What of it is paid without any traffic.
    pub baseline: Change,
    /// Resources whose cost changed, the largest change first.
    pub resources: Vec<Changed>,
    /// Services whose cost changed, the largest change first.
    pub services: Vec<Changed>,
    /// Paths whose cost changed, the largest change first.
    pub paths: Vec<ChangedPath>,
    /// Limits of the usage file for changes.
    pub budget: Vec<BudgetCheck>,
}

impl Comparison {
    /// The difference from `before` to `after`.
    pub fn new(before: &Estimate, after: &Estimate) -> Self {
        let resources = |estimate: &Estimate| -> BTreeMap<String, Range> {
            estimate.resources.iter().map(|one| (one.name.clone(), one.monthly)).collect()
        };
        let services = |estimate: &Estimate| -> BTreeMap<String, Range> {
            estimate.services.iter().map(|(name, cost)| ((*name).to_owned(), *cost)).collect()
        };
        let baseline = |estimate: &Estimate| Some(Range::exact(estimate.baseline));
        Self {
            version: VERSION,
            region: after.region.clone(),
            currency: after.currency,
            prices_as_of: after.prices_as_of,
            total: Change::new(Some(before.total), Some(after.total)),
            baseline: Change::new(baseline(before), baseline(after)),
            resources: changed(&resources(before), &resources(after)),
            services: changed(&services(before), &services(after)),
            paths: paths(before, after),
            budget: Vec::new(),
        }
    }

    /// Whether nothing costs anything else than before.
    pub fn is_empty(&self) -> bool {
        let parts = self.resources.is_empty() && self.services.is_empty() && self.paths.is_empty();
        parts && !self.total.is_change() && !self.baseline.is_change()
    }
}

fn changed(before: &BTreeMap<String, Range>, after: &BTreeMap<String, Range>) -> Vec<Changed> {
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let changes = names.into_iter().map(|name| Changed {
        name: name.clone(),
        monthly: Change::new(before.get(name).copied(), after.get(name).copied()),
    });
    let mut found: Vec<Changed> = changes.filter(|one| one.monthly.is_change()).collect();
    found.sort_by(|a, b| b.monthly.change.expected.abs().total_cmp(&a.monthly.change.expected.abs()));
    found
}

fn paths(before: &Estimate, after: &Estimate) -> Vec<ChangedPath> {
    let by_name = |estimate: &Estimate| -> BTreeMap<String, (Option<Range>, Range)> {
        estimate.entries.iter().map(|entry| (entry.name.clone(), (entry.monthly, entry.per_million))).collect()
    };
    let (before, after) = (by_name(before), by_name(after));
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let changes = names.into_iter().map(|name| {
        let (from, to) = (before.get(name), after.get(name));
        ChangedPath {
            name: name.clone(),
            monthly: Change::new(from.and_then(|one| one.0), to.and_then(|one| one.0)),
            per_million: Change::new(from.map(|one| one.1), to.map(|one| one.1)),
        }
    });
    let mut found: Vec<ChangedPath> =
        changes.filter(|one| one.monthly.is_change() || one.per_million.is_change()).collect();
    let size = |one: &ChangedPath| (one.monthly.change.expected.abs(), one.per_million.change.expected.abs());
    found.sort_by(|a, b| size(b).0.total_cmp(&size(a).0).then(size(b).1.total_cmp(&size(a).1)));
    found
}
