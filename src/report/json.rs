//! dewline's own JSON, version 1. Members may be added, none is ever taken away.

use super::{File, Run, place, write_json};
use crate::finding::Finding;
use crate::source::Span;
use serde_json::{Value, json};
use std::io;

pub(super) fn write(run: &Run, out: &mut dyn io::Write) -> io::Result<()> {
    let files: Vec<Value> =
        run.files.iter().map(|file| json!({ "path": file.path, "dialect": file.dialect })).collect();
    let findings: Vec<Value> = run.findings().map(|(file, finding)| one(file, finding)).collect();
    let errors: Vec<Value> = run
        .failures
        .iter()
        .map(|failure| json!({ "path": failure.path, "message": failure.message, "help": failure.help }))
        .collect();
    let mut report = json!({
        "version": 1,
        "tool": { "name": "dewline", "version": env!("CARGO_PKG_VERSION") },
        "files": files,
        "findings": findings,
        "suppressed": run.suppressed,
        "baselined": run.baselined,
        "hidden": run.hidden,
        "fixed": run.fixed,
        "errors": errors,
    });
    if run.monitoring {
        report["monitoring"] = super::monitoring::json(run);
    }
    write_json(&report, out)
}

/// One finding.
pub(super) fn one(file: &File, finding: &Finding) -> Value {
    let located = |span: Span| (file.path_of(span.file), place::characters(file.sources.get(span.file), span));
    let (path, span) = located(finding.span);
    let related: Vec<Value> = finding
        .related
        .iter()
        .map(|related| {
            let (path, span) = located(related.span);
            json!({ "message": related.message, "path": path, "span": span })
        })
        .collect();
    let fix = finding.fix.as_ref().map(|fix| {
        let edits: Vec<Value> = fix
            .edits
            .iter()
            .map(|edit| {
                let path = file.path_of(edit.span.file);
                json!({ "path": path, "start": edit.span.start, "end": edit.span.end, "text": edit.text })
            })
            .collect();
        json!({ "safe": fix.safe, "title": fix.title, "edits": edits })
    });
    json!({
        "policy": finding.policy,
        "category": finding.category.name(),
        "severity": finding.severity.name(),
        "message": finding.message,
        "label": finding.label,
        "help": finding.help,
        "path": path,
        "span": span,
        "resource": finding.resource,
        "related": related,
        "fix": fix,
        "fingerprint": finding.fingerprint,
    })
}
