//! What lowering has to say about a template. Policies of the category `validity` turn each
//! kind into findings, so that problems can be explained, selected and suppressed like any.

use super::value::{Origin, Text};

/// What sort of problem it is; each has a policy of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ProblemKind {
    /// Text that is not YAML or JSON.
    Syntax,
    /// Bytes that are not UTF-8.
    Encoding,
    /// A key that stands twice in one map.
    DuplicateKey,
    /// An alias without its anchor, or one that expands beyond the budget.
    Alias,
    /// A part of the template that is not of the type its place asks for.
    Structure,
    /// An intrinsic function with wrong arguments.
    Intrinsic,
    /// A file that the template includes and that cannot be read, or includes itself.
    Include,
    /// A path that leads outside the project.
    OutsideProject,
    /// A macro or transform that cannot be run offline.
    UnknownTransform,
    /// AWS's SAM transform would refuse the template.
    TransformRefused,
    /// A variable without a value.
    UnresolvedVariable,
    /// A variable that is not well formed, or refers to itself.
    InvalidVariable,
    /// Configuration that the Serverless Framework warns about or refuses.
    FrameworkConfiguration,
    /// A plugin that may change the template in ways not known.
    UnknownPlugin,
    /// A provider whose services are not read.
    UnsupportedProvider,
}

/// One problem, located.
#[derive(Clone, Debug)]
pub struct Problem {
    /// What sort it is.
    pub kind: ProblemKind,
    /// Where it is.
    pub origin: Origin,
    /// What is wrong, one sentence without a full stop.
    pub message: String,
    /// The next step.
    pub help: Option<String>,
    /// The logical id it belongs to.
    pub resource: Option<Text>,
    /// Other places that matter, each with a short label.
    pub related: Vec<(Origin, String)>,
}

impl Problem {
    /// A problem of `kind` at `origin`.
    pub fn new(kind: ProblemKind, origin: Origin, message: impl Into<String>) -> Self {
        Self { kind, origin, message: message.into(), help: None, resource: None, related: Vec::new() }
    }

    /// Adds the next step.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Names the logical id it belongs to.
    #[must_use]
    pub fn resource(mut self, id: impl Into<Text>) -> Self {
        self.resource = Some(id.into());
        self
    }

    /// Adds another place that matters.
    #[must_use]
    pub fn related(mut self, origin: Origin, label: impl Into<String>) -> Self {
        self.related.push((origin, label.into()));
        self
    }
}
