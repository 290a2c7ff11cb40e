use super::super::machines;
use crate::policy;
use crate::policy::{Context, Place};

policy! {
    /// An express workflow waits in a way that only standard workflows can.
    ///
    /// ## Why it matters
    ///
    /// Express workflows take neither jobs (`.sync`), nor task tokens (`.waitForTaskToken`), nor activities,
    /// nor distributed maps. Step Functions refuses such a definition, or the execution fails at that state.
    ///
    /// ## How to fix
    ///
    /// Make it a standard workflow, or start the work and let something else pick up the result.
    ///
    /// ## When to suppress
    ///
    /// Never: the state cannot work.
    ///
    /// ## Source
    ///
    /// AWS Step Functions developer guide, "Optimized integrations for Step Functions" (express workflows
    /// support request-response only) and "Distributed mode"; read 2026-11.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Flow:
    ///     Type: AWS::Serverless::StateMachine
    ///     Properties: {Definition: {StartAt: Ship, States: {Ship: {Type: Task, Resource: "arn:aws:states:::ecs:runTask.sync", Parameters: {Cluster: shop, TaskDefinition: ship}, End: true}}}, Type: EXPRESS}
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
    ///     flow: {type: EXPRESS, name: flow, definition: {StartAt: Ship, States: {Ship: {Type: Task, Resource: "arn:aws:states:::ecs:runTask.sync", Parameters: {Cluster: shop, TaskDefinition: ship}, End: true}}}}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Flow:
    ///     Type: AWS::StepFunctions::StateMachine
    ///     Properties: {RoleArn: !GetAtt Role.Arn, Definition: {StartAt: Ship, States: {Ship: {Type: Task, Resource: "arn:aws:states:::ecs:runTask.sync", Parameters: {Cluster: shop, TaskDefinition: ship}, End: true}}}, StateMachineType: EXPRESS}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Flow:
    ///     Type: AWS::Serverless::StateMachine
    ///     Properties: {Definition: {StartAt: Ship, States: {Ship: {Type: Task, Resource: "arn:aws:states:::ecs:runTask", Parameters: {Cluster: shop, TaskDefinition: ship}, End: true}}}, Type: EXPRESS}
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
    ///     flow: {type: EXPRESS, name: flow, definition: {StartAt: Ship, States: {Ship: {Type: Task, Resource: "arn:aws:states:::ecs:runTask", Parameters: {Cluster: shop, TaskDefinition: ship}, End: true}}}}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Flow:
    ///     Type: AWS::StepFunctions::StateMachine
    ///     Properties: {RoleArn: !GetAtt Role.Arn, Definition: {StartAt: Ship, States: {Ship: {Type: Task, Resource: "arn:aws:states:::ecs:runTask", Parameters: {Cluster: shop, TaskDefinition: ship}, End: true}}}, StateMachineType: EXPRESS}
    /// ```
    pub(super) static POLICY = "sfn-express-unsupported-integration" {
        category: Reliability, severity: High, profile: Recommended, fix: None, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    for (machine, resource) in machines::known(cx.graph) {
        if machine.express().value() != Some(true) {
            continue;
        }
        for state in machine.definition().states() {
            let task = state.task.as_ref().and_then(|task| Some((machines::waits_for(task)?, task.origin)));
            let (problem, origin) = match task {
                Some((awaited, origin)) => (format!("waits for {awaited}"), origin),
                None if state.distributed == Some(true) => ("is a distributed map".to_owned(), state.place),
                None => continue,
            };
            cx.report(
                Place::within(resource, origin),
                format!("state {} {problem}, but {} is an express workflow, which cannot", state.name, resource.id()),
            )
            .help(format!("make {} a standard workflow", resource.id()))
            .related(machine.express().origin(), "the type is set here");
        }
    }
}
