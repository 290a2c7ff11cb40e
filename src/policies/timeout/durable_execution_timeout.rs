use super::super::measure;
use crate::facts::quotas::lambda::{DURABLE_EXECUTION_TIMEOUT, DURABLE_SYNC_TIMEOUT};
use crate::graph::NodeKind;
use crate::policy;
use crate::policy::{Context, Place, Remedy};

policy! {
    /// A durable function runs longer than those who wait for it may, or is given less than one call takes.
    ///
    /// Values outside of the range that Lambda accepts are reported by `durable-config-ranges`.
    ///
    /// ## Why it matters
    ///
    /// A durable execution may go on for a year, but a call that waits for its result lasts 15 minutes at
    /// most, and Lambda refuses a synchronous call of a function whose `ExecutionTimeout` is longer. An
    /// execution that may last less than the timeout of a single call ends in the middle of it.
    ///
    /// ## How to fix
    ///
    /// Call it asynchronously and let the client ask for the result, or set `ExecutionTimeout` to 900 or
    /// less. Keep `ExecutionTimeout` at or above the function's `Timeout`.
    ///
    /// ## When to suppress
    ///
    /// When the caller the template shows does not wait in fact.
    ///
    /// ## Source
    ///
    /// AWS Lambda developer guide, "Invoking durable functions" (synchronous invocations are limited to 15
    /// minutes) and the resource schema of `AWS::Lambda::Function` of 2026-10-20; read 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, DurableConfig: {ExecutionTimeout: 3600}, Events: {Get: {Type: HttpApi, Properties: {Path: /orders, Method: post}}}}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, DurableConfig: {ExecutionTimeout: 3600}, Events: {Daily: {Type: Schedule, Properties: {Schedule: rate(1 day)}}}}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Orders:
    ///       Type: AWS::Lambda::Function
    ///       Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, Timeout: 300, DurableConfig: {ExecutionTimeout: 60}}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Orders:
    ///       Type: AWS::Lambda::Function
    ///       Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, Timeout: 300, DurableConfig: {ExecutionTimeout: 600}}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, Timeout: 300, DurableConfig: {ExecutionTimeout: 60}}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, Timeout: 300, DurableConfig: {ExecutionTimeout: 600}}
    /// ```
    pub(super) static POLICY = "durable-execution-timeout" {
        category: Timeout, severity: High, profile: Recommended, fix: Sometimes, since: "0.1.0", check: check,
    }
}

const PATH: [&str; 2] = ["DurableConfig", "ExecutionTimeout"];

fn check(cx: &mut Context<'_>) {
    for node in cx.graph.nodes_of(NodeKind::Function) {
        let Some(function) = measure::function(node) else { continue };
        let Some(limit) = function.property(&PATH).int().filter(|limit| DURABLE_EXECUTION_TIMEOUT.contains(limit))
        else {
            continue;
        };
        let id = function.id();
        let caller = node.waiting().into_iter().next().filter(|_| limit > DURABLE_SYNC_TIMEOUT);
        if let Some(caller) = caller {
            cx.report(
                Place::property(function, &PATH),
                format!(
                    "an execution of {id} may last {limit} s, but {} waits for it, and a call that waits lasts {DURABLE_SYNC_TIMEOUT} s at most",
                    caller.name()
                ),
            )
            .help(format!("let {} start it asynchronously, or set ExecutionTimeout to {DURABLE_SYNC_TIMEOUT} or less", caller.name()))
            .related(caller, format!("{} waits for {id}", caller.name()));
            continue;
        }
        let Some(timeout) = measure::timeout(function).map(|bounds| bounds.min) else { continue };
        if limit < timeout {
            cx.report(
                Place::property(function, &PATH),
                format!("an execution of {id} may last {limit} s, less than the {timeout} s of a single call"),
            )
            .help(format!("set ExecutionTimeout to {timeout} or more, or lower the timeout of {id}"))
            .remedy(Remedy::risky(format!("Let an execution of {id} last {timeout} s")).put(function, &PATH, timeout))
            .related(Place::property(function, &["Timeout"]), format!("{id} may run {timeout} s"));
        }
    }
}
