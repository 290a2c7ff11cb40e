use super::super::{calls, grants, measure};
use crate::estimate::meters::lambda;
use crate::estimate::usage::Key;
use crate::graph::{Graph, NodeKind, NodeRef, Origin, Resource};
use crate::policy;
use crate::policy::{Context, Costs, Place};

policy! {
    /// A function is paid for the time it waits for somebody else's work.
    ///
    /// Reported are functions whose role names the action `states:StartSyncExecution` for a state machine, at a
    /// price for each million calls and second of waiting; and functions that wait for another function, where a
    /// `dewline.usage.yaml` gives the rate and the duration and the waiting costs a dollar a month or more
    /// (`lambda-invokes-lambda-sync` reports such calls without prices).
    ///
    /// ## Why it matters
    ///
    /// Lambda bills the time from the first to the last instruction. A function that waits holds its memory and
    /// one place of the account's concurrency, and does nothing.
    ///
    /// ## How to fix
    ///
    /// Let the caller of the function start the state machine itself: API Gateway can, by an integration.
    /// Otherwise hand the work over and go on: an event, a queue, a task token. Where the function must wait,
    /// give the waiting to one with little memory.
    ///
    /// ## When to suppress
    ///
    /// When the wait is short and the answer is needed in code.
    ///
    /// ## Source
    ///
    /// AWS Lambda pricing (duration); AWS Lambda operator guide, "Anti-patterns in Lambda-based applications";
    /// AWS Step Functions API reference, `StartSyncExecution`; read 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,file:dewline.usage.yaml
    /// version: 1
    /// resource_usage:
    ///   Asks: {monthly_requests: 5000000, request_duration_ms: 900}
    ///   Answers: {request_duration_ms: 800}
    /// ```
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Checkout: {Type: AWS::Serverless::StateMachine, Properties: {Type: EXPRESS, Definition: {StartAt: Done, States: {Done: {Type: Succeed}}}}}
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, MemorySize: 1024, Policies: [{Statement: [{Effect: Allow, Action: states:StartSyncExecution, Resource: !Ref Checkout}]}]}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Checkout: {Type: AWS::Serverless::StateMachine, Properties: {Definition: {StartAt: Done, States: {Done: {Type: Succeed}}}}}
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, MemorySize: 1024, Policies: [{StepFunctionsExecutionPolicy: {StateMachineName: !GetAtt Checkout.Name}}]}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x, iam: {role: {statements: [{Effect: Allow, Action: [states:StartSyncExecution], Resource: {Ref: Checkout}}]}}}
    /// functions:
    ///   orders: {handler: app.main}
    /// resources:
    ///   Resources:
    ///     Checkout: {Type: AWS::StepFunctions::StateMachine, Properties: {StateMachineType: EXPRESS, RoleArn: "arn:aws:iam::123456789012:role/r", DefinitionString: '{"StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}}'}}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x, iam: {role: {statements: [{Effect: Allow, Action: [states:StartExecution], Resource: {Ref: Checkout}}]}}}
    /// functions:
    ///   orders: {handler: app.main}
    /// resources:
    ///   Resources:
    ///     Checkout: {Type: AWS::StepFunctions::StateMachine, Properties: {RoleArn: "arn:aws:iam::123456789012:role/r", DefinitionString: '{"StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}}'}}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Asks:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, MemorySize: 512, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, Environment: {Variables: {PRICE: !Ref Answers}}}
    ///   Answers:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: "arn:aws:iam::123456789012:role/r"}
    ///   Role:
    ///     Type: AWS::IAM::Role
    ///     Properties:
    ///       AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Action: sts:AssumeRole, Principal: {Service: lambda.amazonaws.com}}]}
    ///       Policies: [{PolicyName: call, PolicyDocument: {Statement: [{Effect: Allow, Action: lambda:InvokeFunction, Resource: !GetAtt Answers.Arn}]}}]
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Waits:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, MemorySize: 512, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, Environment: {Variables: {PRICE: !Ref Answers}}}
    ///   Answers:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: "arn:aws:iam::123456789012:role/r"}
    ///   Role:
    ///     Type: AWS::IAM::Role
    ///     Properties:
    ///       AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Action: sts:AssumeRole, Principal: {Service: lambda.amazonaws.com}}]}
    ///       Policies: [{PolicyName: call, PolicyDocument: {Statement: [{Effect: Allow, Action: lambda:InvokeFunction, Resource: !GetAtt Answers.Arn}]}}]
    /// ```
    pub(super) static POLICY = "sync-wait-cost" {
        category: Cost, severity: Low, profile: Recommended, fix: None, since: "0.1.0", check: check,
    }
}

