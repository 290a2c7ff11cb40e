//! A comment for a pull request.

use super::{Run, Style, page_url, summary};
use std::io;

/// Marks the comment, so that a later run finds and replaces it.
const MARKER: &str = "<!-- dewline -->";

pub(super) fn write(run: &Run, out: &mut dyn io::Write) -> io::Result<()> {
    writeln!(out, "{MARKER}\n## dewline\n")?;
    for file in run.files.iter().filter(|file| !file.findings.is_empty()) {
        writeln!(out, "### `{}`\n", run.repository_path(&file.path))?;
        writeln!(out, "| Severity | Place | Finding |\n|---|---|---|")?;
        for finding in &file.findings {
            let (path, line, _) = file.location(finding.span);
            let place = if path == file.path { format!("line {line}") } else { format!("`{path}` line {line}") };
            let name = match page_url(&finding.policy) {
                Some(url) => format!("[`{}`]({url})", finding.policy),
                None => format!("`{}`", finding.policy),
            };
            let help = finding.help.as_deref().map(|help| format!("<br>*{}*", cell(help))).unwrap_or_default();
            writeln!(out, "| {} | {place} | {name}: {}{help} |", finding.severity, cell(&finding.message))?;
        }
        writeln!(out)?;
    }
    for failure in &run.failures {
        writeln!(out, "- `{}` could not be checked: {}; {}", failure.path, failure.message, failure.help)?;
    }
    let mut line = Vec::new();
    summary::write(run, &Style::PLAIN, &mut line)?;
    out.write_all(&line)
}

/// `text` as one cell of a table.
fn cell(text: &str) -> String {
    summary::one_line(text).replace('\\', "\\\\").replace('|', "\\|").replace('<', "&lt;")
}
