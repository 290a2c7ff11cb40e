use super::super::read;
use super::warm;
use crate::policy;
use crate::policy::{Context, Place};

policy! {
    /// Provisioned concurrency is asked for on the unpublished version.
    ///
    /// ## Why it matters
    ///
    /// Lambda keeps instances of published versions only: `$LATEST` may change at any moment. The
    /// deployment fails when it comes to the alias.
    ///
    /// ## How to fix
    ///
    /// Publish a version and let the alias point at it: an `AWS::Lambda::Version` in CloudFormation,
    /// `AutoPublishAlias` in SAM. serverless.yml does so by itself for `provisionedConcurrency`.
    ///
    /// ## When to suppress
    ///
    /// Never: Lambda refuses it.
    ///
    /// ## Source
    ///
    /// AWS Lambda developer guide, "Configuring provisioned concurrency for a function" (a version or an
    /// alias, not `$LATEST`); as of 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Transform: AWS::Serverless-2016-10-31
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn}
    ///   Live:
    ///     Type: AWS::Lambda::Alias
    ///     Properties: {FunctionName: !Ref Orders, Name: live, FunctionVersion: $LATEST, ProvisionedConcurrencyConfig: {ProvisionedConcurrentExecutions: 5}}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Transform: AWS::Serverless-2016-10-31
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn}
    ///   V1: {Type: AWS::Lambda::Version, Properties: {FunctionName: !Ref Orders}}
    ///   Live:
    ///     Type: AWS::Lambda::Alias
    ///     Properties: {FunctionName: !Ref Orders, Name: live, FunctionVersion: !GetAtt V1.Version, ProvisionedConcurrencyConfig: {ProvisionedConcurrentExecutions: 5}}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Orders:
    ///       Type: AWS::Lambda::Function
    ///       Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn}
    ///     Live:
    ///       Type: AWS::Lambda::Alias
    ///       Properties: {FunctionName: !Ref Orders, Name: live, FunctionVersion: $LATEST, ProvisionedConcurrencyConfig: {ProvisionedConcurrentExecutions: 5}}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Orders:
    ///       Type: AWS::Lambda::Function
    ///       Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn}
    ///     V1: {Type: AWS::Lambda::Version, Properties: {FunctionName: !Ref Orders}}
    ///     Live:
    ///       Type: AWS::Lambda::Alias
    ///       Properties: {FunctionName: !Ref Orders, Name: live, FunctionVersion: !GetAtt V1.Version, ProvisionedConcurrencyConfig: {ProvisionedConcurrentExecutions: 5}}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn}
    ///   Live:
    ///     Type: AWS::Lambda::Alias
    ///     Properties: {FunctionName: !Ref Orders, Name: live, FunctionVersion: $LATEST, ProvisionedConcurrencyConfig: {ProvisionedConcurrentExecutions: 5}}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn}
    ///   V1: {Type: AWS::Lambda::Version, Properties: {FunctionName: !Ref Orders}}
    ///   Live:
    ///     Type: AWS::Lambda::Alias
    ///     Properties: {FunctionName: !Ref Orders, Name: live, FunctionVersion: !GetAtt V1.Version, ProvisionedConcurrencyConfig: {ProvisionedConcurrentExecutions: 5}}
    /// ```
    pub(super) static POLICY = "provisioned-concurrency-on-latest" {
        category: WarmUp, severity: High, profile: Recommended, fix: None, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    for alias in warm::provisioned(cx.graph) {
        if read::text(alias, &["FunctionVersion"], |version| version == "$LATEST").is_none() {
            continue;
        }
        let function = warm::function_of(cx.graph, alias).map_or("its function", |function| function.name());
        cx.report(
            Place::property(alias, &["FunctionVersion"]),
            format!(
                "{} keeps instances of $LATEST of {function} warm, but only published versions can be kept warm",
                alias.id()
            ),
        )
        .help(format!("publish a version of {function} and name it in FunctionVersion (SAM: AutoPublishAlias)"))
        .related(
            Place::property(alias, &["ProvisionedConcurrencyConfig"]),
            "provisioned concurrency is asked for here",
        );
    }
}
