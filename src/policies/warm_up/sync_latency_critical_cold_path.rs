use super::{package_size_cold_start, snapstart_missed, starts};
use crate::graph::NodeRef;
use crate::policy;
use crate::policy::{Context, OptionDefault, OptionSpec, Place};

policy! {
    /// Somebody waits for a function whose cold start takes longer than the budget.
    ///
    /// The median of the start, by the model of `dewline estimate`: what was measured for the runtime, the package
    /// type, the architecture and the memory, with what a VPC and the package add; or `init_duration_ms` of a
    /// `dewline.usage.yaml` beside the template. Left to other policies: functions that SnapStart is at hand for
    /// (`snapstart-missed`), large packages (`package-size-cold-start`), services with objectives
    /// (`cold-starts-break-objective`). Where the usage file shows that fewer than one call in a thousand starts
    /// cold, nothing is reported.
    ///
    /// ## Why it matters
    ///
    /// The first call of every new environment takes that much longer: after a quiet time, after a deployment,
    /// and whenever more calls come at once than before.
    ///
    /// ## How to fix
    ///
    /// Load less at the start: fewer libraries, clients made when they are needed. More memory helps runtimes
    /// that compile late. Otherwise keep environments with provisioned concurrency; `dewline estimate` compares
    /// what each of these costs.
    ///
    /// ## When to suppress
    ///
    /// When a first call of that length is good enough; or set the budget to what is.
    ///
    /// ## Source
    ///
    /// Measurements of maxday/lambda-perf, May to August 2026, and of mikhail.io, 2021 (`docs/cold-starts.md`);
    /// as of 2026-11.
    ///
    /// ## Examples
    ///
    /// The usage file beside the examples:
    ///
    /// ```yaml,file:dewline.usage.yaml
    /// version: 1
    /// resource_usage:
    ///   Slow: {init_duration_ms: 2500}
    ///   SlowLambdaFunction: {init_duration_ms: 2500}
    /// ```
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Slow:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: python3.13, Handler: app.main, CodeUri: src/, Events: {Get: {Type: HttpApi, Properties: {Path: /orders, Method: get}}}}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Slow:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: python3.13, Handler: app.main, CodeUri: src/, AutoPublishAlias: live, ProvisionedConcurrencyConfig: {ProvisionedConcurrentExecutions: 2}, Events: {Get: {Type: HttpApi, Properties: {Path: /orders, Method: get}}}}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: python3.13}
    /// functions:
    ///   slow: {handler: app.main, events: [{httpApi: GET /orders}]}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: python3.13}
    /// functions:
    ///   slow: {handler: app.main, events: [{sqs: "arn:aws:sqs:eu-west-1:123456789012:jobs"}]}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Slow:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn}
    ///   Url: {Type: AWS::Lambda::Url, Properties: {TargetFunctionArn: !GetAtt Slow.Arn, AuthType: AWS_IAM}}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn}
    ///   Url: {Type: AWS::Lambda::Url, Properties: {TargetFunctionArn: !GetAtt Orders.Arn, AuthType: AWS_IAM}}
    /// ```
    pub(super) static POLICY = "sync-latency-critical-cold-path" {
        category: WarmUp, severity: Low, profile: Recommended, fix: None, since: "0.1.0", options: OPTIONS, check: check,
    }
}

static OPTIONS: &[OptionSpec] = &[OptionSpec {
    name: "budget-ms",
    help: "milliseconds that half of the cold starts may take",
    default: OptionDefault::Int(1000),
}];

/// Share of cold calls below which they are nobody's concern.
const RARE: f64 = 1e-3;
/// Megabytes from which on `package-size-cold-start` speaks of the package.
const LARGE_MB: f64 = 10.0;

fn check(cx: &mut Context<'_>) {
    let budget = cx.option_int("budget-ms") as f64;
    if cx.usage().is_some_and(|usage| !usage.slo.is_empty()) {
        return;
    }
    for (node, function) in starts::cold(cx) {
        let Some(init) = starts::init(cx, node).filter(|init| init.p50_ms > budget) else { continue };
        let elsewhere = snapstart_missed::is_missed(function, node)
            || package_size_cold_start::large(function, node, LARGE_MB).is_some();
        if elsewhere || is_rare(cx, node) {
            continue;
        }
        let Some(caller) = starts::waiting(node) else { continue };
        let id = function.id();
        cx.report(
            Place::property(function, &["Runtime"]),
            format!(
                "{} waits for {id}, of whose cold starts half take {}{}, and one in a hundred {}",
                caller.name(),
                starts::time(init.p50_ms),
                starts::bound(&init),
                starts::time(init.p99_ms)
            ),
        )
        .help(format!(
            "load less at the start, or keep environments of {id} with provisioned concurrency; reckoned from: {}",
            init.parts.join("; ")
        ))
        .related(caller, format!("{} waits for {id}", caller.name()));
    }
}

/// Whether the traffic is known, and nearly no call of a function starts cold.
fn is_rare(cx: &Context<'_>, node: NodeRef<'_>) -> bool {
    let known = cx.estimate().and_then(|all| all.cold_starts.iter().find(|cold| cold.function == node.name()));
    known.is_some_and(|cold| cold.share.expected < RARE)
}
