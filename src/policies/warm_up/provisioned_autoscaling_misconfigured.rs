use super::{scaling, warm};
use crate::graph::{EdgeKind, NodeKind, Resource};
use crate::policy;
use crate::policy::{Context, Place};

policy! {
    /// Scaling of provisioned concurrency that cannot work: an alias that is not there, bounds or a target value out of range.
    ///
    /// ## Why it matters
    ///
    /// A scalable target names the function and its alias in text, which nothing checks before the
    /// deployment. With an alias that does not exist the registration fails; a minimum above the maximum is
    /// refused; a target value is a share of use, so that 70 instead of 0.7 is never reached and nothing is
    /// ever scaled.
    ///
    /// ## How to fix
    ///
    /// Name the alias as `function:NAME:ALIAS`, keep `MinCapacity` at or below `MaxCapacity`, and set
    /// `TargetValue` between 0.1 and 0.9; 0.7 is usual.
    ///
    /// ## When to suppress
    ///
    /// When the alias is made outside of the template.
    ///
    /// ## Source
    ///
    /// AWS Lambda developer guide, "Configuring provisioned concurrency for a function", section on
    /// Application Auto Scaling; AWS Application Auto Scaling API reference, RegisterScalableTarget; read
    /// 2026-11.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, FunctionName: orders, AutoPublishAlias: live}
    ///   Scaled:
    ///     Type: AWS::ApplicationAutoScaling::ScalableTarget
    ///     Properties: {ServiceNamespace: lambda, ScalableDimension: "lambda:function:ProvisionedConcurrency", ResourceId: "function:orders:prod", MinCapacity: 1, MaxCapacity: 9}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, FunctionName: orders, AutoPublishAlias: live}
    ///   Scaled:
    ///     Type: AWS::ApplicationAutoScaling::ScalableTarget
    ///     DependsOn: OrdersAliaslive
    ///     Properties: {ServiceNamespace: lambda, ScalableDimension: "lambda:function:ProvisionedConcurrency", ResourceId: "function:orders:live", MinCapacity: 1, MaxCapacity: 9}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Scaled:
    ///     Type: AWS::ApplicationAutoScaling::ScalableTarget
    ///     Properties: {ServiceNamespace: lambda, ScalableDimension: "lambda:function:ProvisionedConcurrency", ResourceId: "function:orders:live", MinCapacity: 1, MaxCapacity: 9}
    ///   Follow:
    ///     Type: AWS::ApplicationAutoScaling::ScalingPolicy
    ///     Properties: {PolicyName: use, PolicyType: TargetTrackingScaling, ScalingTargetId: !Ref Scaled, TargetTrackingScalingPolicyConfiguration: {TargetValue: 70, PredefinedMetricSpecification: {PredefinedMetricType: LambdaProvisionedConcurrencyUtilization}}}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Scaled:
    ///     Type: AWS::ApplicationAutoScaling::ScalableTarget
    ///     Properties: {ServiceNamespace: lambda, ScalableDimension: "lambda:function:ProvisionedConcurrency", ResourceId: "function:orders:live", MinCapacity: 1, MaxCapacity: 9}
    ///   Follow:
    ///     Type: AWS::ApplicationAutoScaling::ScalingPolicy
    ///     Properties: {PolicyName: use, PolicyType: TargetTrackingScaling, ScalingTargetId: !Ref Scaled, TargetTrackingScalingPolicyConfiguration: {TargetValue: 0.7, PredefinedMetricSpecification: {PredefinedMetricType: LambdaProvisionedConcurrencyUtilization}}}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   orders: {handler: app.main, name: orders, provisionedConcurrency: 2}
    /// resources:
    ///   Resources:
    ///     Scaled:
    ///       Type: AWS::ApplicationAutoScaling::ScalableTarget
    ///       DependsOn: OrdersProvConcLambdaAlias
    ///       Properties: {ServiceNamespace: lambda, ScalableDimension: "lambda:function:ProvisionedConcurrency", ResourceId: "function:orders:provisioned", MinCapacity: 9, MaxCapacity: 2}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   orders: {handler: app.main, name: orders, provisionedConcurrency: 2}
    /// resources:
    ///   Resources:
    ///     Scaled:
    ///       Type: AWS::ApplicationAutoScaling::ScalableTarget
    ///       DependsOn: OrdersProvConcLambdaAlias
    ///       Properties: {ServiceNamespace: lambda, ScalableDimension: "lambda:function:ProvisionedConcurrency", ResourceId: "function:orders:provisioned", MinCapacity: 2, MaxCapacity: 9}
    /// ```
    pub(super) static POLICY = "provisioned-autoscaling-misconfigured" {
        category: WarmUp, severity: Medium, profile: Recommended, fix: None, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    let lambda = |target: &Resource<'_>| {
        let namespace = target.property(&["ServiceNamespace"]).text();
        target.exists() != Some(false) && namespace.is_some_and(|namespace| namespace == "lambda")
    };
    let targets: Vec<Resource<'_>> = scaling::targets(cx.graph).filter(lambda).collect();
    for target in targets {
        bounds(cx, target);
        alias(cx, target);
    }
    let policies: Vec<Resource<'_>> = cx.graph.resources_of("AWS::ApplicationAutoScaling::ScalingPolicy").collect();
    for scaling in policies {
        let at = ["TargetTrackingScalingPolicyConfiguration", "TargetValue"];
        let metric =
            ["TargetTrackingScalingPolicyConfiguration", "PredefinedMetricSpecification", "PredefinedMetricType"];
        let of_use = scaling.property(&metric).text();
        let value = scaling.property(&at).text().and_then(|value| value.parse::<f64>().ok());
        let value = value.or_else(|| scaling.property(&at).int().map(|value| value as f64));
        let Some(value) = value.filter(|value| !(0.1..=0.9).contains(value)) else { continue };
        if of_use.is_some_and(|metric| metric == "LambdaProvisionedConcurrencyUtilization") {
            cx.report(
                Place::property(scaling, &at),
                format!("{} tracks a use of {value}, which is a share between 0.1 and 0.9", scaling.id()),
            )
            .help("set TargetValue to 0.7");
        }
    }
}

