use super::{pings, warm};
use crate::policy;
use crate::policy::{Context, Place};

policy! {
    /// Pings keep fewer environments than a function needs at once, and most cold starts remain.
    ///
    /// Needs the rate of the function: a `dewline.usage.yaml` beside the template. A schedule keeps as many
    /// environments as it has targets that are the function.
    ///
    /// ## Why it matters
    ///
    /// Cold starts happen when more calls are in progress than environments are there. A ping of one
    /// environment holds the first, which a busy function never loses; the second and third still start cold.
    ///
    /// ## How to fix
    ///
    /// Let as many pings come at once as the message says, each long enough that they do not share an
    /// environment; or keep that many provisioned, which unlike pings is a promise.
    ///
    /// ## When to suppress
    ///
    /// When only the first call after a quiet time must be fast.
    ///
    /// ## Source
    ///
    /// The model of `docs/cold-starts.md` (pings of a width), checked against simulations; as of 2026-11.
    ///
    /// ## Examples
    ///
    /// The usage file beside the examples:
    ///
    /// ```yaml,file:dewline.usage.yaml
    /// version: 1
    /// resource_usage:
    ///   Orders: {monthly_requests: 500000, request_duration_ms: 3000}
    ///   OrdersLambdaFunction: {monthly_requests: 500000, request_duration_ms: 3000}
    /// ```
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Timeout: 30, Events: {Warm: {Type: Schedule, Properties: {Schedule: rate(5 minutes), Input: '{"warmer": true}'}}}}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Rare:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Events: {Warm: {Type: Schedule, Properties: {Schedule: rate(5 minutes), Input: '{"warmer": true}'}}}}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   orders: {handler: app.main, timeout: 30, events: [{schedule: {rate: [rate(5 minutes)], input: {warmer: true}}}]}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   rare: {handler: app.main, events: [{schedule: {rate: [rate(5 minutes)], input: {warmer: true}}}]}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Timeout: 30, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn}
    ///   Warm:
    ///     Type: AWS::Events::Rule
    ///     Properties: {ScheduleExpression: rate(5 minutes), Targets: [{Id: orders, Arn: !GetAtt Orders.Arn, Input: '{"keep-warm": true}'}]}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Rare:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn}
    ///   Warm:
    ///     Type: AWS::Events::Rule
    ///     Properties: {ScheduleExpression: rate(5 minutes), Targets: [{Id: orders, Arn: !GetAtt Rare.Arn, Input: '{"keep-warm": true}'}]}
    /// ```
    pub(super) static POLICY = "warmer-insufficient-concurrency" {
        category: WarmUp, severity: Low, profile: Recommended, fix: None, since: "0.1.0", check: check,
    }
}

/// Part of the cold starts that wider pings must take away for the width to be to blame.
const GAIN: f64 = 0.5;
/// Cold shares below this are nobody's concern.
const RARE: f64 = 1e-5;

fn check(cx: &mut Context<'_>) {
    let Some(estimate) = cx.estimate() else { return };
    let pings = pings::pings(cx);
    for (at, ping) in pings.iter().enumerate() {
        let function = ping.flow.target;
        // All schedules of a function count together, at the first of them.
        let same = |other: &&pings::Ping<'_>| other.flow.target == function;
        if pings.iter().take(at).any(|other| same(&other)) {
            continue;
        }
        let width = pings.iter().filter(same).count();
        let Some(cold) = estimate.cold_starts.iter().find(|cold| cold.function == function.name()) else { continue };
        let wider = cold.strategies.iter().find(|strategy| strategy.kind == "pings");
        let Some((wider, needed)) = wider.and_then(|wider| Some((wider, wider.environments?))) else { continue };
        let now = cold.share.expected;
        if cold.observed || now < RARE || needed as usize <= width || wider.cold_share > GAIN * now {
            continue;
        }
        let id = function.name();
        cx.report(
            Place::property(ping.flow.owner, &["ScheduleExpression"]),
            format!(
                "{} keeps {width} of {id} warm, which holds {:.1} on average and {:.0} in its busiest hour: {} of calls \
                 still start cold, {needed} pings at once would leave {}",
                ping.flow.owner.id(),
                cold.pool,
                cold.peak_pool.ceil(),
                warm::percent(now),
                warm::percent(wider.cold_share),
            ),
        )
        .help(format!("send {needed} pings at once, or keep {needed} provisioned"))
        .related(function, format!("{id} is pinged"));
    }
}
