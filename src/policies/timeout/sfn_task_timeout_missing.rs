use super::super::machines;
use crate::policy;
use crate::policy::{Context, Place, Remedy};

policy! {
    /// A task that waits for somebody else has no time limit.
    ///
    /// A task that waits for a task token, for a job (`.sync`) or for the worker of an activity ends when
    /// the other side answers. Without `TimeoutSeconds` or `HeartbeatSeconds`, on the task or on the whole
    /// machine, nothing ends it when the answer never comes. Tasks that call a function are left out: the
    /// function's own timeout, 15 minutes at most, ends them.
    ///
    /// ## Why it matters
    ///
    /// The default limit of a task is 99,999,999 seconds, and a standard execution may run for a year. An
    /// answer that is lost leaves the execution open for that long, without an error that an alarm or a
    /// `Catch` would see. A million open executions is the quota of an account.
    ///
    /// ## How to fix
    ///
    /// Set `TimeoutSeconds` to the longest the answer may take, and `HeartbeatSeconds` where the other side
    /// can send heartbeats; catch `States.Timeout`.
    ///
    /// ## When to suppress
    ///
    /// When a person answers and may take any time, and somebody looks at open executions.
    ///
    /// ## Source
    ///
    /// AWS Step Functions developer guide, "Best practices" (use timeouts to avoid stuck executions) and
    /// "Task workflow state" (`TimeoutSeconds`, `HeartbeatSeconds`); read 2026-11.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Flow:
    ///     Type: AWS::Serverless::StateMachine
    ///     Properties: {Definition: {StartAt: Approve, States: {Approve: {Type: Task, Resource: "arn:aws:states:::sqs:sendMessage.waitForTaskToken", Parameters: {QueueUrl: "https://sqs.eu-west-1.amazonaws.com/123456789012/approvals", MessageBody: {Token.$: $$.Task.Token}}, End: true}}}}
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
    ///     flow: {name: flow, definition: {StartAt: Approve, States: {Approve: {Type: Task, Resource: "arn:aws:states:::sqs:sendMessage.waitForTaskToken", Parameters: {QueueUrl: "https://sqs.eu-west-1.amazonaws.com/123456789012/approvals", MessageBody: {Token.$: $$.Task.Token}}, End: true}}}}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Flow:
    ///     Type: AWS::StepFunctions::StateMachine
    ///     Properties: {RoleArn: !GetAtt Role.Arn, Definition: {StartAt: Approve, States: {Approve: {Type: Task, Resource: "arn:aws:states:::sqs:sendMessage.waitForTaskToken", Parameters: {QueueUrl: "https://sqs.eu-west-1.amazonaws.com/123456789012/approvals", MessageBody: {Token.$: $$.Task.Token}}, End: true}}}}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Flow:
    ///     Type: AWS::Serverless::StateMachine
    ///     Properties: {Definition: {StartAt: Approve, States: {Approve: {Type: Task, Resource: "arn:aws:states:::sqs:sendMessage.waitForTaskToken", TimeoutSeconds: 86400, Parameters: {QueueUrl: "https://sqs.eu-west-1.amazonaws.com/123456789012/approvals", MessageBody: {Token.$: $$.Task.Token}}, End: true}}}}
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
    ///     flow: {name: flow, definition: {StartAt: Approve, States: {Approve: {Type: Task, Resource: "arn:aws:states:::sqs:sendMessage.waitForTaskToken", TimeoutSeconds: 86400, Parameters: {QueueUrl: "https://sqs.eu-west-1.amazonaws.com/123456789012/approvals", MessageBody: {Token.$: $$.Task.Token}}, End: true}}}}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Flow:
    ///     Type: AWS::StepFunctions::StateMachine
    ///     Properties: {RoleArn: !GetAtt Role.Arn, Definition: {StartAt: Approve, States: {Approve: {Type: Task, Resource: "arn:aws:states:::sqs:sendMessage.waitForTaskToken", TimeoutSeconds: 86400, Parameters: {QueueUrl: "https://sqs.eu-west-1.amazonaws.com/123456789012/approvals", MessageBody: {Token.$: $$.Task.Token}}, End: true}}}}
    /// ```
    pub(super) static POLICY = "sfn-task-timeout-missing" {
        category: Timeout, severity: Medium, profile: Recommended, fix: Sometimes, since: "0.1.0", risks: ["SAS-08"], check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    for (machine, resource) in machines::known(cx.graph) {
        let definition = machine.definition();
        // An express workflow ends after five minutes, and takes none of these patterns.
        if machine.express().value() != Some(false) || !definition.timeout.is_absent() {
            continue;
        }
        for state in definition.states() {
            let Some((task, awaited)) = state.task.as_ref().and_then(|task| Some((task, machines::waits_for(task)?)))
            else {
                continue;
            };
            if !state.timeout.is_absent() || !state.heartbeat.is_absent() {
                continue;
            }
            let id = resource.id();
            cx.report(
                Place::within(resource, state.place),
                format!("state {} of {id} waits for {awaited} without a time limit, up to a year", state.name),
            )
            .help(format!("set TimeoutSeconds of {}, and catch States.Timeout", state.name))
            .remedy(Remedy::risky(format!("Let {} wait an hour at most", state.name)).put_within(
                state.place,
                &["TimeoutSeconds"],
                3600,
            ))
            .related(Place::within(resource, task.origin), format!("{} waits for {awaited} here", state.name));
        }
    }
}
