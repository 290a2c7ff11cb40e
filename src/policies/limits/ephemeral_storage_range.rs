use super::super::{read, remedies};
use crate::policy;
use crate::policy::{Context, Place};

/// Megabytes of `/tmp` an ordinary function may have (Lambda quotas page, 2026-09).
const MAXIMUM: i64 = 10_240;
/// Megabytes of `/tmp` on managed instances (resource schema of 2026-10-20).
const MAXIMUM_MANAGED: i64 = 32_768;

policy! {
    /// A function asks for a size of /tmp that Lambda does not offer.
    ///
    /// ## Why it matters
    ///
    /// The `/tmp` folder of a function can have 512 to 10,240 MB, and up to 32,768 MB only on a
    /// capacity provider (managed instances). Any other number fails the deployment. The first 512 MB
    /// are free; the rest is billed for as long as the function runs.
    ///
    /// ## How to fix
    ///
    /// Choose between 512 and 10,240 MB. Larger files belong in S3, read as a stream, or on a file
    /// system mounted into the function.
    ///
    /// ## When to suppress
    ///
    /// Never: Lambda refuses the value.
    ///
    /// ## Source
    ///
    /// AWS Lambda developer guide, "Configure ephemeral storage" (512 to 10,240 MB) and the resource schema
    /// of 2026-10-20 for managed instances.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, EphemeralStorage: {Size: 256}}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, EphemeralStorage: {Size: 2048}}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   orders: {handler: app.main, ephemeralStorageSize: 20480}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   orders: {handler: app.main, ephemeralStorageSize: 1024}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, EphemeralStorage: {Size: 20480}}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, EphemeralStorage: {Size: 10240}}
    /// ```
    pub(super) static POLICY = "ephemeral-storage-range" {
        category: Limits, severity: High, profile: Recommended, fix: Safe, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    for function in cx.graph.existing("AWS::Lambda::Function") {
        let managed = !function.property(&["CapacityProviderConfig"]).is_absent();
        let maximum = if managed { MAXIMUM_MANAGED } else { MAXIMUM };
        let path = ["EphemeralStorage", "Size"];
        let Some(size) = read::number(function, &path, |size| !(512..=maximum).contains(&size)) else { continue };
        cx.report(
            Place::property(function, &path),
            format!("{} asks for {size} MB of /tmp, but Lambda offers 512 to {maximum} MB", function.id()),
        )
        .help(format!("set the size to {} MB or another number in that range", size.clamp(512, maximum)))
        .remedy(remedies::set(function, &path, size.clamp(512, maximum)));
    }
}
