//! What the server asks of the program around it: configuration and files.

use super::options::Options;
use crate::engine::{Analysis, Settings};
use crate::finding::Severity;
use crate::policy::Meta;
use crate::source::{Files, SourceFile, Span};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Finds projects and their files. The command line implements it, because it knows how
/// configuration is looked up; everything is asked by absolute path with `/`.
pub trait Host: Send + Sync {
    /// What the file at `path` is checked with. Never fails: a broken configuration is told in
    /// [`Project::problems`], and what it says does not count until it is mended.
    fn project(&self, path: &str) -> Project;

    /// Takes the client's wishes and the workspace's folders; forgets everything read before.
    fn configure(&self, options: &Options, folders: &[String]);

    /// Forgets configuration files, rules and baselines: one of them has changed.
    fn reload(&self);

    /// The organisation rules that the configuration `file` names, as far as they can be read.
    fn rules(&self, file: &Arc<SourceFile>) -> Vec<&'static Meta> {
        let _ = file;
        Vec::new()
    }

    /// What resources cost and how they start, for inlay hints; nothing where that is not
    /// estimated.
    fn estimates(&self, analysis: &Analysis) -> Vec<ResourceEstimate> {
        let _ = analysis;
        Vec::new()
    }

    /// Files below `folder` that may be templates, by path.
    fn candidates(&self, folder: &str) -> Vec<String>;

    /// The files that lie directly in `folder`, by path.
    fn siblings(&self, folder: &str) -> Vec<String>;
}

/// What is shown behind the name of a resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResourceEstimate {
    /// Its logical id.
    pub resource: String,
    /// What it costs, in a few characters, `$12/month`.
    pub cost: Option<String>,
    /// How it starts, in a few characters, `cold 0.4 %, p99 310 ms`.
    pub cold_start: Option<String>,
    /// How the figures came about, Markdown.
    pub explanation: String,
    /// For a place where traffic enters: what it costs with everything that it causes.
    pub path: Option<PathEstimate>,
}

/// What is shown above a place where traffic enters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathEstimate {
    /// Where it is declared.
    pub span: Span,
    /// What it costs, with the range, in one line.
    pub title: String,
    /// Resources that its events reach, by logical id.
    pub reaches: Vec<String>,
}

/// What one file is checked with.
#[derive(Clone)]
pub struct Project {
    /// Where its files are read.
    pub files: Arc<dyn Files + Send + Sync>,
    /// What the engine is asked to do.
    pub settings: Arc<Settings>,
    /// The severity from which on findings are shown.
    pub min_severity: Severity,
    /// Fingerprints of known findings, which are not shown.
    pub baseline: Option<Arc<BTreeSet<String>>>,
    /// Whether configuration excludes the file.
    pub excluded: bool,
    /// The configuration file, if there is one.
    pub configuration: Option<String>,
    /// What is wrong with the configuration.
    pub problems: Arc<Vec<ConfigurationProblem>>,
}

/// Something wrong with a configuration file.
#[derive(Clone, Debug)]
pub struct ConfigurationProblem {
    /// The file; `None` when the wishes of the client are at fault.
    pub path: Option<String>,
    /// Where in it.
    pub span: Option<Span>,
    /// What is wrong.
    pub message: String,
    /// The next step.
    pub help: Option<String>,
}
