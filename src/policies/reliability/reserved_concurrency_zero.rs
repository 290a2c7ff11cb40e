use super::super::read;
use crate::policy;
use crate::policy::{Context, Place, Remedy};

policy! {
    /// A function can never run: its reserved concurrency is zero.
    ///
    /// ## Why it matters
    ///
    /// A reserved concurrency of 0 throttles every invocation. Synchronous callers get errors,
    /// asynchronous events are retried for six hours and then lost.
    ///
    /// ## How to fix
    ///
    /// Remove the setting, or set it to at least 1.
    ///
    /// ## When to suppress
    ///
    /// Zero is a kill switch during an incident; suppress the finding with the reason while it lasts.
    ///
    /// ## Source
    ///
    /// AWS Lambda developer guide, "Configuring reserved concurrency for a function" (0 stops all
    /// invocations); as of 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, ReservedConcurrentExecutions: 0}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, ReservedConcurrentExecutions: 5}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   orders: {handler: app.main, reservedConcurrency: 0}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   orders: {handler: app.main, reservedConcurrency: 5}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, ReservedConcurrentExecutions: 0}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, ReservedConcurrentExecutions: 1}
    /// ```
    pub(super) static POLICY = "reserved-concurrency-zero" {
        category: Reliability, severity: High, profile: Recommended, fix: Unsafe, since: "0.1.0", risks: ["SAS-08"], check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    for function in cx.graph.existing("AWS::Lambda::Function") {
        let path = ["ReservedConcurrentExecutions"];
        if read::number(function, &path, |number| number == 0).is_some() {
            cx.report(
                Place::property(function, &path),
                format!("{} can never run: its reserved concurrency is 0", function.id()),
            )
            .help("remove the setting, or set it to at least 1")
            .remedy(
                Remedy::risky(format!("Let {} run again: remove the limit of 0", function.id()))
                    .remove_property(function, &path),
            );
        }
    }
}