/// Dollars a month that are worth a finding where the rate is known.
const WORTH: f64 = 1.0;
const SYNC: &str = "states:StartSyncExecution";

/// One function that waits.
struct Wait<'g> {
    from: Resource<'g>,
    caller: NodeRef<'g>,
    awaited: NodeRef<'g>,
    place: Origin,
}

fn check(cx: &mut Context<'_>) {
    let (machines, functions) = (for_machines(cx.graph), calls::calls(cx.graph));
    if machines.is_empty() && functions.is_empty() {
        return;
    }
    let costs = cx.costs();
    for wait in machines {
        let Some(second) = second(costs, wait.caller) else { continue };
        let (id, name) = (wait.from.id(), wait.awaited.name());
        let known = monthly(costs, &wait, Key::WorkflowDurationMs, second);
        let price = known.map_or_else(
            || format!("each second costs {} a million calls{}", costs.money(second * 1e6), costs.basis()),
            |known| format!("that costs {} a month{}", costs.money(known), costs.basis()),
        );
        cx.report(
            Place::within(wait.from, wait.place),
            format!("{id} may start {name} and wait for its end: {price}, on top of the state machine"),
        )
        .help(format!("let the caller of {id} start {name} by an integration, or start it and go on"))
        .related(wait.awaited, format!("{name} is waited for"));
    }
    for call in functions {
        let wait = Wait { from: call.from, caller: call.caller, awaited: call.callee, place: call.place };
        let known = second(costs, wait.caller)
            .and_then(|second| monthly(costs, &wait, Key::RequestDurationMs, second))
            .filter(|known| *known >= WORTH);
        let Some(known) = known else { continue };
        let (id, name) = (call.from.id(), call.to.id());
        cx.report(
            Place::within(call.from, call.place),
            format!("{id} waits for {name}, and that costs {} a month{}", costs.money(known), costs.basis()),
        )
        .help(format!("hand the work to {name} by a queue or an event, or let a state machine call both"))
        .related(call.to, format!("{name} is billed for the same time"));
    }
}

/// Functions whose role names the action for a state machine of the template.
fn for_machines(graph: &Graph) -> Vec<Wait<'_>> {
    let mut found: Vec<Wait<'_>> = Vec::new();
    for machine in graph.nodes_of(NodeKind::StateMachine) {
        let exists = |machine: Resource<'_>| machine.exists() != Some(false);
        if !machine.resource().is_some_and(exists) {
            continue;
        }
        for caller in graph.nodes_of(NodeKind::Function) {
            let Some(from) = measure::function(caller) else { continue };
            // Waiting inside a durable function is not billed.
            if !from.property(&["DurableConfig"]).is_absent() {
                continue;
            }
            let grants = grants::grants(caller, machine, &[SYNC]);
            // `states:*` says nothing about waiting, and a role that several share little about any of them.
            let named = grants.iter().find(|grant| {
                let actions = grant.role.statements().iter().flat_map(|statement| &statement.actions);
                let exact =
                    actions.filter_map(|action| action.text.as_deref()).any(|text| text.eq_ignore_ascii_case(SYNC));
                exact && grant.role.users().filter(|user| user.kind() == NodeKind::Function).count() == 1
            });
            if let Some(grant) = named {
                found.push(Wait { from, caller, awaited: machine, place: grant.origin() });
            }
        }
    }
    found
}

/// What a second of a function costs.
fn second(costs: Costs<'_>, function: NodeRef<'_>) -> Option<f64> {
    let shape = lambda::shape(function);
    let meter = if shape.arm { "lambda.duration.arm" } else { "lambda.duration.x86" };
    Some(costs.price(meter)? * shape.memory_mb / 1024.0)
}

/// What the waiting costs a month: the calls of the caller, as often as it calls for each of them
/// (once unless the usage file says otherwise), by the duration that the usage file gives for `key`
/// of what it waits for.
fn monthly(costs: Costs<'_>, wait: &Wait<'_>, key: Key, second: f64) -> Option<f64> {
    let usage = costs.usage();
    let (name, ty) = (wait.awaited.name(), wait.awaited.resource()?.ty());
    let seconds = usage.amount(name, ty, key)?.range.expected / 1000.0;
    let calls = costs.events(wait.caller.name())?;
    let each = usage.calls(wait.caller.name(), name).and_then(|calls| calls.reads.as_ref());
    let each = each.map_or(1.0, |calls| calls.range.expected);
    Some(calls * each * seconds * second)
}
