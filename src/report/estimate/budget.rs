//! What came of the limits of the usage file, as one line each.

use super::money::money;
use crate::estimate::{BudgetCheck, BudgetState};

/// `monthly_usd: $12.00 of $200.00 a month`.
pub fn line(check: &BudgetCheck, currency: &str) -> String {
    let path = check.path.as_ref().map(|path| format!(" {path}")).unwrap_or_default();
    let percent = check.limit == "increase_percent";
    let amount = |value: f64| if percent { format!("{value:.1} %") } else { money(value, "USD") };
    let what = if check.limit.starts_with("increase") { "more" } else { "a month" };
    let allowed = amount(check.allowed);
    let Some(expected) = check.expected.map(amount) else {
        let why = if currency == "USD" { "a rate is missing" } else { "the region is not billed in US dollars" };
        return format!("{}{path}: not compared with {allowed}, because {why}", check.limit);
    };
    match check.state {
        BudgetState::Exceeded => format!("{}{path}: {expected} {what}, above the {allowed} allowed", check.limit),
        _ => format!("{}{path}: {expected} of {allowed} {what}", check.limit),
    }
}

/// The message of an exceeded limit: one sentence without a full stop.
pub fn message(check: &BudgetCheck) -> String {
    let percent = check.limit == "increase_percent";
    let amount = |value: f64| if percent { format!("{value:.1} %") } else { money(value, "USD") };
    let (expected, allowed) = (amount(check.expected.unwrap_or_default()), amount(check.allowed));
    let dearest = check.resource.as_ref().map(|name| format!(", {name} most of all")).unwrap_or_default();
    match (check.limit, &check.path) {
        (_, Some(path)) => format!("{path} costs {expected} a month, above its budget of {allowed}{dearest}"),
        ("monthly_usd", _) => {
            format!("the application costs {expected} a month, above its budget of {allowed}{dearest}")
        }
        _ => format!("the change adds {expected} to a month, above the {allowed} allowed{dearest}"),
    }
}
