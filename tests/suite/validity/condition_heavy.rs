//! Conditions in great numbers: what is said about them is right, whatever their number.

mod templates;

use dewline::source::{NoFiles, SourceFile};
use dewline::template::validate::{Subject, validate};
use dewline::template::{Inputs, ProblemKind, load};
use std::sync::Arc;

fn kinds(text: &str) -> Vec<(ProblemKind, u32, String)> {
    let loaded = load::load(Arc::new(SourceFile::new("template.yaml", text)), &NoFiles, &Inputs::default()).unwrap();
    let subject = Subject {
        dialect: loaded.dialect,
        written: &loaded.root,
        expanded: &loaded.root,
        broken: false,
        today: "2026-11-23",
    };
    let problems = loaded.problems.iter().cloned().chain(validate(subject, &Inputs::default()));
    let line = |at: dewline::source::Span| loaded.sources.get(at.file).position(at.start).line;
    problems.map(|problem| (problem.kind, line(problem.origin.span()), problem.message)).collect()
}

#[test]
fn templates_with_twenty_conditions_hold_no_error() {
    for (name, text) in templates::all() {
        let found = kinds(&text);
        let advice = [ProblemKind::ConstantCondition, ProblemKind::ConditionalReference, ProblemKind::UnusedCondition];
        let errors: Vec<_> = found.iter().filter(|(kind, ..)| !advice.contains(kind)).collect();
        assert!(errors.is_empty(), "{name}: {errors:?}");
    }
}

#[test]
fn a_branch_that_is_never_chosen_is_found_among_many() {
    let [(_, switches), ..] = templates::all();
    let dead = "  Dead:\n    Type: AWS::SQS::Queue\n    Condition: C3\n    Properties:\n      QueueName: !If [C5, !If [C3, a, b], c]\n";
    let count = switches.matches('\n').count() as u32;
    let found = kinds(&(switches + dead));
    let last: Vec<_> = found.iter().filter(|(_, line, _)| *line > count).collect();
    let message = "this branch is never chosen: the condition `C3` is always true here";
    assert!(matches!(last.as_slice(), [(ProblemKind::ConstantCondition, _, said)] if said == message), "{last:?}");
}

#[test]
fn values_of_one_parameter_exclude_each_other() {
    let header = "Parameters: {Stage: {Type: String, AllowedValues: [dev, live]}}\nConditions:\n  Dev: !Equals [!Ref Stage, dev]\n  Live: !Equals [!Ref Stage, live]\n  Neither: !Not [!Or [!Condition Dev, !Condition Live]]\n";
    let body =
        "Resources:\n  A: {Type: AWS::SQS::Queue, Condition: Neither}\n  B: {Type: AWS::SQS::Queue, Condition: Dev}\n";
    let found = kinds(&format!(
        "{header}{body}  C: {{Type: AWS::SQS::Queue, Properties: {{QueueName: !If [Live, x, !GetAtt B.QueueName]}}}}\n"
    ));
    let said: Vec<_> = found.iter().map(|(kind, line, _)| (*kind, *line)).collect();
    assert_eq!(said, [(ProblemKind::ConstantCondition, 5)], "{found:?}");
    let found = kinds(&format!(
        "{header}{body}  C: {{Type: AWS::SQS::Queue, Properties: {{QueueName: !GetAtt B.QueueName}}}}\n  D: {{Type: AWS::SQS::Queue, Condition: Live}}\n"
    ));
    assert!(found.iter().any(|(kind, line, _)| (*kind, *line) == (ProblemKind::ConditionalReference, 9)), "{found:?}");
}
