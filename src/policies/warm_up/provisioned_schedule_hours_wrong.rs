use super::{scaling, warm, weekly};
use crate::graph::{NodeKind, Resource};
use crate::policy;
use crate::policy::{Context, Place};

policy! {
    /// Scheduled scaling keeps the most environments in hours when few of the calls come.
    ///
    /// Needs the load by the hour: a profile in the `dewline.usage.yaml` beside the template. Reported where
    /// the hours with the largest capacity carry less of the calls than as many hours taken at random would.
    /// A common cause is a schedule that is meant in local time and runs in UTC.
    ///
    /// ## Why it matters
    ///
    /// Provisioned concurrency is paid by the hour. Out of step with the load it is paid when it is idle and
    /// missing when it is needed.
    ///
    /// ## How to fix
    ///
    /// Move the scheduled actions to the hours of the load, or give them a `Timezone`.
    /// `dewline estimate --load FILE --schedule-patch` writes a schedule from observed calls.
    ///
    /// ## When to suppress
    ///
    /// When the capacity is for one customer or batch whose calls are few.
    ///
    /// ## Source
    ///
    /// AWS Application Auto Scaling user guide, "Scheduled scaling for Application Auto Scaling" (UTC unless
    /// a time zone is given); read 2026-11.
    ///
    /// ## Examples
    ///
    /// The usage file beside the examples:
    ///
    /// ```yaml,file:dewline.usage.yaml
    /// version: 1
    /// profiles:
    ///   office: [0, 0, 0, 0, 0, 0, 1, 3, 8, 9, 9, 9, 8, 9, 9, 9, 8, 4, 1, 0, 0, 0, 0, 0]
    /// resource_usage:
    ///   Orders: {monthly_requests: {expected: 1000000, profile: office}}
    ///   OrdersLambdaFunction: {monthly_requests: {expected: 1000000, profile: office}}
    /// ```
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, FunctionName: orders, AutoPublishAlias: live}
    ///   Hours:
    ///     Type: AWS::ApplicationAutoScaling::ScalableTarget
    ///     DependsOn: OrdersAliaslive
    ///     Properties:
    ///       {ServiceNamespace: lambda, ScalableDimension: "lambda:function:ProvisionedConcurrency", ResourceId: "function:orders:live", MinCapacity: 0, MaxCapacity: 9, ScheduledActions: [
    ///         {ScheduledActionName: up, Schedule: cron(0 18 * * ? *), ScalableTargetAction: {MinCapacity: 9}},
    ///         {ScheduledActionName: down, Schedule: cron(0 4 * * ? *), ScalableTargetAction: {MinCapacity: 0}}]}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, FunctionName: orders, AutoPublishAlias: live}
    ///   Hours:
    ///     Type: AWS::ApplicationAutoScaling::ScalableTarget
    ///     DependsOn: OrdersAliaslive
    ///     Properties:
    ///       {ServiceNamespace: lambda, ScalableDimension: "lambda:function:ProvisionedConcurrency", ResourceId: "function:orders:live", MinCapacity: 0, MaxCapacity: 9, ScheduledActions: [
    ///         {ScheduledActionName: up, Schedule: cron(50 7 * * ? *), ScalableTargetAction: {MinCapacity: 9}},
    ///         {ScheduledActionName: down, Schedule: cron(0 18 * * ? *), ScalableTargetAction: {MinCapacity: 0}}]}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, FunctionName: orders, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn}
    ///   V1: {Type: AWS::Lambda::Version, Properties: {FunctionName: !Ref Orders}}
    ///   Live: {Type: AWS::Lambda::Alias, Properties: {FunctionName: !Ref Orders, FunctionVersion: !GetAtt V1.Version, Name: live}}
    ///   Hours:
    ///     Type: AWS::ApplicationAutoScaling::ScalableTarget
    ///     DependsOn: Live
    ///     Properties:
    ///       {ServiceNamespace: lambda, ScalableDimension: "lambda:function:ProvisionedConcurrency", ResourceId: "function:orders:live", MinCapacity: 0, MaxCapacity: 9, ScheduledActions: [
    ///         {ScheduledActionName: up, Schedule: cron(0 18 * * ? *), ScalableTargetAction: {MinCapacity: 9}},
    ///         {ScheduledActionName: down, Schedule: cron(0 4 * * ? *), ScalableTargetAction: {MinCapacity: 0}}]}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, FunctionName: orders, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn}
    ///   V1: {Type: AWS::Lambda::Version, Properties: {FunctionName: !Ref Orders}}
    ///   Live: {Type: AWS::Lambda::Alias, Properties: {FunctionName: !Ref Orders, FunctionVersion: !GetAtt V1.Version, Name: live}}
    ///   Hours:
    ///     Type: AWS::ApplicationAutoScaling::ScalableTarget
    ///     DependsOn: Live
    ///     Properties:
    ///       {ServiceNamespace: lambda, ScalableDimension: "lambda:function:ProvisionedConcurrency", ResourceId: "function:orders:live", MinCapacity: 0, MaxCapacity: 9, ScheduledActions: [
    ///         {ScheduledActionName: up, Schedule: cron(0 18 * * ? *), Timezone: America/New_York, ScalableTargetAction: {MinCapacity: 9}},
    ///         {ScheduledActionName: down, Schedule: cron(0 4 * * ? *), Timezone: America/New_York, ScalableTargetAction: {MinCapacity: 0}}]}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   orders: {handler: app.main, name: orders, provisionedConcurrency: 1}
    /// resources:
    ///   Resources:
    ///     Hours:
    ///       Type: AWS::ApplicationAutoScaling::ScalableTarget
    ///       DependsOn: OrdersProvConcLambdaAlias
    ///       Properties:
    ///         {ServiceNamespace: lambda, ScalableDimension: "lambda:function:ProvisionedConcurrency", ResourceId: "function:orders:provisioned", MinCapacity: 1, MaxCapacity: 9, ScheduledActions: [
    ///           {ScheduledActionName: up, Schedule: cron(0 18 * * ? *), ScalableTargetAction: {MinCapacity: 9}},
    ///           {ScheduledActionName: down, Schedule: cron(0 4 * * ? *), ScalableTargetAction: {MinCapacity: 1}}]}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   orders: {handler: app.main, name: orders, provisionedConcurrency: 1}
    /// resources:
    ///   Resources:
    ///     Hours:
    ///       Type: AWS::ApplicationAutoScaling::ScalableTarget
    ///       DependsOn: OrdersProvConcLambdaAlias
    ///       Properties:
    ///         {ServiceNamespace: lambda, ScalableDimension: "lambda:function:ProvisionedConcurrency", ResourceId: "function:orders:provisioned", MinCapacity: 1, MaxCapacity: 9, ScheduledActions: [
    ///           {ScheduledActionName: up, Schedule: cron(0 8 * * ? *), ScalableTargetAction: {MinCapacity: 9}},
    ///           {ScheduledActionName: down, Schedule: cron(0 18 * * ? *), ScalableTargetAction: {MinCapacity: 1}}]}
    /// ```
    pub(super) static POLICY = "provisioned-schedule-hours-wrong" {
        category: WarmUp, severity: Medium, profile: Recommended, fix: None, since: "0.1.0", check: check,
    }
}

