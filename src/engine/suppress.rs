//! Suppressions: which findings the author has answered for.

use super::settings::Settings;
use crate::document::Document;
use crate::finding::{Category, Finding};
use crate::graph::Graph;
use crate::source::{Span, suppression};
use crate::template::value::{Map, Value};

/// One suppression, from a comment or from metadata.
struct Entry {
    name: String,
    name_span: Span,
    covers: Covers,
    used: bool,
}

enum Covers {
    Bytes(Span),
    /// The resource of this logical id, wherever its findings are shown.
    Resource(String, Span),
    File,
}

/// Whether organisation rules have run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// They are still to run: a suppression of theirs is not unused yet.
    BeforeGuard,
    /// All findings are there.
    Complete,
}

/// Takes suppressed findings out and adds what is to be said about the suppressions
/// themselves. Answers how many findings were taken out.
pub(super) fn apply(
    findings: &mut Vec<Finding>,
    documents: &[&Document],
    graph: &Graph,
    settings: &Settings,
    stage: Stage,
) -> usize {
    let mut entries = Vec::new();
    let mut said = Vec::new();
    for document in documents {
        from_comments(document, settings, &mut entries, &mut said);
    }
    from_metadata(graph, settings, &mut entries, &mut said);
    if entries.is_empty() && said.is_empty() {
        return 0;
    }
    let before = findings.len();
    findings.retain(|finding| {
        let answered = entries.iter_mut().filter(|entry| entry.answers(finding));
        answered.fold(true, |_, entry| {
            entry.used = true;
            false
        })
    });
    let suppressed = before - findings.len();
    // A transform copies metadata to what it generates: one use of any copy is a use.
    let used: Vec<Span> = entries.iter().filter(|entry| entry.used).map(|entry| entry.name_span).collect();
    entries.retain(|entry| !used.contains(&entry.name_span));
    entries.dedup_by_key(|entry| entry.name_span);
    for entry in entries.iter().filter(|entry| entry.could_be_used(settings, stage)) {
        let known = settings.selection.knows(&entry.name);
        let message = if known {
            format!("this suppression of `{}` suppresses nothing", entry.name)
        } else {
            format!("there is no policy named `{}`, so this suppression has no effect", entry.name)
        };
        let near = super::selection::names_matching(&entry.name);
        let help = match near.first() {
            Some(name) if !known => format!("did you mean `{name}`?"),
            _ => "remove it, or move it to the line of the finding or above the resource".to_owned(),
        };
        said.push(("unused-suppression", entry.name_span, message, help));
    }
    for (policy, span, message, help) in said {
        findings.extend(own_finding(policy, span, message, help, settings));
    }
    suppressed
}

fn from_comments(
    document: &Document,
    settings: &Settings,
    entries: &mut Vec<Entry>,
    said: &mut Vec<(&'static str, Span, String, String)>,
) {
    let found = document.suppressions();
    for malformed in found.malformed {
        said.push(("malformed-suppression", malformed.span, malformed.message, suppression::USAGE.to_owned()));
    }
    for covered in found.covered {
        let suppression = covered.suppression;
        if settings.require_reason && suppression.reason.is_none() {
            said.push(missing_reason(suppression.span));
        }
        for name in suppression.names {
            let covers = match suppression.scope {
                suppression::Scope::File => Covers::File,
                suppression::Scope::Node => Covers::Bytes(covered.covers),
            };
            entries.push(Entry { name: name.name, name_span: name.span, covers, used: false });
        }
    }
}

/// `Metadata: {dewline: {ignore: [{policy, reason}]}}` of the template and of its resources.
fn from_metadata(
    graph: &Graph,
    settings: &Settings,
    entries: &mut Vec<Entry>,
    said: &mut Vec<(&'static str, Span, String, String)>,
) {
    let template = graph.template();
    let mut read = |metadata: Option<&Value>, resource: Option<(&str, Span)>| {
        let Some(list) = metadata.and_then(|metadata| metadata.at(&["dewline", "ignore"])) else { return };
        let Some(items) = list.as_list() else {
            let message = format!("`ignore` must be a list, but it is {}", list.type_name());
            said.push((
                "malformed-suppression",
                list.span(),
                message,
                "write it as a list of `{policy, reason}`".to_owned(),
            ));
            return;
        };
        for item in items {
            let policy = item.get("policy").unwrap_or(item);
            let Some(name) = policy.as_str() else {
                let message = "an entry must name its `policy`".to_owned();
                said.push((
                    "malformed-suppression",
                    item.span(),
                    message,
                    "write it as `{policy: name, reason: why}`".to_owned(),
                ));
                continue;
            };
            if settings.require_reason && item.get("reason").and_then(Value::as_str).is_none() {
                said.push(missing_reason(item.span()));
            }
            let covers = match resource {
                Some((id, span)) => Covers::Resource(id.to_owned(), span),
                None => Covers::File,
            };
            entries.push(Entry { name: name.to_owned(), name_span: policy.span(), covers, used: false });
        }
    };
    read(template.root.get("Metadata"), None);
    for entry in template.section("Resources").into_iter().flat_map(Map::iter) {
        read(entry.value.get("Metadata"), Some((&entry.key, entry.value.span())));
    }
}

fn missing_reason(span: Span) -> (&'static str, Span, String, String) {
    (
        "malformed-suppression",
        span,
        "this suppression gives no reason, and the configuration asks for one".to_owned(),
        "say behind the brackets why the finding does not apply".to_owned(),
    )
}

impl Entry {
    fn answers(&self, finding: &Finding) -> bool {
        let named = self.name == "all" || self.name == finding.policy || self.name == finding.category.name();
        named
            && match &self.covers {
                Covers::File => finding.span.file == self.name_span.file,
                Covers::Bytes(span) => span.encloses(finding.span),
                Covers::Resource(id, span) => finding.resource.as_deref() == Some(id) || span.encloses(finding.span),
            }
    }

    /// Whether a run of these settings could have used it: a policy that did not run proves nothing.
    fn could_be_used(&self, settings: &Settings, stage: Stage) -> bool {
        if self.name == "all" || self.name.parse::<Category>().is_ok() {
            return false;
        }
        if settings.selection.runs_rule(&self.name) {
            return stage == Stage::Complete;
        }
        !settings.selection.knows(&self.name) || settings.selection.contains(&self.name)
    }
}

/// A finding of the engine's own, when its policy runs.
fn own_finding(policy: &str, span: Span, message: String, help: String, settings: &Settings) -> Option<Finding> {
    let selected = settings.selection.policies().iter().find(|selected| selected.meta.name == policy)?;
    let meta = selected.meta;
    Some(Finding {
        policy: meta.name.to_owned(),
        category: meta.category,
        severity: selected.severity.unwrap_or(meta.severity),
        message,
        span,
        label: None,
        help: Some(help),
        resource: None,
        related: Vec::new(),
        fix: None,
        fingerprint: String::new(),
    })
}
