use crate::finding::Severity;
use crate::graph::DefectKind;
use crate::policy;
use crate::policy::{Context, Place};

policy! {
    /// The definition of a state machine cannot work.
    ///
    /// Text that is no JSON, a missing `StartAt`, a transition to a state that does not exist, a state
    /// without `Next` or `End`, an unknown type, a state that nothing leads to. A definition with parts
    /// that are not known is checked as far as it is known.
    ///
    /// ## Why it matters
    ///
    /// Step Functions checks the definition when the stack is deployed, minutes after the change was
    /// written, and the whole stack rolls back. A state that nothing leads to is refused as well.
    ///
    /// ## How to fix
    ///
    /// Correct the name or add the entry that the message asks for.
    ///
    /// ## When to suppress
    ///
    /// Never: the state machine cannot be deployed.
    ///
    /// ## Source
    ///
    /// Amazon States Language specification, "State machines", "Transitions" and "Terminal state";
    /// read 2026-11.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Flow:
    ///     Type: AWS::Serverless::StateMachine
    ///     Properties: {Definition: {StartAt: Charge, States: {Charge: {Type: Pass, Next: Shipp}, Ship: {Type: Succeed}}}}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// plugins: [serverless-step-functions]
    /// functions:
    ///   orders: {handler: app.main}
    /// stepFunctions:
    ///   stateMachines:
    ///     flow: {name: flow, definition: {StartAt: Charge, States: {Charge: {Type: Pass, Next: Shipp}, Ship: {Type: Succeed}}}}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Flow:
    ///     Type: AWS::StepFunctions::StateMachine
    ///     Properties: {RoleArn: !GetAtt Role.Arn, Definition: {StartAt: Charge, States: {Charge: {Type: Pass, Next: Shipp}, Ship: {Type: Succeed}}}}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Flow:
    ///     Type: AWS::Serverless::StateMachine
    ///     Properties: {Definition: {StartAt: Charge, States: {Charge: {Type: Pass, Next: Ship}, Ship: {Type: Succeed}}}}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// plugins: [serverless-step-functions]
    /// functions:
    ///   orders: {handler: app.main}
    /// stepFunctions:
    ///   stateMachines:
    ///     flow: {name: flow, definition: {StartAt: Charge, States: {Charge: {Type: Pass, Next: Ship}, Ship: {Type: Succeed}}}}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Flow:
    ///     Type: AWS::StepFunctions::StateMachine
    ///     Properties: {RoleArn: !GetAtt Role.Arn, Definition: {StartAt: Charge, States: {Charge: {Type: Pass, Next: Ship}, Ship: {Type: Succeed}}}}
    /// ```
    pub(super) static POLICY = "sfn-definition-invalid" {
        category: Reliability, severity: High, profile: Recommended, fix: None, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    for machine in cx.graph.state_machines() {
        let Some(resource) = machine.resource().filter(|machine| machine.exists() != Some(false)) else { continue };
        let defects = &machine.definition().defects;
        // A wrong transition explains the state that nothing leads to any more.
        let explained = defects.iter().any(|one| matches!(one.kind, DefectKind::Start | DefectKind::Target));
        for defect in defects {
            if defect.kind == DefectKind::Unreachable && explained {
                continue;
            }
            let report = cx
                .report(
                    Place::within(resource, defect.origin),
                    format!("{} cannot be deployed: {}", resource.id(), defect.message.replace('`', "")),
                )
                .help(match defect.kind {
                    DefectKind::Syntax => "write the definition as valid JSON, or as YAML in Definition",
                    DefectKind::Start => "name the first state in StartAt",
                    DefectKind::Target => "correct the name, or add the state",
                    DefectKind::Unreachable => "remove the state, or let another state lead to it",
                    DefectKind::End => "add Next, or End: true",
                    DefectKind::Type => "use Task, Pass, Choice, Wait, Succeed, Fail, Parallel or Map",
                });
            if defect.kind == DefectKind::Unreachable {
                report.severity(Severity::Medium);
            }
        }
    }
}
