use super::super::read;
use super::{scaling, warm};
use crate::policy;
use crate::policy::{Context, Place};

policy! {
    /// Provisioned concurrency stays the same day and night.
    ///
    /// ## Why it matters
    ///
    /// Every kept instance is paid for by the second, used or not, and calls beyond their number start
    /// cold. A fixed number is too high at night and too low at the peak.
    ///
    /// ## How to fix
    ///
    /// Register the alias as a scalable target of Application Auto Scaling
    /// (`lambda:function:ProvisionedConcurrency`) and add target tracking at about 0.7 of the
    /// utilisation, or scheduled actions where the load is known ahead.
    ///
    /// ## When to suppress
    ///
    /// When the load is even, or a small fixed number is kept for latency alone.
    ///
    /// ## Source
    ///
    /// AWS Lambda developer guide, "Managing provisioned concurrency with Application Auto Scaling"; as of
    /// 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, AutoPublishAlias: live, ProvisionedConcurrencyConfig: {ProvisionedConcurrentExecutions: 5}}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, AutoPublishAlias: live, ProvisionedConcurrencyConfig: {ProvisionedConcurrentExecutions: 5}}
    ///   Target:
    ///     Type: AWS::ApplicationAutoScaling::ScalableTarget
    ///     Properties: {ServiceNamespace: lambda, ScalableDimension: "lambda:function:ProvisionedConcurrency", ResourceId: !Sub "function:${Orders}:live", MinCapacity: 1, MaxCapacity: 20}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   orders: {handler: app.main, provisionedConcurrency: 5}
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
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn}
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
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn}
    ///   V1: {Type: AWS::Lambda::Version, Properties: {FunctionName: !Ref Orders}}
    ///   Live:
    ///     Type: AWS::Lambda::Alias
    ///     Properties: {FunctionName: !Ref Orders, Name: live, FunctionVersion: !GetAtt V1.Version, ProvisionedConcurrencyConfig: {ProvisionedConcurrentExecutions: 5}}
    ///   Target:
    ///     Type: AWS::ApplicationAutoScaling::ScalableTarget
    ///     Properties: {ServiceNamespace: lambda, ScalableDimension: "lambda:function:ProvisionedConcurrency", ResourceId: !Sub "function:${Orders}:live", MinCapacity: 1, MaxCapacity: 20}
    /// ```
    pub(super) static POLICY = "provisioned-without-autoscaling" {
        category: WarmUp, severity: Low, profile: Recommended, fix: None, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    if cx.graph.is_open() {
        return;
    }
    for alias in warm::provisioned(cx.graph) {
        let Some(function) = warm::function_of(cx.graph, alias) else { continue };
        if scaling::scales(cx.graph, function) != Some(false) {
            continue;
        }
        let (id, name) = (alias.id(), function.name());
        let kept = match warm::instances(alias) {
            Some(instances) if instances.min == instances.max => {
                read::count(usize::try_from(instances.min).unwrap_or_default(), "instance")
            }
            _ => "a fixed number of instances".to_owned(),
        };
        let costs = cx.costs();
        let warm = costs.estimate().warm.iter().find(|warm| warm.name == id && warm.monthly > 0.0);
        let price = warm
            .map(|warm| format!(", for {} a month before the first call{}", costs.money(warm.monthly), costs.basis()));
        cx.report(
            Place::property(alias, &["ProvisionedConcurrencyConfig", "ProvisionedConcurrentExecutions"]),
            format!("{id} keeps {kept} of {name} warm at all hours{}; nothing scales them", price.unwrap_or_default()),
        )
        .help(format!("add a scalable target and a scaling policy for function:{name} and the alias"));
    }
}
