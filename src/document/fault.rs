//! Why parsing stopped, in terms that a repair and a message can use.

use granit_parser::ErrorKind;

/// Where and why the parser stopped.
#[derive(Clone, Debug)]
pub(super) struct Failure {
    pub fault: Fault,
    /// Byte offset.
    pub at: usize,
}

/// Why the parser stopped, as far as a repair or a message tells cases apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    UnclosedQuote,
    Tab,
    UnclosedBracket(char),
    MisplacedBracket,
    FlowSeparator,
    /// A line that fits no block around it.
    Misfit,
    MissingColon,
    SecondColon,
    Reserved(char),
    AliasName,
    AfterQuoted,
    Escape,
    AfterEnd,
    TooDeep,
    /// A lone `-` inside brackets, which every loader but this parser takes as text.
    LoneDash,
    Other(String),
}

impl Fault {
    pub(super) fn of(kind: &ErrorKind) -> Self {
        use ErrorKind as E;
        match kind {
            E::UnclosedQuotedScalar | E::DocumentIndicatorInQuotedScalar => Self::UnclosedQuote,
            E::TabNotAllowed
            | E::TabInBlockIndentation
            | E::TabInIndentation
            | E::TabAtBlockScalarStart
            | E::TabInPlainScalar => Self::Tab,
            E::UnclosedFlowCollection { open } => Self::UnclosedBracket(*open),
            E::MisplacedFlowCollectionEnd | E::MismatchedFlowCollectionEnd { .. } => Self::MisplacedBracket,
            E::ExpectedFlowMappingSeparator | E::ExpectedFlowSequenceSeparator => Self::FlowSeparator,
            E::ExpectedBlockMappingKey
            | E::ExpectedBlockSequenceEntry
            | E::InvalidIndentation
            | E::BlockSequenceEntryNotAllowed
            | E::MappingKeyNotAllowed => Self::Misfit,
            E::SimpleKeyExpected | E::InvalidSimpleKey => Self::MissingColon,
            E::MappingValueNotAllowed | E::InvalidColonPlacement => Self::SecondColon,
            E::UnexpectedCharacter { character } => Self::Reserved(*character),
            E::MissingAnchorOrAliasName => Self::AliasName,
            E::InvalidTrailingSingleQuotedScalar | E::InvalidTrailingDoubleQuotedScalar => Self::AfterQuoted,
            E::UnknownQuotedScalarEscape
            | E::InvalidQuotedScalarHexEscape
            | E::InvalidUnicodeEscape
            | E::InvalidLowSurrogate
            | E::InvalidLowSurrogateHexEscape
            | E::MissingLowSurrogate
            | E::UnpairedLowSurrogate => Self::Escape,
            E::ExpectedDocumentStart | E::InvalidDocumentEnd => Self::AfterEnd,
            E::PlainScalarStartsWithDashFlowIndicator => Self::LoneDash,
            E::RecursionLimitExceeded => Self::TooDeep,
            other => Self::Other(other.to_string()),
        }
    }
}
