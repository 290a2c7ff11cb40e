use super::super::{measure, read};
use crate::estimate::SECONDS_PER_MONTH;
use crate::estimate::meters::lambda;
use crate::facts::quotas::lambda::ONE_VCPU_MB;
use crate::graph::{EdgeKind, NodeKind};
use crate::policy;
use crate::policy::{Context, Place};

policy! {
    /// Environments that are kept warm have memory for more than one processor, and a runtime that uses one.
    ///
    /// Reported are functions on Node.js, Python and Ruby with provisioned concurrency and more than 1,769 MB,
    /// where the memory above costs 5 dollars a month or more before the first call.
    ///
    /// ## Why it matters
    ///
    /// Memory buys processor time: 1,769 MB are one processor. Code in these runtimes runs on one thread unless
    /// it starts processes or libraries do, so more memory makes it no faster. Provisioned concurrency pays for
    /// the memory around the clock, calls or not.
    ///
    /// ## How to fix
    ///
    /// Measure the memory that is used (`dewline observe` reads it from the logs), and set `MemorySize` to what
    /// is needed, at most 1,769 where the memory was meant to buy speed.
    ///
    /// ## When to suppress
    ///
    /// When the function needs the memory itself, or works with several processes or threads.
    ///
    /// ## Source
    ///
    /// AWS Lambda developer guide, "Configure Lambda function memory" (1,769 MB are one vCPU); AWS Lambda
    /// pricing, "Provisioned Concurrency pricing"; read 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: python3.13, Handler: app.main, CodeUri: src/, MemorySize: 3008, AutoPublishAlias: live, ProvisionedConcurrencyConfig: {ProvisionedConcurrentExecutions: 10}}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: java21, Handler: app.Main, CodeUri: src/, MemorySize: 3008, AutoPublishAlias: live, ProvisionedConcurrencyConfig: {ProvisionedConcurrentExecutions: 10}}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x, memorySize: 3008}
    /// functions:
    ///   orders: {handler: app.main, provisionedConcurrency: 10}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x, memorySize: 1769}
    /// functions:
    ///   orders: {handler: app.main, provisionedConcurrency: 10}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, MemorySize: 4096, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn}
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
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, MemorySize: 4096, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn}
    /// ```
    pub(super) static POLICY = "provisioned-memory-above-one-cpu" {
        category: Cost, severity: Low, profile: Strict, fix: None, since: "0.1.0", check: check,
    }
}

/// Dollars a month that are worth a finding.
const WORTH: f64 = 5.0;

fn check(cx: &mut Context<'_>) {
    let graph = cx.graph;
    let kept = graph.nodes_of(NodeKind::Alias).chain(graph.nodes_of(NodeKind::Version));
    let kept: Vec<_> = kept.filter(|node| lambda::kept(*node) > 0).collect();
    for alias in kept {
        let Some(function) = alias.targets(EdgeKind::Qualifies).find_map(measure::function) else { continue };
        let Some(node) = graph.node(function.id()) else { continue };
        let slow = |runtime: &str| ["nodejs", "python", "ruby"].iter().any(|one| runtime.starts_with(one));
        let Some(runtime) = read::text(function, &["Runtime"], slow) else { continue };
        let Some(memory) = read::number(function, &["MemorySize"], |memory| memory > ONE_VCPU_MB) else { continue };
        let (shape, count) = (lambda::shape(node), lambda::kept(alias));
        let costs = cx.costs();
        let meter = if shape.arm { "lambda.provisioned.arm" } else { "lambda.provisioned.x86" };
        let Some(price) = costs.price(meter) else { continue };
        let paid = |megabytes: i64| f64::from(count) * megabytes as f64 / 1024.0 * SECONDS_PER_MONTH * price;
        let (all, above) = (paid(memory), paid(memory - ONE_VCPU_MB));
        if above < WORTH {
            continue;
        }
        let id = function.id();
        let environments = read::count(count as usize, "environment");
        let (all, above, basis) = (costs.money(all), costs.money(above), costs.basis());
        cx.report(
            Place::property(function, &["MemorySize"]),
            format!(
                "{environments} of {id} with {memory} MB cost {all} a month at rest{basis}, {above} of it for more than the one \
                 processor ({ONE_VCPU_MB} MB) that code on {runtime} uses",
            ),
        )
        .help(format!("measure the memory that {id} uses, and set MemorySize to what it needs"))
        .related(alias, format!("{} keeps {environments}", alias.name()));
    }
}
