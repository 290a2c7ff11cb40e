use super::super::read;
use crate::policy;
use crate::policy::{Context, Place, Remedy};

policy! {
    /// A function takes no part in tracing.
    ///
    /// ## Why it matters
    ///
    /// Without active tracing, X-Ray shows neither cold starts of the function nor the time it spends
    /// in other services, and a trace that begins at an API ends there. The first 100,000 traces a
    /// month are free.
    ///
    /// ## How to fix
    ///
    /// Set `Tracing: Active` (SAM), `provider.tracing.lambda: true` (serverless.yml) or
    /// `TracingConfig: {Mode: Active}`, and allow the role to write to X-Ray.
    ///
    /// ## When to suppress
    ///
    /// Functions that are traced with OpenTelemetry or a vendor layer need no X-Ray.
    ///
    /// ## Source
    ///
    /// AWS Lambda developer guide, "Visualize Lambda function invocations using AWS X-Ray";
    /// serverless-rules WS1000; as of 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Tracing: Active}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   orders: {handler: app.main}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x, tracing: {lambda: true}}
    /// functions:
    ///   orders: {handler: app.main}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, TracingConfig: {Mode: PassThrough}}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, TracingConfig: {Mode: Active}}
    /// ```
    pub(super) static POLICY = "function-tracing-off" {
        category: Monitoring, severity: Low, profile: Strict, fix: Unsafe, since: "0.1.0", risks: ["SAS-05"], check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    for function in read::existing(cx.graph, "AWS::Lambda::Function") {
        let mode = function.property(&["TracingConfig", "Mode"]);
        if mode.is_absent() || mode.text().is_some_and(|mode| mode == "PassThrough") {
            cx.report(
                Place::property(function, &["TracingConfig", "Mode"]),
                format!("{} takes no part in tracing", function.id()),
            )
            .help("switch tracing to Active")
            .remedy(Remedy::risky(format!("Switch the tracing of {} on", function.id())).put(
                function,
                &["TracingConfig", "Mode"],
                "Active",
            ));
        }
    }
}
