use crate::policy;
use crate::policy::{Context, Place, Remedy};

policy! {
    /// A state machine takes no part in tracing.
    ///
    /// ## Why it matters
    ///
    /// A trace that reaches the state machine ends there: the functions it calls begin traces of their own,
    /// and a slow order cannot be followed from the request to the task that took the time.
    ///
    /// ## How to fix
    ///
    /// Set `TracingConfiguration: {Enabled: true}` (SAM: `Tracing: {Enabled: true}`).
    ///
    /// ## When to suppress
    ///
    /// When another tool traces the executions.
    ///
    /// ## Source
    ///
    /// AWS Step Functions developer guide, "Trace Step Functions request data in AWS X-Ray";
    /// serverless-rules WS5000; as of 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Flow: {Type: AWS::Serverless::StateMachine, Properties: {Definition: {StartAt: Done, States: {Done: {Type: Succeed}}}}}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Flow: {Type: AWS::Serverless::StateMachine, Properties: {Tracing: {Enabled: true}, Definition: {StartAt: Done, States: {Done: {Type: Succeed}}}}}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Flow: {Type: AWS::StepFunctions::StateMachine, Properties: {RoleArn: !GetAtt Role.Arn, Definition: {StartAt: Done, States: {Done: {Type: Succeed}}}}}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Flow: {Type: AWS::StepFunctions::StateMachine, Properties: {RoleArn: !GetAtt Role.Arn, TracingConfiguration: {Enabled: true}, Definition: {StartAt: Done, States: {Done: {Type: Succeed}}}}}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Flow: {Type: AWS::StepFunctions::StateMachine, Properties: {RoleArn: !GetAtt Role.Arn, Definition: {StartAt: Done, States: {Done: {Type: Succeed}}}}}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Flow: {Type: AWS::StepFunctions::StateMachine, Properties: {RoleArn: !GetAtt Role.Arn, TracingConfiguration: {Enabled: true}, Definition: {StartAt: Done, States: {Done: {Type: Succeed}}}}}
    /// ```
    pub(super) static POLICY = "state-machine-tracing-off" {
        category: Monitoring, severity: Low, profile: Strict, fix: Unsafe, since: "0.1.0", risks: ["SAS-05"], check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    let path = ["TracingConfiguration", "Enabled"];
    for machine in cx.graph.existing("AWS::StepFunctions::StateMachine") {
        let tracing = machine.property(&path);
        if !machine.is_incomplete() && (tracing.is_absent() || tracing.bool() == Some(false)) {
            cx.report(Place::property(machine, &path), format!("{} takes no part in tracing", machine.id()))
                .help("set TracingConfiguration.Enabled (SAM: Tracing.Enabled) to true")
                .remedy(Remedy::risky(format!("Switch the tracing of {} on", machine.id())).put(machine, &path, true));
        }
    }
}
