use super::super::{machines, measure};
use crate::graph::Pattern;
use crate::policy;
use crate::policy::{Context, Place, Remedy};

policy! {
    /// A task of a state machine gives up before the function it calls.
    ///
    /// ## Why it matters
    ///
    /// The state fails with `States.Timeout` while the function runs on. Its effects happen after the
    /// machine has already taken the path for failures, and a retry runs beside the first run.
    ///
    /// ## How to fix
    ///
    /// Set `TimeoutSeconds` of the state a little above the function's timeout, or lower the latter.
    ///
    /// ## When to suppress
    ///
    /// When the task is to give up early, and the function notices.
    ///
    /// ## Source
    ///
    /// AWS Step Functions developer guide, "Task workflow state" (`TimeoutSeconds`); as of 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Timeout: 60}
    ///   Flow:
    ///     Type: AWS::Serverless::StateMachine
    ///     Properties: {Definition: {StartAt: Work, States: {Work: {Type: Task, Resource: !GetAtt Orders.Arn, TimeoutSeconds: 30, End: true}}}}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Timeout: 60}
    ///   Flow:
    ///     Type: AWS::Serverless::StateMachine
    ///     Properties: {Definition: {StartAt: Work, States: {Work: {Type: Task, Resource: !GetAtt Orders.Arn, TimeoutSeconds: 65, End: true}}}}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Orders:
    ///       Type: AWS::Lambda::Function
    ///       Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, Timeout: 60}
    ///     Flow:
    ///       Type: AWS::StepFunctions::StateMachine
    ///       Properties: {RoleArn: !GetAtt Role.Arn, Definition: {StartAt: Work, States: {Work: {Type: Task, Resource: !GetAtt Orders.Arn, TimeoutSeconds: 30, End: true}}}}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Orders:
    ///       Type: AWS::Lambda::Function
    ///       Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, Timeout: 60}
    ///     Flow:
    ///       Type: AWS::StepFunctions::StateMachine
    ///       Properties: {RoleArn: !GetAtt Role.Arn, Definition: {StartAt: Work, States: {Work: {Type: Task, Resource: !GetAtt Orders.Arn, TimeoutSeconds: 65, End: true}}}}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, Timeout: 60}
    ///   Flow:
    ///     Type: AWS::StepFunctions::StateMachine
    ///     Properties: {RoleArn: !GetAtt Role.Arn, Definition: {StartAt: Work, States: {Work: {Type: Task, Resource: !GetAtt Orders.Arn, TimeoutSeconds: 30, End: true}}}}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, Timeout: 60}
    ///   Flow:
    ///     Type: AWS::StepFunctions::StateMachine
    ///     Properties: {RoleArn: !GetAtt Role.Arn, Definition: {StartAt: Work, States: {Work: {Type: Task, Resource: !GetAtt Orders.Arn, TimeoutSeconds: 65, End: true}}}}
    /// ```
    pub(super) static POLICY = "sfn-task-timeout-below-lambda" {
        category: Timeout, severity: High, profile: Recommended, fix: Sometimes, since: "0.1.0", risks: ["SAS-08"], check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    for machine in cx.graph.state_machines() {
        let Some(resource) = machine.resource().filter(|machine| machine.exists() != Some(false)) else { continue };
        for state in machine.definition().states() {
            let (Some(task), Some(limit), Some(place)) = (&state.task, state.timeout.value(), state.timeout.origin())
            else {
                continue;
            };
            if !task.is_function() || task.pattern != Pattern::Response || machines::is_event(task.arguments.as_ref()) {
                continue;
            }
            let Some(function) = task.target(cx.graph).and_then(measure::function) else { continue };
            let Some(timeout) = measure::timeout(function).map(|bounds| bounds.min) else { continue };
            if limit >= timeout {
                continue;
            }
            let id = function.id();
            cx.report(
                Place::within(resource, place),
                format!("state {} gives up after {limit} s, but {id} may run {timeout} s", state.name),
            )
            .help(format!(
                "set TimeoutSeconds of {} to {} or more, or lower the timeout of {id}",
                state.name,
                timeout + 5
            ))
            .remedy(Remedy::risky(format!("Let {} wait {} s", state.name, timeout + 5)).replace(
                place,
                limit,
                timeout + 5,
            ))
            .related(Place::property(function, &["Timeout"]), format!("{id} may run {timeout} s"));
        }
    }
}
