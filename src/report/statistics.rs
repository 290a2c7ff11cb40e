//! How often each policy found something, and how far monitoring covers the templates.

use super::{Run, Style};
use crate::finding::Severity;
use std::collections::BTreeMap;
use std::io;

/// Writes one line a policy, the most frequent first, then the measure of monitoring.
pub fn statistics(run: &Run, style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
    let mut counts: BTreeMap<&str, (usize, usize, Severity)> = BTreeMap::new();
    for (_, finding) in run.findings() {
        let entry = counts.entry(&finding.policy).or_insert((0, 0, finding.severity));
        entry.0 += 1;
        entry.1 += usize::from(finding.fix.is_some());
        entry.2 = entry.2.max(finding.severity);
    }
    let mut rows: Vec<_> = counts.into_iter().collect();
    rows.sort_by_key(|(name, (count, ..))| (std::cmp::Reverse(*count), *name));
    for (name, (count, fixes, severity)) in rows {
        let tag = style.severity(severity, &format!("{:<8}", severity.name()));
        let fixable = if fixes > 0 { style.dim(&format!("  ({fixes} with a fix)")) } else { String::new() };
        writeln!(out, "{count:>6}  {tag}  {name}{fixable}")?;
    }
    super::monitoring::write(run, style, out)?;
    super::summary::write(run, style, out)
}
