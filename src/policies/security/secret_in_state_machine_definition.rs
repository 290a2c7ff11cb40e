use super::super::secrets;
use crate::graph::Value;
use crate::policy;
use crate::policy::{Context, Place};
use crate::template::value::Kind;

policy! {
    /// The definition of a state machine holds a credential.
    ///
    /// ## Why it matters
    ///
    /// The definition can be read with `states:DescribeStateMachine`, and its values appear in the
    /// history of every execution. Whoever may look at executions has the credential.
    ///
    /// ## How to fix
    ///
    /// Let the function or the HTTP connection that needs the credential read it from Secrets
    /// Manager, and rotate the one that was committed. The value is never printed.
    ///
    /// ## When to suppress
    ///
    /// When the value is a test value that opens nothing.
    ///
    /// ## Source
    ///
    /// AWS Step Functions developer guide, "Security best practices"; prowler
    /// stepfunctions_statemachine_no_secrets_in_definition; as of 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Transform: AWS::Serverless-2016-10-31
    /// Resources:
    ///   Flow:
    ///     Type: AWS::StepFunctions::StateMachine
    ///     Properties: {RoleArn: !GetAtt Role.Arn, Definition: {StartAt: Charge, States: {Charge: {Type: Task, Resource: !GetAtt Charge.Arn, TimeoutSeconds: 30, Parameters: {key: AKIAQ7ZT3VR1PLX7WM2K}, End: true}}}}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Transform: AWS::Serverless-2016-10-31
    /// Resources:
    ///   Flow:
    ///     Type: AWS::StepFunctions::StateMachine
    ///     Properties: {RoleArn: !GetAtt Role.Arn, Definition: {StartAt: Charge, States: {Charge: {Type: Task, Resource: !GetAtt Charge.Arn, TimeoutSeconds: 30, Parameters: {key: shop/payment-key}, End: true}}}}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Flow:
    ///       Type: AWS::StepFunctions::StateMachine
    ///       Properties: {RoleArn: !GetAtt Role.Arn, Definition: {StartAt: Charge, States: {Charge: {Type: Task, Resource: !GetAtt Charge.Arn, TimeoutSeconds: 30, Parameters: {key: AKIAQ7ZT3VR1PLX7WM2K}, End: true}}}}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Flow:
    ///       Type: AWS::StepFunctions::StateMachine
    ///       Properties: {RoleArn: !GetAtt Role.Arn, Definition: {StartAt: Charge, States: {Charge: {Type: Task, Resource: !GetAtt Charge.Arn, TimeoutSeconds: 30, Parameters: {key: shop/payment-key}, End: true}}}}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Flow:
    ///     Type: AWS::StepFunctions::StateMachine
    ///     Properties: {RoleArn: !GetAtt Role.Arn, Definition: {StartAt: Charge, States: {Charge: {Type: Task, Resource: !GetAtt Charge.Arn, TimeoutSeconds: 30, Parameters: {key: AKIAQ7ZT3VR1PLX7WM2K}, End: true}}}}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Flow:
    ///     Type: AWS::StepFunctions::StateMachine
    ///     Properties: {RoleArn: !GetAtt Role.Arn, Definition: {StartAt: Charge, States: {Charge: {Type: Task, Resource: !GetAtt Charge.Arn, TimeoutSeconds: 30, Parameters: {key: shop/payment-key}, End: true}}}}
    /// ```
    pub(super) static POLICY = "secret-in-state-machine-definition" {
        category: Security, severity: High, profile: Recommended, fix: None, since: "0.1.0", risks: ["SAS-07"], check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    for machine in cx.graph.existing("AWS::StepFunctions::StateMachine") {
        for name in ["Definition", "DefinitionString", "DefinitionSubstitutions"] {
            let Some(value) = machine.properties().and_then(|properties| properties.get(name)) else { continue };
            if let Some((kind, at)) = find(value, 0) {
                cx.report(
                    Place::within(machine, at.origin),
                    format!("the definition of {} holds {kind}", machine.id()),
                )
                .help("read it from Secrets Manager where it is needed, and rotate the one that was committed");
            }
        }
    }
}

/// The first literal credential below `value`.
fn find(value: &Value, depth: u8) -> Option<(&'static str, &Value)> {
    match &value.kind {
        _ if depth > 64 => None,
        Kind::Str(text) => Some((secrets::known_form(text)?, value)),
        Kind::List(items) => items.iter().find_map(|item| find(item, depth + 1)),
        Kind::Map(map) => map.iter().find_map(|entry| find(&entry.value, depth + 1)),
        _ => None,
    }
}
