//! Workflow commands of GitHub Actions: annotations without an upload.

use super::Run;
use crate::finding::Severity;
use std::io;

pub(super) fn write(run: &Run, out: &mut dyn io::Write) -> io::Result<()> {
    for (file, finding) in run.findings() {
        let command = match finding.severity {
            Severity::Critical | Severity::High => "error",
            Severity::Medium | Severity::Low => "warning",
            Severity::Info => "notice",
        };
        let source = file.sources.get(finding.span.file);
        let (start, end) = (source.position(finding.span.start), source.position(finding.span.end));
        let path = property(&run.repository_path(source.path()));
        // Columns of a range over several lines confuse the viewer.
        let columns = if start.line == end.line {
            format!(",col={},endColumn={}", start.column, end.column.max(start.column + 1))
        } else {
            String::new()
        };
        let title = property(&format!("{}[{}]", finding.severity, finding.policy));
        let mut text = finding.message.clone();
        if let Some(help) = &finding.help {
            text = format!("{text}\n{help}");
        }
        for related in &finding.related {
            let (path, line, _) = file.location(related.span);
            text = format!("{text}\n{} ({}:{line})", related.message, run.repository_path(path));
        }
        let (line, end_line) = (start.line, end.line);
        writeln!(
            out,
            "::{command} file={path},line={line},endLine={end_line}{columns},title={title}::{}",
            data(&text)
        )?;
    }
    Ok(())
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
