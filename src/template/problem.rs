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
    /// AWS's SAM transform would refuse the template as it is, and may take it with the values
    /// that a deployment gives. No policy reports it.
    TransformUndecided,
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
    /// A top-level section that is missing, not known or of the wrong shape.
    TemplateSection,
    /// More of something than CloudFormation takes in one template.
    TemplateLimit,
    /// A parameter whose declaration contradicts itself.
    InvalidParameter,
    /// A default of another type than its parameter.
    MismatchedDefault,
    /// A parameter nothing refers to.
    UnusedParameter,
    /// A mapping that is not two levels of names.
    InvalidMapping,
    /// A mapping nothing looks into.
    UnusedMapping,
    /// A condition that is not made of condition functions.
    InvalidCondition,
    /// A condition nothing asks for.
    UnusedCondition,
    /// A condition, or the branch of a choice, that is the same in every deployment.
    ConstantCondition,
    /// A reference to a resource that is left out in some deployments in which the reference is there.
    ConditionalReference,
    /// A dynamic reference that CloudFormation does not resolve.
    DynamicReference,
    /// Resources whose identifying properties are equal.
    DuplicateIdentifier,
    /// An output without value, or with one that is no text.
    InvalidOutput,
    /// A resource without type, or with attributes that do not exist.
    InvalidResource,
    /// An attribute that the SAM transform drops without a word.
    IgnoredAttribute,
    /// A name that CloudFormation does not take.
    InvalidName,
    /// A resource type that does not exist.
    UnknownResourceType,
    /// A resource type whose service was shut down.
    RetiredResourceType,
    /// A resource type whose service is being shut down, or takes no new customers.
    RetiringResourceType,
    /// A runtime that functions can no longer be created or updated with.
    RetiredRuntime,
    /// A resource type that the region of the deployment does not have.
    UnavailableResourceType,
    /// A property that the resource type does not have.
    UnknownProperty,
    /// A property that must be there and is not.
    RequiredProperty,
    /// A value of another type than its place asks for.
    WrongType,
    /// A value that is not one of the allowed ones.
    InvalidEnumValue,
    /// A text that does not have the shape its place asks for.
    PatternMismatch,
    /// A number, text or list that is too small or too large.
    OutOfRange,
    /// A list with equal items where they must differ.
    DuplicateItem,
    /// Properties that cannot stand together.
    MutuallyExclusiveProperties,
    /// A property that needs another one beside it.
    DependentProperty,
    /// A value that fits none of the shapes its place allows.
    NoMatchingShape,
    /// Properties that contradict each other.
    PropertyConflict,
    /// A property that only AWS sets.
    ReadOnlyProperty,
    /// An identifier or ARN of another kind than its place asks for.
    InvalidIdentifier,
    /// An IAM policy document that IAM would refuse.
    InvalidPolicyDocument,
    /// A reference to something that is not in the template.
    UnresolvedReference,
    /// An attribute that the resource does not have.
    UnknownAttribute,
    /// A look-up in a mapping or key that is not there.
    UnknownMapping,
    /// A condition that is not defined.
    UnknownCondition,
    /// A variable in plain text, where only `Fn::Sub` would replace it.
    MissingSub,
    /// The name of a pseudo parameter as plain text.
    PlainPseudoParameter,
    /// An `Fn::Sub` without a variable.
    NeedlessSub,
    /// Resources that wait for each other.
    CircularDependency,
    /// A `DependsOn` that a reference already implies.
    RedundantDependsOn,
    /// A deletion or update policy that does not exist or does not fit the type.
    InvalidDeletionPolicy,
    /// A policy that keeps a resource when it is deleted and not when it is replaced, or the other way round.
    OneSidedDeletionPolicy,
    /// A default or allowed value of a parameter that does not fit where the parameter is used.
    UnfitParameterValue,
    /// SAM resources or attributes in a template without the SAM transform, or `Globals` it
    /// does not take.
    SamConfiguration,
}

/// What would mend a problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Repair {
    /// What stands at the place was meant to be something else.
    Respell {
        /// Where it is written.
        place: Origin,
        /// What is written.
        old: String,
        /// What was meant.
        new: String,
    },
    /// The entry or item at the place goes.
    Remove {
        /// Where its key or value is written.
        place: Origin,
    },
    /// The text at the place goes under `Fn::Sub`.
    Wrap {
        /// Where it is written.
        place: Origin,
        /// The text.
        text: String,
    },
    /// The text at the place gives way to a reference to what it names.
    Refer {
        /// Where the text is written.
        place: Origin,
        /// What it names.
        name: String,
    },
    /// The function at the place gives way to its text.
    Unwrap {
        /// Where it is written.
        place: Origin,
        /// The text.
        text: String,
    },
}

impl Repair {
    /// `old` was meant to be `new`, if anything.
    pub fn respell(place: Origin, old: impl ToString, new: Option<impl ToString>) -> Option<Self> {
        Some(Self::Respell { place, old: old.to_string(), new: new?.to_string() })
    }
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
    /// The code under which the Serverless Framework refuses the service, if it does.
    pub code: Option<&'static str>,
    /// Other places that matter, each with a short label.
    pub related: Vec<(Origin, String)>,
    /// What would mend it.
    pub repair: Option<Repair>,
}

impl Problem {
    /// A problem of `kind` at `origin`.
    pub fn new(kind: ProblemKind, origin: Origin, message: impl Into<String>) -> Self {
        Self {
            kind,
            origin,
            message: message.into(),
            help: None,
            resource: None,
            code: None,
            related: Vec::new(),
            repair: None,
        }
    }

    /// Adds the next step.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Says under which code the Serverless Framework refuses the service.
    #[must_use]
    pub fn code(mut self, code: &'static str) -> Self {
        self.code = Some(code);
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
