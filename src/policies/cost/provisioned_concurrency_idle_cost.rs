use crate::estimate::SECONDS_PER_MONTH;
use crate::estimate::cold;
use crate::estimate::meters::lambda;
use crate::graph::NodeKind;
use crate::policy;
use crate::policy::{Context, Place};

policy! {
    /// Environments are kept warm for more than the load can use.
    ///
    /// The load must be known: from schedules, or from a `dewline.usage.yaml` beside the template. Reported is
    /// what is busy so seldom that the same calls cost less on demand, and where half of the environments would
    /// serve all but one call in a thousand.
    ///
    /// ## Why it matters
    ///
    /// Provisioned concurrency is billed by the hour whether anybody calls or not. It is cheaper than running on
    /// demand only above about 60 % of use (us-east-1: 4.1667 + 9.7222 against 16.6667 micro-dollars a GB-second);
    /// below that one pays for an answer without cold starts, and for that fewer environments are enough.
    ///
    /// ## How to fix
    ///
    /// Keep as many as the busiest hour needs, by a schedule or by target tracking, or keep none. `dewline
    /// estimate` shows what each choice costs and how many calls would start cold.
    ///
    /// ## When to suppress
    ///
    /// When calls come in bursts that the usage file does not show.
    ///
    /// ## Source
    ///
    /// AWS Lambda pricing, "Provisioned concurrency"; the share that is served is Erlang's loss formula; read
    /// 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, MemorySize: 2048, AutoPublishAlias: live, ProvisionedConcurrencyConfig: {ProvisionedConcurrentExecutions: 10}, Events: {Sync: {Type: Schedule, Properties: {Schedule: rate(1 hour)}}}}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, MemorySize: 2048, AutoPublishAlias: live, ProvisionedConcurrencyConfig: {ProvisionedConcurrentExecutions: 10}, Events: {Get: {Type: HttpApi, Properties: {Path: /x, Method: get}}}}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   orders: {handler: app.main, memorySize: 2048, provisionedConcurrency: 10, events: [{schedule: rate(1 hour)}]}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   orders: {handler: app.main, memorySize: 2048, provisionedConcurrency: 1, events: [{schedule: rate(1 hour)}]}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, MemorySize: 2048}
    ///   Live:
    ///     Type: AWS::Lambda::Alias
    ///     Properties: {FunctionName: !Ref Orders, Name: live, FunctionVersion: '1', ProvisionedConcurrencyConfig: {ProvisionedConcurrentExecutions: 10}}
    ///   Nightly:
    ///     Type: AWS::Events::Rule
    ///     Properties: {ScheduleExpression: rate(1 hour), Targets: [{Id: orders, Arn: !Ref Live}]}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, MemorySize: 2048}
    ///   Live:
    ///     Type: AWS::Lambda::Alias
    ///     Properties: {FunctionName: !Ref Orders, Name: live, FunctionVersion: '1', ProvisionedConcurrencyConfig: {ProvisionedConcurrentExecutions: 1}}
    ///   Nightly:
    ///     Type: AWS::Events::Rule
    ///     Properties: {ScheduleExpression: rate(1 hour), Targets: [{Id: orders, Arn: !Ref Live}]}
    /// ```
    pub(super) static POLICY = "provisioned-concurrency-idle-cost" {
        category: Cost, severity: Low, profile: Recommended, fix: None, since: "0.1.0", check: check,
    }
}

/// Calls that may find every kept environment busy.
const SPILL: f64 = 1e-3;
/// Dollars a month that are worth a finding.
const WORTH: f64 = 1.0;

fn check(cx: &mut Context<'_>) {
    // Reckoning a template takes longer than looking for what this is about.
    let kept = cx.graph.nodes_of(NodeKind::Alias).chain(cx.graph.nodes_of(NodeKind::Version));
    if !kept.into_iter().any(|node| lambda::kept(node) > 1) {
        return;
    }
    let costs = cx.costs();
    for warm in &costs.estimate().warm {
        let Some(node) = cx.graph.node(&warm.name) else { continue };
        let (Some(alias), Some(function)) = (node.resource(), cx.graph.node(&warm.function)) else { continue };
        let known = costs.estimate().resources.iter().any(|one| one.name == warm.function && one.complete);
        let (Some(busy), Some(idle), true) = (warm.busy, warm.idle, known) else { continue };
        let shape = lambda::shape(function);
        let arch = if shape.arm { "arm" } else { "x86" };
        let price = |meter: &str| costs.price(&format!("lambda.{meter}.{arch}"));
        let prices = (price("provisioned"), price("provisioned-duration"), price("duration"));
        let (Some(keep), Some(run), Some(demand)) = prices else { continue };
        let cold = cx.estimate().map(|estimate| estimate.cold_starts.as_slice()).unwrap_or_default();
        let peak = cold.iter().find(|cold| cold.function == warm.function);
        // What the busiest hour has more of than the mean.
        let peak = peak.map_or(1.0, |cold| (cold.peak_pool / cold.pool.max(f64::MIN_POSITIVE)).max(1.0));
        let offered = busy * f64::from(warm.environments) * peak;
        let needed = (1..=warm.environments).find(|count| cold::spill(offered, *count) <= SPILL);
        let needed = needed.unwrap_or(warm.environments);
        let pays_from = keep / (demand - run).max(f64::MIN_POSITIVE);
        if busy >= pays_from || warm.environments < 2 * needed || idle < WORTH {
            continue;
        }
        let seconds = busy * f64::from(warm.environments) * SECONDS_PER_MONTH;
        let on_demand = costs.money(seconds * shape.memory_mb / 1024.0 * demand);
        let property = if alias.ty() == "AWS::Lambda::Alias" {
            &["ProvisionedConcurrencyConfig", "ProvisionedConcurrentExecutions"][..]
        } else {
            &["ProvisionedConcurrencyConfig"]
        };
        let count =
            if warm.environments == 1 { "1 environment" } else { &format!("{} environments", warm.environments) };
        cx.report(
            Place::property(alias, property),
            format!(
                "{count} of {} kept warm cost {} a month and work {:.1} % of the time; on demand the same time costs {on_demand}{}",
                warm.function,
                costs.money(warm.monthly),
                busy * 100.0,
                costs.basis()
            ),
        )
        .help(format!("{needed} would serve 999 of 1,000 calls; above {:.0} % of use keeping them pays", pays_from * 100.0));
    }
}
