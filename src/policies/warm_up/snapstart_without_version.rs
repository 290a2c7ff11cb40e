use super::super::measure;
use super::warm;
use crate::graph::NodeKind;
use crate::policy;
use crate::policy::{Context, Place};

policy! {
    /// A function asks for snapshots, but no version of it is published.
    ///
    /// ## Why it matters
    ///
    /// Lambda takes the snapshot when a version is published and uses it for calls of that version.
    /// Without a version every call reaches `$LATEST` and starts cold, as if SnapStart were off.
    ///
    /// ## How to fix
    ///
    /// Publish versions (`AutoPublishAlias` in SAM, `AWS::Lambda::Version` in CloudFormation,
    /// `versionFunctions: true` in serverless.yml) and let the triggers call the alias or version.
    ///
    /// ## When to suppress
    ///
    /// When a deployment tool outside the template publishes versions.
    ///
    /// ## Source
    ///
    /// AWS Lambda developer guide, "Improving startup performance with Lambda SnapStart" (published
    /// versions only); cfn-lint W2530; as of 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: java21, Handler: app.main, CodeUri: src/, SnapStart: {ApplyOn: PublishedVersions}}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: java21, Handler: app.main, CodeUri: src/, SnapStart: {ApplyOn: PublishedVersions}, AutoPublishAlias: live}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Orders:
    ///       Type: AWS::Lambda::Function
    ///       Properties: {Runtime: java21, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, SnapStart: {ApplyOn: PublishedVersions}}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Orders:
    ///       Type: AWS::Lambda::Function
    ///       Properties: {Runtime: java21, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, SnapStart: {ApplyOn: PublishedVersions}}
    ///     V1: {Type: AWS::Lambda::Version, Properties: {FunctionName: !Ref Orders}}
    ///     Live:
    ///       Type: AWS::Lambda::Alias
    ///       Properties: {FunctionName: !Ref Orders, Name: live, FunctionVersion: !GetAtt V1.Version}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: java21, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, SnapStart: {ApplyOn: PublishedVersions}}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: java21, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, SnapStart: {ApplyOn: PublishedVersions}}
    ///   V1: {Type: AWS::Lambda::Version, Properties: {FunctionName: !Ref Orders}}
    ///   Live:
    ///     Type: AWS::Lambda::Alias
    ///     Properties: {FunctionName: !Ref Orders, Name: live, FunctionVersion: !GetAtt V1.Version}
    /// ```
    pub(super) static POLICY = "snapstart-without-version" {
        category: WarmUp, severity: Medium, profile: Recommended, fix: None, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    if cx.graph.is_open() || warm::has_stray_versions(cx.graph) {
        return;
    }
    for node in cx.graph.nodes_of(NodeKind::Function) {
        let Some(function) = measure::function(node) else { continue };
        if !warm::has_snapshots(function) || warm::published(node).next().is_some() {
            continue;
        }
        let id = function.id();
        cx.report(
            Place::property(function, &["SnapStart", "ApplyOn"]),
            format!("{id} asks for snapshots of published versions, but the template publishes none"),
        )
        .help(format!(
            "publish a version of {id} behind an alias (SAM: AutoPublishAlias) and let its triggers call the alias"
        ));
    }
}
