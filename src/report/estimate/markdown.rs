//! Tables for a pull request or a wiki.

use super::budget;
use super::money::{count, figure, money};
use super::timing::timing_markdown;
use crate::estimate::{Estimate, Range};
use std::fmt::Write;

/// The estimate as Markdown.
pub fn markdown(estimate: &Estimate) -> String {
    let mut out = String::new();
    let cost = |value: f64| money(value, estimate.currency);
    let row = |range: Range| format!("{} | {} | {}", cost(range.low), cost(range.expected), cost(range.high));
    let free = if estimate.free_tier { "free tier taken off" } else { "no free tier" };
    let _ = writeln!(out, "## Estimated cost: {} a month\n", span(estimate.total, estimate.currency));
    let _ = writeln!(out, "List prices of {}, the newest of {}, {free}.", estimate.region, estimate.prices_as_of);
    if estimate.baseline > 0.0 {
        let _ = writeln!(out, "{} of it is paid without any traffic.", cost(estimate.baseline));
    }
    for check in &estimate.budget {
        let mark = if check.is_exceeded() { "**Over budget.** " } else { "" };
        let _ = writeln!(out, "\n{mark}{}", budget::line(check, estimate.currency));
    }
    if !estimate.services.is_empty() {
        let _ = writeln!(out, "\n| Service | low | expected | high |\n|---|--:|--:|--:|");
        let mut services: Vec<_> = estimate.services.iter().collect();
        services.sort_by(|a, b| b.1.expected.total_cmp(&a.1.expected));
        for (name, range) in services {
            let _ = writeln!(out, "| {name} | {} |", row(*range));
        }
    }
    let known: Vec<_> = estimate.entries.iter().filter(|entry| entry.monthly.is_some()).collect();
    if !known.is_empty() {
        let _ = writeln!(out, "\n| Path | requests a month | low | expected | high |\n|---|--:|--:|--:|--:|");
        for entry in known {
            let requests = count(entry.monthly_requests.unwrap_or_default().expected);
            let amounts = row(entry.monthly.unwrap_or_default());
            let _ = writeln!(out, "| {} | {requests} | {amounts} |", code(&entry.name));
        }
    }
    if !estimate.entries.is_empty() {
        let _ = writeln!(out, "\n| Per million requests | low | expected | high |\n|---|--:|--:|--:|");
        for entry in &estimate.entries {
            let least = if entry.missing.is_empty() { "" } else { " (at least)" };
            let _ = writeln!(out, "| {}{least} | {} |", code(&entry.name), row(entry.per_million));
        }
    }
    if !estimate.resources.is_empty() {
        let _ = writeln!(out, "\n<details><summary>By resource</summary>\n");
        let _ = writeln!(out, "| Resource | without traffic | low | expected | high |\n|---|--:|--:|--:|--:|");
        let mut sorted: Vec<_> = estimate.resources.iter().collect();
        sorted.sort_by(|a, b| b.monthly.expected.total_cmp(&a.monthly.expected));
        for one in sorted {
            let _ = writeln!(out, "| {} | {} | {} |", code(&one.name), cost(one.baseline), row(one.monthly));
        }
        let _ = writeln!(out, "\n</details>");
    }
    out += &timing_markdown(estimate);
    let used: Vec<_> = estimate.assumptions.iter().filter(|one| one.spread >= 0.005).collect();
    if !used.is_empty() {
        let _ = writeln!(out, "\n| Share of the spread | Assumption | low | expected | high |\n|--:|---|--:|--:|--:|");
        for one in used {
            let [low, expected, high] = [one.value.low, one.value.expected, one.value.high].map(figure);
            let source = if one.given { "given" } else { "assumed" };
            let share = one.spread * 100.0;
            let name = code(&one.name());
            let _ = writeln!(out, "| {share:.0} % | {name} ({source}) | {low} | {expected} | {high} |");
        }
    }
    let named = estimate.unpriced.iter().chain(&estimate.missing_prices).chain(&estimate.idle);
    let named: Vec<String> = named.map(|one| format!("{}: {}", code(&one.name), one.reason)).collect();
    if !named.is_empty() {
        let _ = writeln!(out, "\nNot priced, or without traffic:\n");
        for line in named {
            let _ = writeln!(out, "- {line}");
        }
    }
    out
}

/// `$12.00 ($8.00 to $30.00)`
pub fn span(range: Range, currency: &str) -> String {
    let [low, expected, high] = [range.low, range.expected, range.high].map(|value| money(value, currency));
    if range.is_exact() { expected } else { format!("{expected} ({low} to {high})") }
}

/// A name as code; a bar would end the cell of a table.
pub fn code(name: &str) -> String {
    format!("`{}`", name.replace('`', "'").replace('|', "\\|"))
}
