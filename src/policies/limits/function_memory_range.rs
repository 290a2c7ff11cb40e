use super::super::{read, remedies};
use crate::policy;
use crate::policy::{Context, Place};

/// Megabytes an ordinary function may have (Lambda quotas page, 2026-09).
const MAXIMUM: i64 = 10_240;
/// Megabytes a function on managed instances may have (resource schema of 2026-10-20).
const MAXIMUM_MANAGED: i64 = 32_768;

policy! {
    /// A function asks for an amount of memory that Lambda does not offer.
    ///
    /// ## Why it matters
    ///
    /// Lambda offers 128 to 10,240 MB in steps of 1 MB, and up to 32,768 MB only for functions that
    /// run on a capacity provider (managed instances). Any other number fails the deployment, and the
    /// whole stack update is rolled back.
    ///
    /// ## How to fix
    ///
    /// Choose between 128 and 10,240 MB. Memory also sets the share of CPU: 1,769 MB is one full
    /// vCPU.
    ///
    /// ## When to suppress
    ///
    /// Never: Lambda refuses the value.
    ///
    /// ## Source
    ///
    /// AWS Lambda developer guide, "Lambda quotas" (128 to 10,240 MB) and the resource schema of 2026-10-20
    /// for managed instances.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, MemorySize: 64}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, MemorySize: 1769}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   orders: {handler: app.main, memorySize: 12000}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   orders: {handler: app.main, memorySize: 1024}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, MemorySize: 20000}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, MemorySize: 10240}
    /// ```
    pub(super) static POLICY = "function-memory-range" {
        category: Limits, severity: High, profile: Recommended, fix: Safe, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    for function in cx.graph.existing("AWS::Lambda::Function") {
        let managed = !function.property(&["CapacityProviderConfig"]).is_absent();
        let maximum = if managed { MAXIMUM_MANAGED } else { MAXIMUM };
        let Some(memory) = read::number(function, &["MemorySize"], |memory| !(128..=maximum).contains(&memory)) else {
            continue;
        };
        cx.report(
            Place::property(function, &["MemorySize"]),
            format!("{} asks for {memory} MB of memory, but Lambda offers 128 to {maximum} MB", function.id()),
        )
        .help(format!("set the memory to {} MB or another number in that range", memory.clamp(128, maximum)))
        .remedy(remedies::set(function, &["MemorySize"], memory.clamp(128, maximum)));
    }
}