fn bounds(cx: &mut Context<'_>, target: Resource<'_>) {
    let number = |name: &str| target.property(&[name]).int();
    let Some((min, max)) = number("MinCapacity").zip(number("MaxCapacity")).filter(|(min, max)| min > max) else {
        return;
    };
    cx.report(
        Place::property(target, &["MinCapacity"]),
        format!("{} keeps at least {min} environments and at most {max}", target.id()),
    )
    .help("set MinCapacity at or below MaxCapacity");
}

/// The named alias is none of the function's, where all of them are known.
fn alias(cx: &mut Context<'_>, target: Resource<'_>) {
    let graph = cx.graph;
    let of = |node: &crate::graph::NodeRef<'_>| scaling::is_for(graph, target, *node) == Some(true);
    let Some(function) = graph.nodes_of(NodeKind::Function).find(of) else { return };
    let id = target.property(&["ResourceId"]);
    let Some(text) = id.known().and_then(|_| id.text()) else { return };
    let Some((_, named)) = text.rsplit_once(':') else { return };
    let names: Vec<Option<String>> = function
        .sources(EdgeKind::Qualifies)
        .filter(|node| node.kind() == NodeKind::Alias)
        .map(|alias| alias.property(&["Name"]).text().map(|name| name.to_string()))
        .collect();
    let known: Option<Vec<String>> = names.into_iter().collect();
    let Some(known) = known.filter(|known| !known.iter().any(|name| name == named)) else { return };
    if named.bytes().all(|byte| byte.is_ascii_digit()) || warm::has_stray_versions(graph) {
        return;
    }
    let name = function.name();
    let has = if known.is_empty() { "has no alias".to_owned() } else { format!("has {}", known.join(", ")) };
    cx.report(
        Place::property(target, &["ResourceId"]),
        format!("{} scales the alias {named} of {name}, which {has}", target.id()),
    )
    .help("name an alias of the function: function:NAME:ALIAS")
    .related(function, format!("{name} {has}"));
}
