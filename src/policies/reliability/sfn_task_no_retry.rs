use super::super::machines;
use crate::graph::{Retrier, Scope, State};
use crate::policy;
use crate::policy::{Context, Place, Remedy};

policy! {
    /// A task that calls a function is not tried again when Lambda itself fails.
    ///
    /// One finding a machine. A retrier of an enclosing parallel or map state counts, and so does one with
    /// `MaxAttempts: 0`, which says that the task must not be repeated.
    ///
    /// ## Why it matters
    ///
    /// Lambda answers a small share of calls with an error of its own (`Lambda.ServiceException`,
    /// `Lambda.AWSLambdaException`, `Lambda.SdkClientException`) or, when the account is at its limit, with
    /// `Lambda.TooManyRequestsException`. Without a retrier the first of them fails the whole execution,
    /// though a second call a moment later would have worked.
    ///
    /// ## How to fix
    ///
    /// Add a retrier for those four errors: `IntervalSeconds: 2`, `MaxAttempts: 6`, `BackoffRate: 2`.
    ///
    /// ## When to suppress
    ///
    /// When whoever starts the execution starts it again after a failure.
    ///
    /// ## Source
    ///
    /// AWS Step Functions developer guide, "Best practices" (handle transient Lambda service exceptions);
    /// read 2026-11.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Flow:
    ///     Type: AWS::Serverless::StateMachine
    ///     Properties: {Definition: {StartAt: Charge, States: {Charge: {Type: Task, Resource: "arn:aws:lambda:eu-west-1:123456789012:function:charge", End: true}}}}
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
    ///     flow: {name: flow, definition: {StartAt: Charge, States: {Charge: {Type: Task, Resource: "arn:aws:lambda:eu-west-1:123456789012:function:charge", End: true}}}}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Flow:
    ///     Type: AWS::StepFunctions::StateMachine
    ///     Properties: {RoleArn: !GetAtt Role.Arn, Definition: {StartAt: Charge, States: {Charge: {Type: Task, Resource: "arn:aws:lambda:eu-west-1:123456789012:function:charge", End: true}}}}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Flow:
    ///     Type: AWS::Serverless::StateMachine
    ///     Properties: {Definition: {StartAt: Charge, States: {Charge: {Type: Task, Resource: "arn:aws:lambda:eu-west-1:123456789012:function:charge", Retry: [{ErrorEquals: [Lambda.ServiceException, Lambda.AWSLambdaException, Lambda.SdkClientException, Lambda.TooManyRequestsException], IntervalSeconds: 2, MaxAttempts: 6, BackoffRate: 2}], End: true}}}}
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
    ///     flow: {name: flow, definition: {StartAt: Charge, States: {Charge: {Type: Task, Resource: "arn:aws:lambda:eu-west-1:123456789012:function:charge", Retry: [{ErrorEquals: [Lambda.ServiceException, Lambda.AWSLambdaException, Lambda.SdkClientException, Lambda.TooManyRequestsException], IntervalSeconds: 2, MaxAttempts: 6, BackoffRate: 2}], End: true}}}}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Flow:
    ///     Type: AWS::StepFunctions::StateMachine
    ///     Properties: {RoleArn: !GetAtt Role.Arn, Definition: {StartAt: Charge, States: {Charge: {Type: Task, Resource: "arn:aws:lambda:eu-west-1:123456789012:function:charge", Retry: [{ErrorEquals: [Lambda.ServiceException, Lambda.AWSLambdaException, Lambda.SdkClientException, Lambda.TooManyRequestsException], IntervalSeconds: 2, MaxAttempts: 6, BackoffRate: 2}], End: true}}}}
    /// ```
    pub(super) static POLICY = "sfn-task-no-retry" {
        category: Reliability, severity: Medium, profile: Recommended, fix: Sometimes, since: "0.1.0", risks: ["SAS-08"], check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    for (machine, resource) in machines::known(cx.graph) {
        let mut found = Vec::new();
        collect(&machine.definition().scope, &mut found);
        let Some((first, others)) = found.split_first() else { continue };
        let id = resource.id();
        let more = match others.len() {
            0 => String::new(),
            count => format!(" and {count} more"),
        };
        let remedy = Remedy::risky(format!("Let {id} try its functions again"));
        let remedy = found.iter().fold(remedy, |remedy, state| match &*state.retry {
            [] => remedy.put_within(state.place, &["Retry"], serde_json::json!([retrier()])),
            // A place without one cannot be edited: no remedy then.
            [first, ..] => remedy.remove(first.origin.generated()),
        });
        let mut report = cx
            .report(
                Place::within(resource, first.place),
                format!("{id} fails as a whole when Lambda has a moment's trouble: no Retry for it in {}{more}", first.name),
            )
            .help("add a retrier for Lambda.ServiceException, Lambda.AWSLambdaException, Lambda.SdkClientException and Lambda.TooManyRequestsException")
            .remedy(remedy);
        for state in others.iter().take(9) {
            report = report.related(Place::within(resource, state.place), format!("{} has none either", state.name));
        }
    }
}

/// The tasks that call a function and that nothing tries again.
fn collect<'d>(scope: &'d Scope, found: &mut Vec<&'d State>) {
    for state in &scope.states {
        if state.retry.iter().any(covers) {
            continue;
        }
        if state.task.as_ref().is_some_and(crate::graph::Task::is_function) {
            found.push(state);
        }
        for inner in &state.scopes {
            collect(inner, found);
        }
    }
}

/// Whether the retrier takes some of Lambda's own errors; one whose errors are not known may.
fn covers(retrier: &Retrier) -> bool {
    retrier.errors.is_empty()
        || retrier.errors.iter().any(|error| {
            matches!(&**error, "States.ALL" | "States.TaskFailed")
                || error.starts_with("Lambda.") && !matches!(&**error, "Lambda.Unknown" | "Lambda.Timeout")
        })
}

/// What AWS advises for tasks that call Lambda (Step Functions developer guide, "Handle transient
/// Lambda service exceptions", 2026-10).
fn retrier() -> serde_json::Value {
    let errors = [
        "Lambda.ServiceException",
        "Lambda.AWSLambdaException",
        "Lambda.SdkClientException",
        "Lambda.TooManyRequestsException",
    ];
    serde_json::json!({ "ErrorEquals": errors, "IntervalSeconds": 1, "MaxAttempts": 3, "BackoffRate": 2 })
}
