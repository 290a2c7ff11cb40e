//! dewline's own JSON, version 1. Members may be added, none is ever taken away.

use super::place::{self, Characters};
use super::{File, Run, write_json};
use crate::finding::Finding;
use crate::source::Span;
use serde::Serialize;
use serde_json::Value;
use std::io;

#[derive(Serialize)]
struct Report<'r> {
    version: u32,
    tool: Tool,
    files: Vec<Checked<'r>>,
    findings: Vec<One<'r>>,
    suppressed: usize,
    baselined: usize,
    hidden: usize,
    fixed: usize,
    errors: Vec<Error<'r>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    monitoring: Option<Value>,
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct Checked<'r> {
    path: &'r str,
    dialect: &'static str,
}

#[derive(Serialize)]
struct Error<'r> {
    path: &'r str,
    message: &'r str,
    help: &'r str,
}

/// One finding.
#[derive(Serialize)]
pub(super) struct One<'r> {
    policy: &'r str,
    category: &'static str,
    severity: &'static str,
    message: &'r str,
    label: Option<&'r str>,
    help: Option<&'r str>,
    path: &'r str,
    span: Characters,
    resource: Option<&'r str>,
    related: Vec<Related<'r>>,
    fix: Option<Fix<'r>>,
    fingerprint: &'r str,
}

#[derive(Serialize)]
struct Related<'r> {
    message: &'r str,
    path: &'r str,
    span: Characters,
}

#[derive(Serialize)]
struct Fix<'r> {
    safe: bool,
    title: &'r str,
    edits: Vec<Edit<'r>>,
}

#[derive(Serialize)]
struct Edit<'r> {
    path: &'r str,
    start: u32,
    end: u32,
    text: &'r str,
}

pub(super) fn write(run: &Run, out: &mut dyn io::Write) -> io::Result<()> {
    let failures = run.failures.iter();
    let report = Report {
        version: 1,
        tool: Tool { name: "dewline", version: env!("CARGO_PKG_VERSION") },
        files: run.files.iter().map(|file| Checked { path: &file.path, dialect: file.dialect }).collect(),
        findings: run.findings().map(|(file, finding)| one(file, finding)).collect(),
        suppressed: run.suppressed,
        baselined: run.baselined,
        hidden: run.hidden,
        fixed: run.fixed,
        errors: failures.map(|one| Error { path: &one.path, message: &one.message, help: &one.help }).collect(),
        monitoring: run.monitoring.then(|| super::monitoring::json(run)),
    };
    write_json(&report, out)
}

/// One finding.
pub(super) fn one<'r>(file: &'r File, finding: &'r Finding) -> One<'r> {
    let located = |span: Span| (file.path_of(span.file), place::characters(file.sources.get(span.file), span));
    let (path, span) = located(finding.span);
    let related = finding.related.iter().map(|related| {
        let (path, span) = located(related.span);
        Related { message: &related.message, path, span }
    });
    let fix = finding.fix.as_ref().map(|fix| {
        let edits = fix.edits.iter().map(|edit| Edit {
            path: file.path_of(edit.span.file),
            start: edit.span.start,
            end: edit.span.end,
            text: &edit.text,
        });
        Fix { safe: fix.safe, title: &fix.title, edits: edits.collect() }
    });
    One {
        policy: &finding.policy,
        category: finding.category.name(),
        severity: finding.severity.name(),
        message: &finding.message,
        label: finding.label.as_deref(),
        help: finding.help.as_deref(),
        path,
        span,
        resource: finding.resource.as_deref(),
        related: related.collect(),
        fix,
        fingerprint: &finding.fingerprint,
    }
}
