//! Findings as people and machines read them.
//!
//! A reporter sees findings, the texts they point into and the descriptions of the policies
//! that ran; never the graph. Byte spans become lines and columns here and nowhere else.

mod concise;
pub mod diff;
pub mod docs;
pub mod estimate;
mod format;
mod github;
mod gitlab;
mod human;
mod json;
mod junit;
mod markdown;
pub mod monitoring;
pub mod picture;
mod place;
mod rdjson;
mod sarif;
mod statistics;
mod style;
mod summary;

pub use format::Format;
pub use human::diagnostic;
pub use statistics::statistics;
pub use style::Style;

use crate::finding::{Finding, Severity};
use crate::policy::Meta;
use crate::source::{FileId, Sources, Span, normalize};
use std::io;

/// Everything a report is made of.
#[derive(Debug, Default)]
pub struct Run {
    /// The templates that were checked, by path.
    pub files: Vec<File>,
    /// The policies that ran.
    pub policies: Vec<Rule>,
    /// What could not be checked.
    pub failures: Vec<Failure>,
    /// How many findings suppressions answered for.
    pub suppressed: usize,
    /// How many findings the baseline holds.
    pub baselined: usize,
    /// How many findings are below the severity that is shown.
    pub hidden: usize,
    /// How many findings were mended by this run.
    pub fixed: usize,
    /// Whether how far monitoring covers the templates is measured.
    pub monitoring: bool,
    /// The working directory relative to the repository's root, without a trailing slash.
    pub folder: String,
}

/// The dialect of files that hold no template but rules in the Guard language.
pub const RULES: &str = "guard";

/// One template with its findings, or a file with rules that nobody can read.
#[derive(Debug)]
pub struct File {
    /// Path relative to the working directory.
    pub path: String,
    /// The dialect's stable name.
    pub dialect: &'static str,
    /// The texts that the findings point into.
    pub sources: Sources,
    /// What was found, by offset and policy.
    pub findings: Vec<Finding>,
    /// Its resources with what ought to be watched; empty unless [`Run::monitoring`] is set.
    pub monitored: Vec<monitoring::Monitored>,
}

/// A policy that ran.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// Its description.
    pub meta: &'static Meta,
    /// Its severity after configuration.
    pub severity: Severity,
}

/// Something that kept a file from being checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The path as given.
    pub path: String,
    /// What is wrong, one sentence without a full stop.
    pub message: String,
    /// The next step.
    pub help: String,
}

impl Run {
    /// All findings with the file they belong to.
    pub fn findings(&self) -> impl Iterator<Item = (&File, &Finding)> {
        self.files.iter().flat_map(|file| file.findings.iter().map(move |finding| (file, finding)))
    }

    /// The description of a policy that ran.
    pub fn rule(&self, name: &str) -> Option<&Rule> {
        self.policies.iter().find(|rule| rule.meta.name == name)
    }

    /// `path` relative to the repository's root, as code hosts want it; absolute when it lies
    /// outside.
    pub fn repository_path(&self, path: &str) -> String {
        match normalize(&self.folder, path) {
            Some(path) if !path.starts_with("../") => path,
            _ => path.to_owned(),
        }
    }
}

impl File {
    /// The path of a file of this analysis.
    pub fn path_of(&self, id: FileId) -> &str {
        self.sources.get(id).path()
    }

    /// Path, line and column of the start of `span`, for one-line formats.
    fn location(&self, span: Span) -> (&str, u32, u32) {
        let source = self.sources.get(span.file);
        let start = source.position(span.start);
        (source.path(), start.line, start.column)
    }
}

/// Writes `run` in `format`.
pub fn write(format: Format, run: &Run, style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
    match format {
        Format::Human => human::write(run, style, out),
        Format::Concise => concise::write(run, style, out),
        Format::Json => json::write(run, out),
        Format::Sarif => sarif::write(run, out),
        Format::Github => github::write(run, out),
        Format::Gitlab => gitlab::write(run, out),
        Format::Junit => junit::write(run, out),
        Format::Rdjson => rdjson::write(run, out),
        Format::Markdown => markdown::write(run, out),
    }
}

/// The address of a policy's page, where the package says where it is published.
pub fn page_url(name: &str) -> Option<String> {
    let repository = env!("CARGO_PKG_REPOSITORY");
    (!repository.is_empty()).then(|| format!("{repository}/blob/main/docs/policies/{name}.md"))
}

/// Writes JSON the way all JSON formats are written: indented, with a line break at the end.
fn write_json(value: &impl serde::Serialize, out: &mut dyn io::Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, value)?;
    writeln!(out)
}