/// How uneven the load must be: calls of the busiest hours against as many hours at random.
const UNEVEN: f64 = 1.3;

fn check(cx: &mut Context<'_>) {
    let Some(estimate) = cx.estimate() else { return };
    let targets: Vec<Resource<'_>> =
        scaling::targets(cx.graph).filter(|target| target.exists() != Some(false)).collect();
    for target in targets {
        let of = |node: &crate::graph::NodeRef<'_>| scaling::is_for(cx.graph, target, *node) == Some(true);
        let Some(function) = cx.graph.nodes_of(NodeKind::Function).find(of) else { continue };
        let Some(cold) = estimate.cold_starts.iter().find(|cold| cold.function == function.name()) else { continue };
        let Some(capacity) = weekly::capacity(target).filter(|_| !cold.load_by_hour.is_empty()) else { continue };
        let load: Vec<f64> = cold.load_by_hour.iter().copied().cycle().take(168).collect();
        let total: f64 = load.iter().sum();
        let (most, least) = (capacity.iter().max().copied().unwrap_or(0), capacity.iter().min().copied().unwrap_or(0));
        if most <= least || total <= 0.0 {
            continue;
        }
        let full: Vec<usize> = (0..168).filter(|hour| capacity[*hour] == most).collect();
        let carried = full.iter().map(|hour| load[*hour]).sum::<f64>() / total;
        let random = full.len() as f64 / 168.0;
        let mut sorted = load.clone();
        sorted.sort_by(|a, b| b.total_cmp(a));
        let busiest = sorted.iter().take(full.len()).sum::<f64>() / total;
        if carried >= random || busiest < UNEVEN * random {
            continue;
        }
        let (id, name) = (target.id(), function.name());
        cx.report(
            Place::property(target, &["ScheduledActions"]),
            format!(
                "{id} keeps {most} of {name} warm in {} hours a week that carry {} of its calls; the busiest {} hours \
                 carry {}",
                full.len(),
                warm::percent(carried),
                full.len(),
                warm::percent(busiest)
            ),
        )
        .help("move the actions to the hours of the load; schedules are in UTC unless Timezone says otherwise")
        .related(function, format!("{name} is scaled"));
    }
}
