use super::super::{read, remedies};
use crate::policy;
use crate::policy::{Context, Place};

/// Property, least and greatest number, unit (resource schema of 2026-10-20).
const RANGES: [(&str, i64, i64, &str); 2] =
    [("ExecutionTimeout", 1, 31_622_400, " s"), ("RetentionPeriodInDays", 1, 90, " days")];

policy! {
    /// The settings of a durable function are outside the range Lambda accepts.
    ///
    /// ## Why it matters
    ///
    /// An execution of a durable function lasts 1 second to 366 days (31,622,400 s), and its history
    /// is kept for 1 to 90 days. Other numbers fail the deployment.
    ///
    /// ## How to fix
    ///
    /// Set `ExecutionTimeout` to 1 to 31,622,400 seconds and `RetentionPeriodInDays` to 1 to 90.
    ///
    /// ## When to suppress
    ///
    /// Never: Lambda refuses the value.
    ///
    /// ## Source
    ///
    /// Resource schema of `AWS::Lambda::Function` of 2026-10-20 (`DurableConfig`); AWS Lambda developer
    /// guide, "Lambda durable functions".
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, DurableConfig: {ExecutionTimeout: 3600, RetentionPeriodInDays: 365}}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, DurableConfig: {ExecutionTimeout: 3600, RetentionPeriodInDays: 90}}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Orders:
    ///       Type: AWS::Lambda::Function
    ///       Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, DurableConfig: {ExecutionTimeout: 40000000}}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Orders:
    ///       Type: AWS::Lambda::Function
    ///       Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, DurableConfig: {ExecutionTimeout: 31622400}}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, DurableConfig: {ExecutionTimeout: 40000000}}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, DurableConfig: {ExecutionTimeout: 31622400}}
    /// ```
    pub(super) static POLICY = "durable-config-ranges" {
        category: Limits, severity: High, profile: Recommended, fix: Safe, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    for function in cx.graph.existing("AWS::Lambda::Function") {
        for (name, least, greatest, unit) in RANGES {
            let path = ["DurableConfig", name];
            let outside = |number: i64| !(least..=greatest).contains(&number);
            let Some(number) = read::number(function, &path, outside) else { continue };
            cx.report(
                Place::property(function, &path),
                format!(
                    "{} sets {name} to {number}{unit}, but Lambda accepts {least} to {greatest}{unit}",
                    function.id()
                ),
            )
            .help(format!("set {name} to {}", number.clamp(least, greatest)))
            .remedy(remedies::set(function, &path, number.clamp(least, greatest)));
        }
    }
}
