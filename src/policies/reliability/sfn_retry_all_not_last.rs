use super::super::machines;
use crate::graph::{Origin, Text};
use crate::policy;
use crate::policy::{Context, Place};

policy! {
    /// `States.ALL` does not stand alone, or not in the last retrier or catcher.
    ///
    /// ## Why it matters
    ///
    /// Retriers and catchers are tried in order, and `States.ALL` takes every error: what stands behind it
    /// would never be used. The language therefore asks that it stands alone in its `ErrorEquals` and in
    /// the last entry, and Step Functions refuses a definition where it does not.
    ///
    /// ## How to fix
    ///
    /// Move the entry with `States.ALL` to the end, and give it no other error name.
    ///
    /// ## When to suppress
    ///
    /// Never: the state machine cannot be deployed.
    ///
    /// ## Source
    ///
    /// Amazon States Language specification, "Errors" (reserved error names, retriers and catchers);
    /// read 2026-11.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Flow:
    ///     Type: AWS::Serverless::StateMachine
    ///     Properties: {Definition: {StartAt: Charge, States: {Charge: {Type: Task, Resource: "arn:aws:lambda:eu-west-1:123456789012:function:charge", Retry: [{ErrorEquals: [States.ALL]}, {ErrorEquals: [Lambda.TooManyRequestsException], MaxAttempts: 9}], End: true}}}}
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
    ///     flow: {name: flow, definition: {StartAt: Charge, States: {Charge: {Type: Task, Resource: "arn:aws:lambda:eu-west-1:123456789012:function:charge", Retry: [{ErrorEquals: [States.ALL]}, {ErrorEquals: [Lambda.TooManyRequestsException], MaxAttempts: 9}], End: true}}}}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Flow:
    ///     Type: AWS::StepFunctions::StateMachine
    ///     Properties: {RoleArn: !GetAtt Role.Arn, Definition: {StartAt: Charge, States: {Charge: {Type: Task, Resource: "arn:aws:lambda:eu-west-1:123456789012:function:charge", Retry: [{ErrorEquals: [States.ALL]}, {ErrorEquals: [Lambda.TooManyRequestsException], MaxAttempts: 9}], End: true}}}}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Flow:
    ///     Type: AWS::Serverless::StateMachine
    ///     Properties: {Definition: {StartAt: Charge, States: {Charge: {Type: Task, Resource: "arn:aws:lambda:eu-west-1:123456789012:function:charge", Retry: [{ErrorEquals: [Lambda.TooManyRequestsException], MaxAttempts: 9}, {ErrorEquals: [States.ALL]}], End: true}}}}
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
    ///     flow: {name: flow, definition: {StartAt: Charge, States: {Charge: {Type: Task, Resource: "arn:aws:lambda:eu-west-1:123456789012:function:charge", Retry: [{ErrorEquals: [Lambda.TooManyRequestsException], MaxAttempts: 9}, {ErrorEquals: [States.ALL]}], End: true}}}}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Flow:
    ///     Type: AWS::StepFunctions::StateMachine
    ///     Properties: {RoleArn: !GetAtt Role.Arn, Definition: {StartAt: Charge, States: {Charge: {Type: Task, Resource: "arn:aws:lambda:eu-west-1:123456789012:function:charge", Retry: [{ErrorEquals: [Lambda.TooManyRequestsException], MaxAttempts: 9}, {ErrorEquals: [States.ALL]}], End: true}}}}
    /// ```
    pub(super) static POLICY = "sfn-retry-all-not-last" {
        category: Reliability, severity: High, profile: Recommended, fix: None, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    for (machine, resource) in machines::known(cx.graph) {
        for state in machine.definition().states() {
            let retry: Vec<(&[Text], Origin)> = state.retry.iter().map(|one| (&*one.errors, one.origin)).collect();
            let catch: Vec<(&[Text], Origin)> = state.catch.iter().map(|one| (&*one.errors, one.origin)).collect();
            for (name, list) in [("Retry", retry), ("Catch", catch)] {
                for (index, (errors, origin)) in list.iter().enumerate() {
                    if !errors.iter().any(|error| error == "States.ALL") {
                        continue;
                    }
                    let last = index + 1 == list.len();
                    let problem = match (last, errors.len()) {
                        (false, _) => format!("is entry {} of {}: the others are never used", index + 1, list.len()),
                        (true, 1) => continue,
                        (true, count) => format!("stands together with {} other error names", count - 1),
                    };
                    cx.report(
                        Place::within(resource, *origin),
                        format!("States.ALL in {name} of {} in {} {problem}", state.name, resource.id()),
                    )
                    .help(if last {
                        "leave States.ALL alone in its ErrorEquals"
                    } else {
                        "move the entry to the end"
                    });
                }
            }
        }
    }
}
