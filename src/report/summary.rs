//! The last line of a report for people.

use super::{Run, Style};
use crate::finding::Severity;
use std::io;

/// Writes what was checked and what came of it, in one line.
pub(super) fn write(run: &Run, style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
    let counts: Vec<(Severity, usize)> = Severity::ALL
        .into_iter()
        .map(|severity| (severity, run.findings().filter(|(_, finding)| finding.severity == severity).count()))
        .filter(|(_, count)| *count > 0)
        .collect();
    let found = if counts.is_empty() {
        "no findings".to_owned()
    } else {
        let parts = counts.iter().map(|(severity, count)| style.severity(*severity, &format!("{count} {severity}")));
        parts.collect::<Vec<_>>().join(", ")
    };
    let templates = run.files.iter().filter(|file| file.dialect != super::RULES).count();
    let mut line = format!("{} checked: {found}", plural(templates, "template"));
    let aside = [
        (run.fixed, "fixed"),
        (run.suppressed, "suppressed"),
        (run.baselined, "in the baseline"),
        (run.hidden, "below the severity shown"),
    ];
    let aside: Vec<String> =
        aside.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")).collect();
    if !aside.is_empty() {
        line += &style.dim(&format!(" ({})", aside.join(", ")));
    }
    writeln!(out, "{line}")?;
    let fixes = |safe: bool| {
        run.findings().filter(|(_, finding)| finding.fix.as_ref().is_some_and(|fix| fix.safe == safe)).count()
    };
    let hint = match (fixes(true), fixes(false)) {
        (0, 0) => return Ok(()),
        (0, more) => format!("{more} can be fixed with --fix --unsafe-fixes"),
        (safe, 0) => format!("{safe} can be fixed with --fix"),
        (safe, more) => format!("{safe} can be fixed with --fix, {more} more with --unsafe-fixes"),
    };
    writeln!(out, "{}", style.dim(&hint))
}

/// `1 template`, `2 templates`.
pub(super) fn plural(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// `text` without line breaks and other control characters.
pub(super) fn one_line(text: &str) -> String {
    let breaks = |c: char| if c.is_control() { ' ' } else { c };
    text.chars().map(breaks).collect()
}
