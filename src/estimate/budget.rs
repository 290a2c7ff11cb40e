//! What may be spent, against what is estimated.

use super::compare::Comparison;
use super::limit::BudgetCheck;
use super::result::{Entry, Estimate};
use super::usage::Budget;

/// The limits of `budget` for one estimate.
pub fn spent(budget: &Budget, estimate: &Estimate) -> Vec<BudgetCheck> {
    let dollars = |amount: f64| (estimate.currency == "USD").then_some(amount);
    let mut found = Vec::new();
    if let Some(limit) = budget.monthly_usd {
        let dearest = estimate.resources.iter().max_by(|a, b| a.monthly.expected.total_cmp(&b.monthly.expected));
        let check = BudgetCheck::new("monthly_usd", None, limit, dollars(estimate.total.expected));
        found.push(check.at(dearest.map(|one| &*one.name)));
    }
    for (path, limit) in &budget.per_path {
        // An API stands for all of its routes.
        let entries: Vec<&Entry> =
            estimate.entries.iter().filter(|entry| entry.name == *path || entry.resource == *path).collect();
        let known = entries.iter().filter_map(|entry| entry.monthly).map(|monthly| monthly.expected);
        let all_known = !entries.is_empty() && entries.iter().all(|entry| entry.monthly.is_some());
        let cost = Some(known.sum::<f64>()).filter(|cost| all_known || *cost > limit.value);
        let dearest = entries.iter().max_by(|a, b| share(a).total_cmp(&share(b))).and_then(|entry| entry.dearest());
        found.push(BudgetCheck::new("per_path", Some(path), *limit, cost.and_then(dollars)).at(dearest));
    }
    found
}

fn share(entry: &Entry) -> f64 {
    entry.monthly.map_or(0.0, |monthly| monthly.expected)
}

/// The limits of `budget` for a change.
pub fn added(budget: &Budget, comparison: &Comparison) -> Vec<BudgetCheck> {
    let comparable = comparison.currency == "USD";
    let change = comparison.total.change.expected;
    let before = comparison.total.before.unwrap_or_default().expected;
    let by_change =
        comparison.resources.iter().max_by(|a, b| a.monthly.change.expected.total_cmp(&b.monthly.change.expected));
    let dearest = by_change.filter(|one| one.monthly.change.expected > 0.0).map(|one| &*one.name);
    let mut found = Vec::new();
    if let Some(limit) = budget.increase_usd {
        found.push(BudgetCheck::new("increase_usd", None, limit, Some(change).filter(|_| comparable)).at(dearest));
    }
    if let Some(limit) = budget.increase_percent {
        // Nothing has no percent.
        let percent = if change <= 0.0 { Some(change.min(0.0)) } else { Some(change / before * 100.0) };
        let percent = percent.filter(|percent| percent.is_finite());
        found.push(BudgetCheck::new("increase_percent", None, limit, percent).at(dearest));
    }
    found
}
