//! Reviewdog's JSON. Columns count bytes from 1, ends are exclusive.

use super::{Run, page_url, place, write_json};
use crate::finding::Severity;
use crate::source::{SourceFile, Span};
use serde_json::{Value, json};
use std::io;

pub(super) fn write(run: &Run, out: &mut dyn io::Write) -> io::Result<()> {
    let diagnostics: Vec<Value> = run
        .findings()
        .map(|(file, finding)| {
            let location = |span: Span| {
                let source = file.sources.get(span.file);
                json!({ "path": run.repository_path(source.path()), "range": range(source, span) })
            };
            let severity = match finding.severity {
                Severity::Critical | Severity::High => "ERROR",
                Severity::Medium | Severity::Low => "WARNING",
                Severity::Info => "INFO",
            };
            let mut diagnostic = json!({
                "message": finding.help.as_ref().map_or_else(
                    || finding.message.clone(),
                    |help| format!("{}\n{help}", finding.message),
                ),
                "location": location(finding.span),
                "severity": severity,
                "code": { "value": finding.policy },
            });
            if let Some(url) = page_url(&finding.policy) {
                diagnostic["code"]["url"] = url.into();
            }
            // A suggestion is one place of the file the diagnostic is in.
            if let Some([edit]) = finding.fix.as_ref().map(|fix| fix.edits.as_slice())
                && edit.span.file == finding.span.file
            {
                let range = range(file.sources.get(edit.span.file), edit.span);
                diagnostic["suggestions"] = json!([{ "range": range, "text": edit.text }]);
            }
            if !finding.related.is_empty() {
                let related = finding.related.iter();
                diagnostic["related_locations"] = related
                    .map(|related| json!({ "message": related.message, "location": location(related.span) }))
                    .collect();
            }
            diagnostic
        })
        .collect();
    write_json(&json!({ "source": { "name": "dewline" }, "diagnostics": diagnostics }), out)
}

fn range(source: &SourceFile, span: Span) -> Value {
    let point = |offset| {
        let (line, column) = place::bytes(source, offset);
        json!({ "line": line, "column": column })
    };
    json!({ "start": point(span.start), "end": point(span.end) })
}
