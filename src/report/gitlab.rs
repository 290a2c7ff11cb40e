//! GitLab Code Quality.

use super::{Run, write_json};
use crate::finding::{Severity, located_fingerprint};
use serde_json::{Value, json};
use std::io;

pub(super) fn write(run: &Run, out: &mut dyn io::Write) -> io::Result<()> {
    let issues: Vec<Value> = run
        .findings()
        .map(|(file, finding)| {
            let source = file.sources.get(finding.span.file);
            let (start, end) = (source.position(finding.span.start), source.position(finding.span.end));
            let severity = match finding.severity {
                Severity::Critical => "blocker",
                Severity::High => "critical",
                Severity::Medium => "major",
                Severity::Low => "minor",
                Severity::Info => "info",
            };
            json!({
                // The widget hides the name, so the text carries it.
                "description": format!("{}: {}", finding.policy, finding.message),
                "check_name": finding.policy,
                "fingerprint": located_fingerprint(&run.repository_path(source.path()), &finding.fingerprint),
                "severity": severity,
                "categories": [if finding.category == crate::finding::Category::Security { "Security" } else { "Bug Risk" }],
                "location": {
                    "path": run.repository_path(source.path()),
                    "positions": {
                        "begin": { "line": start.line, "column": start.column },
                        "end": { "line": end.line, "column": end.column },
                    },
                },
            })
        })
        .collect();
    write_json(&Value::Array(issues), out)
}
