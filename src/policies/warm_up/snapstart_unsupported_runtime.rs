use super::super::read;
use crate::policy;
use crate::policy::{Context, Place, Remedy};

policy! {
    /// A function asks for SnapStart on a runtime that does not have it.
    ///
    /// ## Why it matters
    ///
    /// SnapStart works for Java 11, Python 3.12 and .NET 8 and later versions of these, and not for
    /// container images. Elsewhere the deployment fails.
    ///
    /// ## How to fix
    ///
    /// Remove `SnapStart`, or move to a runtime that has it.
    ///
    /// ## When to suppress
    ///
    /// Never: Lambda refuses it.
    ///
    /// ## Source
    ///
    /// AWS Lambda developer guide, "Improving startup performance with Lambda SnapStart" (Java 11, Python
    /// 3.12, .NET 8 and later); cfn-lint E2530; as of 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Handler: app.main, CodeUri: src/, AutoPublishAlias: live, Runtime: nodejs24.x, SnapStart: {ApplyOn: PublishedVersions}}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Handler: app.main, CodeUri: src/, AutoPublishAlias: live, Runtime: java21, SnapStart: {ApplyOn: PublishedVersions}}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   orders: {handler: app.main, snapStart: true}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   orders: {handler: app.main, runtime: java21, snapStart: true}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, Runtime: python3.11, SnapStart: {ApplyOn: PublishedVersions}}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, Runtime: python3.13, SnapStart: {ApplyOn: PublishedVersions}}
    /// ```
    pub(super) static POLICY = "snapstart-unsupported-runtime" {
        category: WarmUp, severity: High, profile: Recommended, fix: Safe, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    for function in cx.graph.existing("AWS::Lambda::Function") {
        let path = ["SnapStart", "ApplyOn"];
        if read::text(function, &path, |on| on == "PublishedVersions").is_none() {
            continue;
        }
        let image = function.property(&["PackageType"]).text().is_some_and(|kind| kind == "Image");
        let runtime = read::text(function, &["Runtime"], |runtime| !has_snap_start(runtime));
        let what = match runtime {
            _ if image => "a container image".to_owned(),
            Some(runtime) => format!("the runtime {runtime}"),
            None => continue,
        };
        cx.report(
            Place::property(function, &path),
            format!("{} asks for SnapStart, which {what} does not have", function.id()),
        )
        .help("remove SnapStart, or use Java 11, Python 3.12 or .NET 8 or later")
        .remedy(
            Remedy::safe(format!("Remove SnapStart from {}", function.id())).remove_property(function, &["SnapStart"]),
        );
    }
}

/// Whether the runtime has `SnapStart` (Lambda developer guide, 2026-09).
fn has_snap_start(runtime: &str) -> bool {
    let version = |prefix: &str, least: u32| {
        let rest = runtime.strip_prefix(prefix)?;
        let digits = rest.split(|c: char| !c.is_ascii_digit()).next()?;
        Some(digits.parse::<u32>().ok()? >= least)
    };
    version("java", 11).or_else(|| version("python3.", 12)).or_else(|| version("dotnet", 8)).unwrap_or(false)
}
