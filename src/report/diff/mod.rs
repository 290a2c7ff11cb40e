//! Two states of an application side by side: cost and findings.

mod human;
mod markdown;

pub use human::human;
pub use markdown::markdown;

use super::monitoring::Tally;
use super::{File, json};
use crate::estimate::Comparison;
use crate::finding::Finding;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Version of the JSON form; further members may be added within a version.
pub const VERSION: u32 = 1;

/// Everything a report of a difference is made of.
#[derive(Debug)]
pub struct Difference<'a> {
    /// What the earlier state is called.
    pub base: &'a str,
    /// What the later state is called.
    pub head: &'a str,
    /// What it does to the cost.
    pub cost: &'a Comparison,
    /// What it does to findings.
    pub findings: Findings<'a>,
    /// How far monitoring covers the earlier and the later state.
    pub watched: [Watched; 2],
}

/// How far monitoring covers one state.
#[derive(Clone, Copy, Debug)]
pub struct Watched(Tally);

impl Watched {
    /// What is watched in a file.
    pub fn of(file: &File) -> Self {
        Self(Tally::of(file.monitored.iter().flat_map(|one| &one.signals)))
    }

    /// `3 of 10 signals (30 %)`
    fn text(self) -> String {
        format!("{} of {} signals ({})", self.0.watched, self.0.known(), self.0.percent())
    }
}

/// Findings by what became of them, each with the file it points into.
#[derive(Debug, Default)]
pub struct Findings<'a> {
    /// In the later state alone.
    pub new: Vec<(&'a File, &'a Finding)>,
    /// In the earlier state alone.
    pub fixed: Vec<(&'a File, &'a Finding)>,
    /// In both; as the later state has them.
    pub kept: Vec<(&'a File, &'a Finding)>,
}

impl<'a> Findings<'a> {
    /// Sorts the findings of two states. The same fingerprint is the same finding; so is the
    /// same message about the same resource, where only the text at its place changed, and the
    /// only one of a policy about a resource, where its numbers changed.
    pub fn new(base: &'a File, head: &'a File) -> Self {
        let mut open: Vec<Option<&Finding>> = base.findings.iter().map(Some).collect();
        let mut by_print: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (index, finding) in base.findings.iter().enumerate().rev() {
            by_print.entry(&finding.fingerprint).or_default().push(index);
        }
        let mut found = Self::default();
        let mut rest = Vec::new();
        for finding in &head.findings {
            match by_print.get_mut(&*finding.fingerprint).and_then(Vec::pop) {
                Some(index) => {
                    open[index] = None;
                    found.kept.push((head, finding));
                }
                None => rest.push(finding),
            }
        }
        for finding in rest {
            let is_same = |other: &&Finding| {
                other.policy == finding.policy && other.resource == finding.resource && other.message == finding.message
            };
            match open.iter_mut().find(|other| other.as_ref().is_some_and(is_same)) {
                Some(known) => {
                    *known = None;
                    found.kept.push((head, finding));
                }
                None => found.new.push((head, finding)),
            }
        }
        // What is left alone on both sides is the same finding with other numbers.
        let key = |finding: &Finding| (finding.policy.clone(), finding.resource.clone());
        let alone = |list: &[(&File, &Finding)], finding: &Finding| {
            finding.resource.is_some() && list.iter().filter(|(_, other)| key(other) == key(finding)).count() == 1
        };
        let mut new = Vec::new();
        for (file, finding) in &found.new {
            let mut same = open.iter_mut().filter(|other| other.is_some_and(|other| key(other) == key(finding)));
            match (same.next(), same.next()) {
                (Some(known), None) if alone(&found.new, finding) => {
                    *known = None;
                    found.kept.push((file, finding));
                }
                _ => new.push((*file, *finding)),
            }
        }
        found.new = new;
        found.fixed = open.into_iter().flatten().map(|finding| (base, finding)).collect();
        found.kept.sort_by_key(|(file, finding)| (file.path_of(finding.span.file), finding.span.start));
        found
    }
}

/// The difference as JSON, by `schemas/diff.schema.json`.
pub fn json(difference: &Difference<'_>) -> String {
    let list = |found: &[(&File, &Finding)]| {
        Value::Array(found.iter().map(|(file, finding)| json!(json::one(file, finding))).collect())
    };
    let findings = &difference.findings;
    let value = json!({
        "version": VERSION,
        "tool": { "name": "dewline", "version": env!("CARGO_PKG_VERSION") },
        "base": difference.base,
        "head": difference.head,
        "cost": difference.cost,
        "monitoring": { "before": difference.watched[0].0.json(), "after": difference.watched[1].0.json() },
        "findings": { "new": list(&findings.new), "fixed": list(&findings.fixed), "kept": list(&findings.kept) },
    });
    serde_json::to_string_pretty(&value).unwrap_or_default() + "\n"
}

/// What of the signals that matter is watched, before and after; nothing where there are none.
fn watched(difference: &Difference<'_>) -> Option<String> {
    let [before, after] = difference.watched;
    (before.0.known() + after.0.known() > 0).then(|| format!("{}, before {}", after.text(), before.text()))
}

/// `2 new, 1 fixed, 4 kept`
fn counts(findings: &Findings<'_>) -> String {
    format!("{} new, {} fixed, {} kept", findings.new.len(), findings.fixed.len(), findings.kept.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Category, Severity};
    use crate::source::{SourceFile, Sources, Span};
    use std::sync::Arc;

    fn file(findings: &[(&str, &str, u32)]) -> File {
        let mut sources = Sources::default();
        let id = sources.add(Arc::new(SourceFile::new("template.yaml", "Resources:\n")));
        let findings = findings.iter().map(|(fingerprint, message, start)| Finding {
            policy: "p".into(),
            category: Category::Cost,
            severity: Severity::Low,
            message: (*message).to_owned(),
            span: Span::new(id, *start, *start + 1),
            label: None,
            help: None,
            resource: Some("R".into()),
            related: Vec::new(),
            fix: None,
            fingerprint: (*fingerprint).to_owned(),
        });
        File {
            path: "template.yaml".into(),
            dialect: "sam",
            findings: findings.collect(),
            sources,
            monitored: Vec::new(),
        }
    }

    fn messages(found: &[(&File, &Finding)]) -> Vec<String> {
        found.iter().map(|(_, finding)| finding.message.clone()).collect()
    }

    #[test]
    fn findings_are_new_fixed_or_kept() {
        let base =
            file(&[("1", "moved", 0), ("2", "edited", 2), ("3", "gone", 4), ("4", "twice", 5), ("4", "twice", 6)]);
        let head = file(&[("9", "added", 0), ("8", "edited", 1), ("1", "moved", 3), ("4", "twice", 5)]);
        let found = Findings::new(&base, &head);
        assert_eq!(messages(&found.new), ["added"]);
        assert_eq!(messages(&found.fixed), ["gone", "twice"]);
        assert_eq!(messages(&found.kept), ["edited", "moved", "twice"]);
        let back = Findings::new(&head, &base);
        assert_eq!((messages(&back.new), messages(&back.fixed)), (messages(&found.fixed), messages(&found.new)));
        assert_eq!(back.kept.len(), found.kept.len());
        let (five, six) = (file(&[("5", "keeps 5", 0)]), file(&[("6", "keeps 6", 0)]));
        assert_eq!(messages(&Findings::new(&five, &six).kept), ["keeps 6"], "other numbers, the same finding");
    }
}
