use super::scaling;
use super::warm;
use crate::policy;
use crate::policy::{Context, Place};

policy! {
    /// Provisioned concurrency below what a function holds anyway, so that as many calls start cold as without.
    ///
    /// Needs the rate of the function: a `dewline.usage.yaml` beside the template. Reported where the kept
    /// environments take away less than a tenth of the cold starts.
    ///
    /// ## Why it matters
    ///
    /// Cold starts happen at the top: when more calls are in progress than in the minutes before. The
    /// environments below are in use all the time and stay warm by themselves. Keeping those provisioned
    /// changes nothing but the bill.
    ///
    /// ## How to fix
    ///
    /// Keep as many as the message says, by the hour where the load changes over the day; or keep none, and
    /// make starts shorter instead.
    ///
    /// ## When to suppress
    ///
    /// When the lower price of provisioned duration is what it is for.
    ///
    /// ## Source
    ///
    /// The model of `docs/cold-starts.md`, checked against simulations; AWS Lambda developer guide,
    /// "Configuring provisioned concurrency for a function", read 2026-10.
    ///
    /// ## Examples
    ///
    /// The usage file beside the examples:
    ///
    /// ```yaml,file:dewline.usage.yaml
    /// version: 1
    /// resource_usage:
    ///   Orders: {monthly_requests: 5000000, request_duration_ms: 500}
    ///   OrdersLambdaFunction: {monthly_requests: 5000000, request_duration_ms: 500}
    /// ```
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, AutoPublishAlias: live, ProvisionedConcurrencyConfig: {ProvisionedConcurrentExecutions: 2}}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, AutoPublishAlias: live, ProvisionedConcurrencyConfig: {ProvisionedConcurrentExecutions: 9}}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   orders: {handler: app.main, provisionedConcurrency: 2}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   orders: {handler: app.main, provisionedConcurrency: 9}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn}
    ///   V1: {Type: AWS::Lambda::Version, Properties: {FunctionName: !Ref Orders}}
    ///   Live: {Type: AWS::Lambda::Alias, Properties: {FunctionName: !Ref Orders, FunctionVersion: !GetAtt V1.Version, Name: live, ProvisionedConcurrencyConfig: {ProvisionedConcurrentExecutions: 2}}}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn}
    ///   V1: {Type: AWS::Lambda::Version, Properties: {FunctionName: !Ref Orders}}
    ///   Live: {Type: AWS::Lambda::Alias, Properties: {FunctionName: !Ref Orders, FunctionVersion: !GetAtt V1.Version, Name: live, ProvisionedConcurrencyConfig: {ProvisionedConcurrentExecutions: 9}}}
    /// ```
    pub(super) static POLICY = "provisioned-concurrency-too-small" {
        category: WarmUp, severity: Medium, profile: Recommended, fix: None, since: "0.1.0", check: check,
    }
}

/// Part of the cold starts that must be left for provisioned concurrency to be without effect.
const LEFT: f64 = 0.9;
/// Cold shares below this are nobody's concern.
const RARE: f64 = 1e-5;

fn check(cx: &mut Context<'_>) {
    let Some(estimate) = cx.estimate() else { return };
    for alias in warm::provisioned(cx.graph) {
        let Some(function) = warm::function_of(cx.graph, alias) else { continue };
        let Some(kept) = warm::instances(alias).filter(|kept| kept.min == kept.max) else { continue };
        // Several aliases serve each its own part of the calls, which is not known.
        let warmed = warm::published(function).filter(|one| warm::is_provisioned(*one)).count();
        if warmed != 1 || scaling::scales(cx.graph, function) != Some(false) {
            continue;
        }
        let Some(cold) = estimate.cold_starts.iter().find(|cold| cold.function == function.name()) else { continue };
        let find = |kind: &str| cold.strategies.iter().find(|strategy| strategy.kind == kind);
        let (Some(without), Some(enough)) = (find("nothing"), find("provisioned")) else { continue };
        let Some(needed) = enough.environments.filter(|needed| i64::from(*needed) > kept.max) else { continue };
        if cold.observed || without.cold_share < RARE || cold.share.expected < LEFT * without.cold_share {
            continue;
        }
        let (id, name) = (alias.id(), function.name());
        cx.report(
            Place::property(alias, &["ProvisionedConcurrencyConfig", "ProvisionedConcurrentExecutions"]),
            format!(
                "{id} keeps {} of {name} warm, which holds {:.1} on average and {:.0} in its busiest hour anyway: {} of \
                 calls start cold, {} without",
                kept.max,
                cold.pool,
                cold.peak_pool.ceil(),
                warm::percent(cold.share.expected),
                warm::percent(without.cold_share),
            ),
        )
        .help(format!("keep {needed} for a share of {}, or none", warm::percent(enough.cold_share)));
    }
}
