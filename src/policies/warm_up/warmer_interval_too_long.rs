use super::pings;
use crate::estimate::usage::Key;
use crate::policy;
use crate::policy::{Context, Place};

policy! {
    /// Pings come less often than idle environments end, so that most of the time nothing is warm.
    ///
    /// Environments that nobody calls were seen to end after 5 to 10 minutes; `idle_expiry_s` in the usage
    /// file says otherwise for a function. Schedules of up to some hours whose input says that they are for
    /// warming.
    ///
    /// ## Why it matters
    ///
    /// A ping after the environment has ended is a cold start itself, paid for and of no use until the
    /// environment ends again. Calls between find one warm only in the first minutes after each ping.
    ///
    /// ## How to fix
    ///
    /// Ping every 5 minutes or more often, or use what is made for it: SnapStart or provisioned concurrency.
    ///
    /// ## When to suppress
    ///
    /// When the schedule does other work as well, and warmth is a side effect.
    ///
    /// ## Source
    ///
    /// mikhail.io, "Cold Starts in AWS Lambda" (10 minutes in 2019, 5 to 7 minutes in January 2021); SimFaaS
    /// (10 minutes, 2020). AWS documents no time; read 2026-11.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Events: {Warm: {Type: Schedule, Properties: {Schedule: rate(30 minutes), Input: '{"warmer": true}'}}}}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Events: {Warm: {Type: Schedule, Properties: {Schedule: rate(5 minutes), Input: '{"warmer": true}'}}}}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   orders: {handler: app.main, events: [{schedule: {rate: [rate(1 hour)], input: {source: serverless-plugin-warmup}}}]}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   orders: {handler: app.main, events: [{schedule: {rate: [rate(1 hour)], input: {source: nightly}}}]}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn}
    ///   Warm:
    ///     Type: AWS::Events::Rule
    ///     Properties: {ScheduleExpression: cron(0/20 * * * ? *), Targets: [{Id: orders, Arn: !GetAtt Orders.Arn, Input: '{"keep-warm": true}'}]}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn}
    ///   Warm:
    ///     Type: AWS::Events::Rule
    ///     Properties: {ScheduleExpression: cron(0/4 * * * ? *), Targets: [{Id: orders, Arn: !GetAtt Orders.Arn, Input: '{"keep-warm": true}'}]}
    /// ```
    pub(super) static POLICY = "warmer-interval-too-long" {
        category: WarmUp, severity: Low, profile: Recommended, fix: None, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    let assumed = Key::IdleExpiryS.assumed().map_or((300.0, 600.0), |(low, _, high)| (low, high));
    for ping in pings::pings(cx) {
        let function = ping.flow.target;
        let given =
            cx.usage().and_then(|usage| usage.amount(function.name(), "AWS::Lambda::Function", Key::IdleExpiryS));
        let (low, high) = given.map_or(assumed, |amount| (amount.range.low, amount.range.high));
        let interval = ping.minutes as f64 * 60.0;
        if interval <= high {
            continue;
        }
        let id = function.name();
        let ends =
            if low < high { format!("{:.0} to {:.0}", low / 60.0, high / 60.0) } else { format!("{:.0}", high / 60.0) };
        cx.report(
            Place::property(ping.flow.owner, &["ScheduleExpression"]),
            format!(
                "{} pings {id} every {} minutes, but idle environments end after {ends} minutes: at most {:.0} % of the time one \
                 is warm",
                ping.flow.owner.id(),
                ping.minutes,
                100.0 * high / interval
            ),
        )
        .help("ping every 5 minutes, or use SnapStart or provisioned concurrency")
        .related(function, format!("{id} is pinged"));
    }
}
