//! One finding for what a template does nowhere.

use super::settings::Settings;
use crate::finding::{Finding, Fix, Patch, Related, Severity, Taken};
use crate::graph::Graph;
use crate::policies::Practice;
use std::collections::BTreeMap;

/// Other places that a folded finding shows.
const SHOWN: usize = 9;

/// Folds the findings of a policy into the first of them where the template follows the
/// practice nowhere, and makes it a hint where that is all it is. `findings` are sorted; those
/// that suppressions answered for are gone, so that the others are still reported.
pub(super) fn apply(findings: &mut Vec<Finding>, graph: &Graph, settings: &Settings) {
    let mut first: BTreeMap<String, usize> = BTreeMap::new();
    let mut kept: Vec<Finding> = Vec::with_capacity(findings.len());
    let mut more: BTreeMap<usize, Vec<Finding>> = BTreeMap::new();
    for finding in findings.drain(..) {
        let Some(practice) =
            Practice::of(settings.selection.base(&finding.policy)).filter(|practice| !practice.is_seen(graph))
        else {
            kept.push(finding);
            continue;
        };
        if let Some(index) = first.get(&finding.policy) {
            if let Some(kept) = kept.get_mut(*index).filter(|_| !practice.hint) {
                kept.severity = kept.severity.max(finding.severity);
            }
            more.entry(*index).or_default().push(finding);
            continue;
        }
        first.insert(finding.policy.clone(), kept.len());
        let mut finding = finding;
        if practice.hint && !settings.selection.sets_severity(&finding.policy) {
            finding.severity = finding.severity.min(Severity::Low);
        }
        kept.push(finding);
    }
    for (index, others) in more {
        let Some(finding) = kept.get_mut(index) else { continue };
        let mut names: Vec<&str> = Vec::new();
        for name in others.iter().filter_map(subject) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        let listed = names.iter().take(3).copied().collect::<Vec<_>>().join(", ");
        let rest = if names.len() > 3 { ", …" } else { "" };
        finding.message = format!("{}; the same for {} more: {listed}{rest}", finding.message, others.len());
        finding.fix = together(finding.fix.take(), &others);
        for other in others.into_iter().take(SHOWN).filter(|other| other.span != finding.span) {
            let message = subject(&other).map_or("the same here".to_owned(), |name| format!("the same for {name}"));
            finding.related.push(Related { span: other.span, message });
        }
    }
    *findings = kept;
}

/// What a finding is about: the part that its label names, or its resource.
fn subject(finding: &Finding) -> Option<&str> {
    finding.label.as_deref().or(finding.resource.as_deref())
}

/// A fix that mends all of them, as far as one can at once.
fn together(fix: Option<Fix>, others: &[Finding]) -> Option<Fix> {
    let fix = fix?;
    let mut patch = Patch::default();
    patch.add(&fix);
    let (mut safe, mut more) = (fix.safe, 0);
    for other in others.iter().filter_map(|other| other.fix.as_ref()) {
        if patch.add(other) == Taken::Added {
            safe &= other.safe;
            more += 1;
        }
    }
    let title = match more {
        0 => fix.title,
        more => format!("{}, and the same for {more} more", fix.title),
    };
    Some(Fix { safe, title, edits: patch.into_edits() })
}
