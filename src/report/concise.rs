//! One line a finding: `path:line:column: severity[policy] message`.

use super::summary;
use super::{Run, Style, page_url};
use std::io;

pub(super) fn write(run: &Run, style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
    for (file, finding) in run.findings() {
        let (path, line, column) = file.location(finding.span);
        let name = style.link(page_url(&finding.policy).as_deref(), &finding.policy);
        let tag = style.severity(finding.severity, &format!("{}[{name}]", finding.severity));
        let place = style.bold(&format!("{path}:{line}:{column}"));
        writeln!(out, "{place}: {tag} {}", super::summary::one_line(&finding.message))?;
    }
    if run.files.is_empty() || run.findings().next().is_some() { Ok(()) } else { summary::write(run, style, out) }
}
