//! A difference for a terminal.

use super::{Difference, counts, watched};
use crate::estimate::Change;
use crate::finding::Finding;
use crate::report::estimate::{money, signed};
use crate::report::summary::one_line;
use crate::report::{File, Style};

/// Rows of a table; the rest is counted.
const ROWS: usize = 20;

/// The difference as text.
pub fn human(difference: &Difference<'_>, style: &Style) -> String {
    let cost = difference.cost;
    let mut out = format!(
        "From {} to {}, list prices of {}, the newest of {}\n",
        difference.base, difference.head, cost.region, cost.prices_as_of
    );
    let names = cost.resources.iter().map(|one| &one.name).chain(cost.paths.iter().map(|one| &one.name));
    let width = names.map(|name| name.chars().count()).max().unwrap_or(0).clamp(24, style.width.clamp(72, 96) - 48);
    let row = |name: &str, change: &Change| {
        let amount = |range: Option<crate::estimate::Range>| {
            range.map_or_else(|| "-".to_owned(), |range| money(range.expected, cost.currency))
        };
        let by = signed(change.change.expected, cost.currency);
        format!("{:<width$} {:>12} {:>12} {by:>12}\n", fit(name, width), amount(change.before), amount(change.after))
    };
    let head = |title: &str| {
        let line = format!("\n{title:<width$} {:>12} {:>12} {:>12}", "before", "after", "change");
        style.bold(&line) + "\n"
    };
    out += &head("Per month, expected");
    for one in cost.resources.iter().take(ROWS) {
        out += &row(&one.name, &one.monthly);
    }
    if cost.resources.len() > ROWS {
        out += &format!("and {} more resources\n", cost.resources.len() - ROWS);
    }
    out += &row("In all", &cost.total);
    if cost.baseline.is_change() {
        out += &row("of which without traffic", &cost.baseline);
    }
    if cost.services.len() > 1 {
        out += &head("By service");
        cost.services.iter().for_each(|one| out += &row(&one.name, &one.monthly));
    }
    let paths: Vec<_> = cost.paths.iter().filter(|one| one.per_million.is_change()).collect();
    if !paths.is_empty() {
        out += &head("Per million requests");
        paths.iter().take(ROWS).for_each(|one| out += &row(&one.name, &one.per_million));
        if paths.len() > ROWS {
            out += &format!("and {} more paths\n", paths.len() - ROWS);
        }
    }
    if let Some(text) = watched(difference) {
        out += &format!("\n{} {text}\n", style.bold("Watched:"));
    }
    let findings = &difference.findings;
    out += &format!("\n{} {}\n", style.bold("Findings:"), counts(findings));
    for (title, list) in [("new", &findings.new), ("fixed", &findings.fixed)] {
        list.iter().for_each(|(file, finding)| out += &line(title, file, finding, style));
    }
    out
}

fn line(title: &str, file: &File, finding: &Finding, style: &Style) -> String {
    let (path, line, column) = file.location(finding.span);
    let severity = style.severity(finding.severity, &format!("{}[{}]", finding.severity, finding.policy));
    format!("{title:<6} {path}:{line}:{column}: {severity} {}\n", one_line(&finding.message))
}

fn fit(name: &str, width: usize) -> String {
    if name.chars().count() <= width {
        return name.to_owned();
    }
    name.chars().take(width.saturating_sub(1)).chain(['…']).collect()
}
