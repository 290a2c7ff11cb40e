use super::super::measure;
use super::warm;
use crate::graph::NodeKind;
use crate::policy;
use crate::policy::{Context, Place, Remedy};

policy! {
    /// More instances are kept warm than the function may use.
    ///
    /// ## Why it matters
    ///
    /// Provisioned concurrency counts against the reserved concurrency of the function. Lambda refuses
    /// to provision more than is reserved, and the deployment fails.
    ///
    /// ## How to fix
    ///
    /// Raise `ReservedConcurrentExecutions` above the sum of what all aliases and versions provision,
    /// with room for peaks, or provision less.
    ///
    /// ## When to suppress
    ///
    /// Never: Lambda refuses it.
    ///
    /// ## Source
    ///
    /// AWS Lambda developer guide, "Configuring provisioned concurrency for a function" (not above the
    /// reserved concurrency); as of 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, ReservedConcurrentExecutions: 10, AutoPublishAlias: live, ProvisionedConcurrencyConfig: {ProvisionedConcurrentExecutions: 20}}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, ReservedConcurrentExecutions: 30, AutoPublishAlias: live, ProvisionedConcurrencyConfig: {ProvisionedConcurrentExecutions: 20}}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   orders: {handler: app.main, reservedConcurrency: 3, provisionedConcurrency: 5}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   orders: {handler: app.main, reservedConcurrency: 10, provisionedConcurrency: 5}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, ReservedConcurrentExecutions: 4}
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
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, ReservedConcurrentExecutions: 5}
    ///   V1: {Type: AWS::Lambda::Version, Properties: {FunctionName: !Ref Orders}}
    ///   Live:
    ///     Type: AWS::Lambda::Alias
    ///     Properties: {FunctionName: !Ref Orders, Name: live, FunctionVersion: !GetAtt V1.Version, ProvisionedConcurrencyConfig: {ProvisionedConcurrentExecutions: 5}}
    /// ```
    pub(super) static POLICY = "provisioned-over-reserved" {
        category: WarmUp, severity: High, profile: Recommended, fix: Unsafe, since: "0.1.0", risks: ["SAS-08"], check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    for node in cx.graph.nodes_of(NodeKind::Function) {
        let Some(function) = measure::function(node) else { continue };
        let reserved = measure::bounds(function, &["ReservedConcurrentExecutions"], i64::MAX);
        let Some(reserved) = reserved.map(|bounds| bounds.max) else { continue };
        // What is not known or may not exist counts as nothing.
        let published = warm::published(node).filter(|alias| alias.exists() == Some(true));
        let kept: Vec<_> = published
            .filter_map(|alias| warm::instances(alias).map(|instances| (alias, instances.min)))
            .filter(|(_, instances)| *instances > 0)
            .collect();
        let sum: i64 = kept.iter().map(|(_, instances)| *instances).fold(0, i64::saturating_add);
        if sum <= reserved {
            continue;
        }
        let id = function.id();
        let mut report = cx
            .report(
                Place::property(function, &["ReservedConcurrentExecutions"]),
                format!("{id} reserves {reserved} instances, but {sum} are to be kept warm"),
            )
            .help(format!("reserve at least {sum} instances for {id}, or provision {reserved} or fewer"))
            .remedy(Remedy::risky(format!("Reserve {sum} instances for {id}")).put_own(
                function,
                &["ReservedConcurrentExecutions"],
                sum,
            ));
        for (alias, instances) in kept {
            report = report.related(
                Place::property(alias, &["ProvisionedConcurrencyConfig", "ProvisionedConcurrentExecutions"]),
                format!("{} keeps {instances}", alias.id()),
            );
        }
    }
}
