//! `JUnit` XML: a suite a file, a case a finding; one passing case for a clean file.

use super::Run;
use std::io;

pub(super) fn write(run: &Run, out: &mut dyn io::Write) -> io::Result<()> {
    let failures = run.findings().count();
    let cases: usize = run.files.iter().map(|file| file.findings.len().max(1)).sum();
    let errors = run.failures.len();
    writeln!(out, r#"<?xml version="1.0" encoding="UTF-8"?>"#)?;
    writeln!(out, r#"<testsuites name="dewline" tests="{}" failures="{failures}" errors="{errors}">"#, cases + errors)?;
    for file in &run.files {
        let count = file.findings.len();
        let path = escape(&run.repository_path(&file.path));
        writeln!(out, r#"  <testsuite name="{path}" tests="{}" failures="{count}" errors="0">"#, count.max(1))?;
        if count == 0 {
            writeln!(out, r#"    <testcase name="no findings" classname="{path}"/>"#)?;
        }
        for finding in &file.findings {
            let (place, line, column) = file.location(finding.span);
            let name = escape(&format!("{} at {line}:{column}", finding.policy));
            let place = run.repository_path(place);
            let help = finding.help.as_deref().unwrap_or_default();
            let text = escape(&format!("{place}:{line}:{column}: {}\n{help}", finding.message));
            writeln!(
                out,
                r#"    <testcase name="{name}" classname="{path}" file="{}" line="{line}">"#,
                escape(&place)
            )?;
            let (message, severity) = (escape(&finding.message), finding.severity);
            writeln!(out, r#"      <failure message="{message}" type="{severity}">{}</failure>"#, text.trim_end())?;
            writeln!(out, "    </testcase>")?;
        }
        writeln!(out, "  </testsuite>")?;
    }
    for failure in &run.failures {
        let (path, message, help) = (escape(&failure.path), escape(&failure.message), escape(&failure.help));
        writeln!(out, r#"  <testsuite name="{path}" tests="1" failures="0" errors="1">"#)?;
        writeln!(out, r#"    <testcase name="read" classname="{path}">"#)?;
        writeln!(out, r#"      <error message="{message}">{help}</error>"#)?;
        writeln!(out, "    </testcase>\n  </testsuite>")?;
    }
    writeln!(out, "</testsuites>")
}

/// `text` as XML character data or attribute value; what XML cannot hold becomes U+FFFD.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' => escaped.push_str("&#10;"),
            '\t' => escaped.push_str("&#9;"),
            c if c.is_control() || matches!(c, '\u{FFFE}' | '\u{FFFF}') => escaped.push('\u{FFFD}'),
            c => escaped.push(c),
        }
    }
    escaped
}
