use super::super::measure;
use super::warm;
use crate::policy;
use crate::policy::{Context, Place, Remedy};

policy! {
    /// A function has both snapshots and provisioned concurrency.
    ///
    /// ## Why it matters
    ///
    /// Lambda does not take both for one version; the deployment fails at the alias.
    ///
    /// ## How to fix
    ///
    /// Keep SnapStart where a start of some hundred milliseconds is good enough: it costs nothing while
    /// idle on Java. Keep provisioned concurrency where two-digit milliseconds are needed, and set
    /// SnapStart's `ApplyOn` to `None`.
    ///
    /// ## When to suppress
    ///
    /// Never: Lambda refuses it.
    ///
    /// ## Source
    ///
    /// AWS Lambda developer guide, "Improving startup performance with Lambda SnapStart" (no provisioned
    /// concurrency); as of 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: java21, Handler: app.main, CodeUri: src/, SnapStart: {ApplyOn: PublishedVersions}, AutoPublishAlias: live, ProvisionedConcurrencyConfig: {ProvisionedConcurrentExecutions: 5}}
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
    ///     V1: {Type: AWS::Lambda::Version, Properties: {FunctionName: !Ref Orders}}
    ///     Live:
    ///       Type: AWS::Lambda::Alias
    ///       Properties: {FunctionName: !Ref Orders, Name: live, FunctionVersion: !GetAtt V1.Version, ProvisionedConcurrencyConfig: {ProvisionedConcurrentExecutions: 5}}
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
    ///   V1: {Type: AWS::Lambda::Version, Properties: {FunctionName: !Ref Orders}}
    ///   Live:
    ///     Type: AWS::Lambda::Alias
    ///     Properties: {FunctionName: !Ref Orders, Name: live, FunctionVersion: !GetAtt V1.Version, ProvisionedConcurrencyConfig: {ProvisionedConcurrentExecutions: 5}}
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
    pub(super) static POLICY = "provisioned-with-snapstart" {
        category: WarmUp, severity: High, profile: Recommended, fix: Unsafe, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    for alias in warm::provisioned(cx.graph) {
        let Some(function) = warm::function_of(cx.graph, alias).and_then(measure::function) else { continue };
        if !warm::has_snapshots(function) {
            continue;
        }
        let id = function.id();
        cx.report(
            Place::property(function, &["SnapStart", "ApplyOn"]),
            format!(
                "{id} takes snapshots, and {} provisions concurrency for it; Lambda takes only one of them",
                alias.id()
            ),
        )
        .help(format!("remove SnapStart from {id}, or ProvisionedConcurrencyConfig from {}", alias.id()))
        .remedy(Remedy::risky(format!("Remove SnapStart from {id}")).remove_property(function, &["SnapStart"]))
        .related(
            Place::property(alias, &["ProvisionedConcurrencyConfig"]),
            "provisioned concurrency is asked for here",
        );
    }
}
