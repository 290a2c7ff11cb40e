//! Findings as pushed diagnostics.

use super::positions::{self, Encoding};
use crate::engine::Analysis;
use crate::finding::{Finding, Severity};
use crate::source::FileId;
use lsp_server::{Message, Notification};
use lsp_types::{
    Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, Location, NumberOrString, PublishDiagnosticsParams,
    Uri,
};

/// The diagnostics of a document; none when it is no template.
pub(super) fn diagnostics(uri: Uri, version: i32, analysis: Option<&Analysis>, encoding: Encoding) -> Message {
    let findings = analysis.map_or(&[][..], |analysis| &analysis.findings);
    let own = findings.iter().filter(|finding| finding.span.file == FileId(0));
    let diagnostics = own.filter_map(|finding| Some(diagnostic(finding, analysis?, &uri, encoding))).collect();
    message(PublishDiagnosticsParams { uri, diagnostics, version: Some(version) })
}

/// The empty answer for a closed document.
pub(super) fn cleared(uri: Uri) -> Message {
    message(PublishDiagnosticsParams { uri, diagnostics: Vec::new(), version: None })
}

fn message(parameters: PublishDiagnosticsParams) -> Message {
    Message::Notification(Notification::new("textDocument/publishDiagnostics".to_owned(), parameters))
}

fn diagnostic(finding: &Finding, analysis: &Analysis, uri: &Uri, encoding: Encoding) -> Diagnostic {
    let file = analysis.sources.get(finding.span.file);
    let related: Vec<_> = finding
        .related
        .iter()
        .filter(|related| related.span.file == FileId(0))
        .map(|related| DiagnosticRelatedInformation {
            location: Location { uri: uri.clone(), range: positions::range(file, related.span, encoding) },
            message: related.message.clone(),
        })
        .collect();
    let message = match &finding.help {
        Some(help) => format!("{}\n{help}", finding.message),
        None => finding.message.clone(),
    };
    Diagnostic {
        range: positions::range(file, finding.span, encoding),
        severity: Some(match finding.severity {
            Severity::Critical | Severity::High => DiagnosticSeverity::ERROR,
            Severity::Medium | Severity::Low => DiagnosticSeverity::WARNING,
            Severity::Info => DiagnosticSeverity::INFORMATION,
        }),
        code: Some(NumberOrString::String(finding.policy.clone())),
        source: Some("dewline".to_owned()),
        message,
        related_information: (!related.is_empty()).then_some(related),
        ..Diagnostic::default()
    }
}
