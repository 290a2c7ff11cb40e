//! A difference for a pull request.

use super::{Difference, counts, watched};
use crate::estimate::Change;
use crate::finding::Finding;
use crate::report::estimate::{code, money, signed};
use crate::report::summary::one_line;
use crate::report::{File, page_url};
use std::fmt::Write;

/// Marks the comment, so that a later run finds and replaces it.
const MARKER: &str = "<!-- dewline diff -->";
/// Findings of one kind that are listed.
const LISTED: usize = 50;

/// The difference as Markdown.
pub fn markdown(difference: &Difference<'_>) -> String {
    let cost = difference.cost;
    let mut out = format!("{MARKER}\n## dewline: {} to {}\n\n", code(difference.base), code(difference.head));
    let amount = |range: Option<crate::estimate::Range>| {
        range.map_or_else(|| "-".to_owned(), |range| money(range.expected, cost.currency).replace('<', "&lt;"))
    };
    let by = |change: &Change| signed(change.change.expected, cost.currency).replace('<', "&lt;");
    let row = |name: &str, change: &Change| {
        format!("| {name} | {} | {} | {} |\n", amount(change.before), amount(change.after), by(change))
    };
    if cost.is_empty() {
        out += &format!("The cost stays as it is: **{}** a month.\n", amount(cost.total.after));
    } else {
        let _ = writeln!(out, "**{}** a month, **{}** ({}).\n", amount(cost.total.after), by(&cost.total), cost.region);
        out += "| A month, expected | before | after | change |\n|---|--:|--:|--:|\n";
        cost.resources.iter().for_each(|one| out += &row(&code(&one.name), &one.monthly));
        out += &row("**In all**", &cost.total);
        if cost.baseline.is_change() {
            out += &row("of which without traffic", &cost.baseline);
        }
        let paths: Vec<_> = cost.paths.iter().filter(|one| one.per_million.is_change()).collect();
        if !paths.is_empty() {
            out += "\n| Per million requests | before | after | change |\n|---|--:|--:|--:|\n";
            paths.iter().for_each(|one| out += &row(&code(&one.name), &one.per_million));
        }
    }
    if let Some(text) = watched(difference) {
        let _ = writeln!(out, "\nWatched: {text}.");
    }
    let findings = &difference.findings;
    let _ = writeln!(out, "\n### Findings: {}", counts(findings));
    for (title, list) in [("New", &findings.new), ("Fixed", &findings.fixed)] {
        if list.is_empty() {
            continue;
        }
        let _ = writeln!(out, "\n| {title} | Severity | Place |\n|---|---|---|");
        list.iter().take(LISTED).for_each(|(file, finding)| out += &line(file, finding));
        if list.len() > LISTED {
            let _ = writeln!(out, "\nand {} more", list.len() - LISTED);
        }
    }
    out
}

fn line(file: &File, finding: &Finding) -> String {
    let (path, line, _) = file.location(finding.span);
    let name = match page_url(&finding.policy) {
        Some(url) => format!("[`{}`]({url})", finding.policy),
        None => format!("`{}`", finding.policy),
    };
    let message = one_line(&finding.message).replace('\\', "\\\\").replace('|', "\\|").replace('<', "&lt;");
    format!("| {name}: {message} | {} | {} line {line} |\n", finding.severity, code(path))
}
