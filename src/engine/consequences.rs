//! One finding for one mistake.
//!
//! A mistake can be seen from several sides: a schema, a rule between properties and a policy
//! that knows the service all ask for a number in a range. The side that says most is kept.

use crate::finding::{Category, Finding};
use crate::source::{Sources, Span};
use crate::template::{Problem, ProblemKind};
use std::collections::BTreeMap;

/// Kinds of problems of one value, those first that say most about it.
const OF_A_VALUE: [ProblemKind; 7] = [
    ProblemKind::WrongType,
    ProblemKind::InvalidEnumValue,
    ProblemKind::OutOfRange,
    ProblemKind::InvalidIdentifier,
    ProblemKind::PatternMismatch,
    ProblemKind::NoMatchingShape,
    ProblemKind::PropertyConflict,
];

/// Policies that judge a value by what its schema says of it as well.
const OF_A_SCHEMA: [&str; 10] = [
    "dependent-property",
    "invalid-enum-value",
    "invalid-name",
    "mutually-exclusive-properties",
    "no-matching-shape",
    "out-of-range",
    "pattern-mismatch",
    "property-conflict",
    "required-property",
    "wrong-type",
];

/// Policies outside of the category `limits` that explain a refused value better than a schema.
const OF_A_SERVICE: [&str; 7] = [
    "alarm-period-invalid",
    "api-authorizer-wrong-type",
    "dlq-type-mismatch",
    "esm-starting-position",
    "log-level-with-text-format",
    "max-concurrency-with-provisioned-pollers",
    "sns-endpoint-protocol-mismatch",
];

/// Mistakes for which the SAM transform refuses a value that holds them.
const CAUSES: [ProblemKind; 7] = [
    ProblemKind::Intrinsic,
    ProblemKind::InvalidEnumValue,
    ProblemKind::NoMatchingShape,
    ProblemKind::UnknownAttribute,
    ProblemKind::UnknownMapping,
    ProblemKind::UnresolvedReference,
    ProblemKind::WrongType,
];

/// Takes out problems that follow from others.
pub(super) fn of_problems(problems: &mut Vec<Problem>) {
    let place = |problem: &Problem| {
        let span = problem.origin.span();
        (span.file, span.start, span.end)
    };
    let broken = problems.iter().filter(|problem| problem.kind == ProblemKind::Syntax).map(place).min();
    let rank = |kind: ProblemKind| OF_A_VALUE.iter().position(|known| *known == kind);
    let mut best = BTreeMap::new();
    for problem in problems.iter() {
        if let Some(rank) = rank(problem.kind) {
            let known = best.entry(place(problem)).or_insert(rank);
            *known = rank.min(*known);
        }
    }
    let causes: Vec<Span> = problems
        .iter()
        .filter(|problem| CAUSES.contains(&problem.kind) && !problem.origin.is_generated())
        .map(|problem| problem.origin.span())
        .collect();
    problems.retain(|problem| match problem.kind {
        // Behind broken text the repair may have put two maps into one.
        ProblemKind::DuplicateKey => broken.is_none_or(|first| first.0 != place(problem).0 || place(problem) < first),
        // What it holds is told in more detail.
        ProblemKind::TransformRefused => !causes.iter().any(|cause| problem.origin.span().encloses(*cause)),
        kind => rank(kind).is_none_or(|own| best.get(&place(problem)).is_none_or(|best| *best == own)),
    });
}

/// Takes out findings of schemas where a policy that knows the service says the same.
pub(super) fn of_findings(findings: &mut Vec<Finding>, sources: &Sources) {
    let of_a_service =
        |finding: &Finding| finding.category == Category::Limits || OF_A_SERVICE.contains(&&*finding.policy);
    let told: Vec<Span> = findings.iter().filter(|finding| of_a_service(finding)).map(|finding| finding.span).collect();
    if told.is_empty() {
        return;
    }
    findings.retain(|finding| {
        !OF_A_SCHEMA.contains(&&*finding.policy)
            || !told.iter().any(|other| is_one_place(finding.span, *other, sources))
    });
}

/// Whether two marks are on one value, or on a key and on its value.
fn is_one_place(one: Span, other: Span, sources: &Sources) -> bool {
    if one == other {
        return true;
    }
    if one.file != other.file || one.end > other.start {
        return false;
    }
    let between = sources.get(one.file).text().get(one.end as usize..other.start as usize).unwrap_or("-");
    between.len() < 200 && between.contains(':') && between.chars().all(|c| c.is_whitespace() || ":\"'[-".contains(c))
}
