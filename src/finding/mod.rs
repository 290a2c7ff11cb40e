//! What a policy has to say: findings with their places, fixes and fingerprints.

mod fingerprint;
mod patch;
mod severity;

pub use fingerprint::{assign_fingerprints, fingerprint, located_fingerprint};
pub use patch::{Patch, Taken};
pub use severity::{Category, Severity};

use crate::source::Span;

/// One finding, ready for a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Name of the policy, kebab-case.
    pub policy: String,
    /// Category of the policy.
    pub category: Category,
    /// How bad it is, after configuration.
    pub severity: Severity,
    /// What is wrong, with the names and numbers of this template: one sentence, no full stop.
    pub message: String,
    /// The place to edit.
    pub span: Span,
    /// What the mark under the place says, when it adds something to the message.
    pub label: Option<String>,
    /// The next step.
    pub help: Option<String>,
    /// Logical id of the resource the finding is about.
    pub resource: Option<String>,
    /// Other places that matter, in the order of the path through the graph.
    pub related: Vec<Related>,
    /// A text edit that mends it.
    pub fix: Option<Fix>,
    /// Stable when lines move and files are renamed, see [`fingerprint`].
    pub fingerprint: String,
}

/// A place beside the main one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Related {
    /// Where.
    pub span: Span,
    /// Why it matters, a short phrase.
    pub message: String,
}

/// A change of text that mends a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// Whether it keeps the meaning of everything else, so that it may be applied unasked.
    pub safe: bool,
    /// What it does, imperative, e.g. `Set VisibilityTimeout to 180`.
    pub title: String,
    /// Replacements, none overlapping another.
    pub edits: Vec<Edit>,
}

/// One replacement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// The bytes that go.
    pub span: Span,
    /// The text that comes.
    pub text: String,
}
