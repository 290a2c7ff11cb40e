//! Findings as diagnostics.

use super::documents::{Checked, Text};
use super::positions;
use super::snapshot::Snapshot;
use super::uri;
use crate::config;
use crate::engine::Analysis;
use crate::finding::{Finding, Severity};
use crate::policies;
use crate::report::page_url;
use crate::source::SourceFile;
use lsp_types::{
    CodeDescription, Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, DiagnosticTag, NumberOrString,
};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Policies whose findings mark what has no effect.
const UNNECESSARY: [&str; 7] = [
    "ignored-attribute",
    "needless-sub",
    "redundant-depends-on",
    "unused-condition",
    "unused-mapping",
    "unused-parameter",
    "unused-suppression",
];
/// Policies whose findings mark what is on its way out.
const DEPRECATED: [&str; 3] = ["deprecated-runtime", "retired-runtime", "retired-resource-type"];

/// The diagnostics of a text and of the files it includes, by path; every file of the
/// template is there, the text's own first.
pub(super) fn by_file(text: &Text, checked: Option<&Checked>, snapshot: &Snapshot) -> Vec<(String, Vec<Diagnostic>)> {
    let Some(checked) = checked else {
        let own = if is_configuration(&text.path) { configuration(&text.file, snapshot) } else { Vec::new() };
        return vec![(text.path.clone(), own)];
    };
    let analysis = checked.analysis();
    let mut files: Vec<(String, Vec<Diagnostic>)> =
        analysis.sources.iter().map(|(_, file)| (file.path().to_owned(), Vec::new())).collect();
    for finding in checked.shown() {
        if let Some((_, found)) = files.get_mut(finding.span.file.0 as usize) {
            found.push(diagnostic(finding, analysis, snapshot));
        }
    }
    files
}

/// Whether a path is that of a configuration file.
pub(super) fn is_configuration(path: &str) -> bool {
    config::FILE_NAMES.contains(&uri::name_of(path))
}

/// One finding.
pub(super) fn diagnostic(finding: &Finding, analysis: &Analysis, snapshot: &Snapshot) -> Diagnostic {
    let support = snapshot.client.capabilities.text_document.as_ref().and_then(|t| t.publish_diagnostics.as_ref());
    let related = finding.related.iter().filter_map(|related| {
        let location = snapshot.location(analysis, related.span)?;
        Some(DiagnosticRelatedInformation { location, message: related.message.clone() })
    });
    let related: Vec<_> =
        if support.is_some_and(|s| s.related_information == Some(true)) { related.collect() } else { Vec::new() };
    let message = match &finding.help {
        Some(help) => format!("{}\n{help}", finding.message),
        None => finding.message.clone(),
    };
    let tags = match &*finding.policy {
        name if UNNECESSARY.contains(&name) => vec![DiagnosticTag::UNNECESSARY],
        name if DEPRECATED.contains(&name) => vec![DiagnosticTag::DEPRECATED],
        _ => Vec::new(),
    };
    let page = page_url(&finding.policy).and_then(|url| url.parse().ok());
    Diagnostic {
        range: snapshot.range(analysis.sources.get(finding.span.file), finding.span),
        severity: Some(match finding.severity {
            Severity::Critical | Severity::High => DiagnosticSeverity::ERROR,
            Severity::Medium | Severity::Low => DiagnosticSeverity::WARNING,
            Severity::Info => DiagnosticSeverity::INFORMATION,
        }),
        code: Some(NumberOrString::String(finding.policy.clone())),
        code_description: page.map(|href| CodeDescription { href }),
        source: Some("dewline".to_owned()),
        message,
        related_information: (!related.is_empty()).then_some(related),
        tags: (!tags.is_empty()).then_some(tags),
        data: Some(serde_json::json!({
            "policy": finding.policy,
            "fingerprint": finding.fingerprint,
            "fix": finding.fix.as_ref().map(|fix| serde_json::json!({ "title": fix.title, "safe": fix.safe })),
        })),
    }
}

/// What is wrong in a configuration file.
fn configuration(file: &Arc<SourceFile>, snapshot: &Snapshot) -> Vec<Diagnostic> {
    let mut names: Vec<_> = policies::ALL.iter().map(|policy| &policy.meta).collect();
    names.extend(snapshot.host.rules(file));
    let Err(problems) = config::read(file, &names) else { return Vec::new() };
    let encoding = snapshot.client.encoding;
    let diagnostic = |problem: crate::document::settings::SettingsProblem| Diagnostic {
        range: positions::range(file, problem.span, encoding),
        severity: Some(DiagnosticSeverity::ERROR),
        source: Some("dewline".to_owned()),
        message: match problem.help {
            Some(help) => format!("{}\n{help}", problem.message),
            None => problem.message,
        },
        ..Diagnostic::default()
    };
    problems.into_iter().map(diagnostic).collect()
}

/// What the client was sent last, so that a file that several templates include shows the
/// findings of all of them.
#[derive(Default)]
pub(super) struct Published {
    /// By file, then by the template it was found through.
    files: BTreeMap<String, BTreeMap<String, Vec<Diagnostic>>>,
}

impl Published {
    /// Takes the newest diagnostics of a template; answers the files that change.
    pub fn update(&mut self, template: &str, diagnostics: Vec<(String, Vec<Diagnostic>)>) -> Vec<String> {
        let mut changed = Vec::new();
        for (file, found) in &mut self.files {
            if !diagnostics.iter().any(|(path, _)| path == file) && found.remove(template).is_some() {
                changed.push(file.clone());
            }
        }
        for (file, list) in diagnostics {
            let known = self.files.entry(file.clone()).or_default();
            // An included file without findings needs no message unless it had some.
            if file == template || !list.is_empty() || known.get(template).is_some_and(|old| !old.is_empty()) {
                changed.push(file);
            }
            known.insert(template.to_owned(), list);
        }
        self.files.retain(|_, found| !found.is_empty());
        changed
    }

    /// The diagnostics of a file, each once.
    pub fn of(&self, file: &str) -> Vec<Diagnostic> {
        let mut all: Vec<Diagnostic> = Vec::new();
        for diagnostic in self.files.get(file).into_iter().flat_map(BTreeMap::values).flatten() {
            if !all.contains(diagnostic) {
                all.push(diagnostic.clone());
            }
        }
        all
    }
}
