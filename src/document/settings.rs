//! Settings files in YAML: the configuration, usage files, parameter files. They are read
//! strictly, and everything that is wrong in one is told at once.

use super::{Document, Kind, NodeRef, Scalar, Schema, Style, resolve};
use crate::source::{FileId, SourceFile, Span};
use std::sync::Arc;

/// Something wrong in a settings file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingsProblem {
    /// Where.
    pub span: Span,
    /// What is wrong, one sentence without a full stop.
    pub message: String,
    /// The next step.
    pub help: Option<String>,
}

/// The problems of one file, as they are found.
#[derive(Debug, Default)]
pub struct SettingsProblems(Vec<SettingsProblem>);

impl SettingsProblems {
    /// Adds one.
    pub fn add(&mut self, span: Span, message: impl Into<String>, help: impl Into<String>) {
        self.0.push(SettingsProblem { span, message: message.into(), help: Some(help.into()) });
    }

    /// Adds one of a value that is not of the kind that is expected.
    pub fn add_wrong(&mut self, value: NodeRef<'_>, name: &str, expected: &str, help: impl Into<String>) {
        self.add(value.span(), format!("{name} must be {expected}, not {}", noun(value)), help);
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// `value`, where nothing is wrong.
    ///
    /// # Errors
    /// All problems, by place.
    pub fn or<T>(mut self, value: T) -> Result<T, Vec<SettingsProblem>> {
        self.0.sort_by_key(|problem| problem.span.start);
        if self.0.is_empty() { Ok(value) } else { Err(self.0) }
    }
}

/// Parses a settings file: its root, unless it is empty or broken, is under
/// [`settings_root`].
pub fn parse_settings(file: &Arc<SourceFile>) -> (Document, SettingsProblems) {
    let document = Document::parse(FileId(0), file);
    let mut problems = SettingsProblems::default();
    for error in document.errors() {
        problems.add(error.span, error.message.clone(), error.help);
    }
    for (_, again) in document.duplicate_keys() {
        problems.add(again.span(), format!("`{}` is set twice", again.text()), "remove one of the two");
    }
    (document, problems)
}

/// The root of a settings file that says something.
pub fn settings_root<'d>(document: &'d Document, problems: &SettingsProblems) -> Option<NodeRef<'d>> {
    document.root().filter(|root| problems.is_empty() && !is_null(*root))
}

/// The pairs of a map, aliases followed; `None` for anything else.
pub fn pairs(value: NodeRef<'_>) -> Option<Vec<(NodeRef<'_>, NodeRef<'_>)>> {
    let value = value.target().unwrap_or(value);
    let all = || value.pairs().map(|(key, value)| (key, value.target().unwrap_or(value))).collect();
    (value.kind() == Kind::Map).then(all)
}

/// A scalar, typed by YAML 1.1; null for anything else.
pub fn scalar(node: NodeRef<'_>) -> Scalar<'_> {
    match (node.kind(), node.style()) {
        (Kind::Scalar, Style::Plain) => resolve(node.text(), Schema::Yaml11),
        (Kind::Scalar, _) => Scalar::Str(node.text()),
        _ => Scalar::Null,
    }
}

/// Whether nothing is said.
pub fn is_null(node: NodeRef<'_>) -> bool {
    matches!(node.kind(), Kind::Scalar | Kind::Missing) && scalar(node) == Scalar::Null
}

/// Names in backticks, the last after "or".
pub fn any_of(names: &[&str]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match names.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
        None => String::new(),
    }
}

fn noun(value: NodeRef<'_>) -> &'static str {
    match value.kind() {
        Kind::Map => "a map",
        Kind::Seq => "a list",
        _ if is_null(value) => "nothing",
        _ => match scalar(value) {
            Scalar::Bool(_) => "a boolean",
            Scalar::Int(_) | Scalar::Float(_) => "a number",
            _ => "text",
        },
    }
}
