use super::pings;
use crate::policy;
use crate::policy::{Context, Place};

policy! {
    /// A schedule pings a function to keep it warm.
    ///
    /// A rule or schedule that fires every 15 minutes or more often and sends an input that says so
    /// (`warmup`, `warmer`, `keep-warm`, or what serverless-plugin-warmup sends).
    ///
    /// ## Why it matters
    ///
    /// A ping keeps as many environments as it calls at once, usually one: the second request that arrives
    /// at the same time still meets a cold start. Lambda gives no promise how long an idle environment
    /// stays. A ping every 5 minutes is 8,640 invocations a month for each environment.
    ///
    /// ## How to fix
    ///
    /// Compare with what is made for it: SnapStart on Java, Python 3.12 or later and .NET, provisioned
    /// concurrency behind an alias for a known number of requests at a time, and a smaller package.
    ///
    /// ## When to suppress
    ///
    /// When one warm environment is what you want and the price of the pings is known.
    ///
    /// ## Source
    ///
    /// The documentation of serverless-plugin-warmup (payload, schedule, concurrency) at its revision of
    /// 2026-02-21; AWS Lambda developer guide, "Understanding the execution environment lifecycle";
    /// read 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Events: {Warm: {Type: Schedule, Properties: {Schedule: rate(5 minutes), Input: '{"warmer": true}'}}}}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Events: {Poll: {Type: Schedule, Properties: {Schedule: rate(5 minutes), Input: '{"job": "sync"}'}}}}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   orders: {handler: app.main, events: [{schedule: {rate: [rate(5 minutes)], input: {source: serverless-plugin-warmup}}}]}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   orders: {handler: app.main, events: [{schedule: {rate: [rate(1 day)], input: {source: serverless-plugin-warmup}}}]}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn}
    ///   Warm:
    ///     Type: AWS::Events::Rule
    ///     Properties: {ScheduleExpression: cron(0/5 * * * ? *), Targets: [{Id: orders, Arn: !GetAtt Orders.Arn, Input: '{"keep-warm": true}'}]}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn}
    ///   Warm:
    ///     Type: AWS::Events::Rule
    ///     Properties: {ScheduleExpression: cron(0/5 * * * ? *), Targets: [{Id: orders, Arn: !GetAtt Orders.Arn}]}
    /// ```
    pub(super) static POLICY = "warmer-ping-schedule" {
        category: WarmUp, severity: Info, profile: Recommended, fix: None, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    for ping in pings::pings(cx).into_iter().filter(|ping| ping.minutes <= 15) {
        let (owner, id) = (ping.flow.owner, ping.flow.target.name());
        let sends = 30 * 24 * 60 / ping.minutes;
        cx.report(
            Place::property(owner, &["ScheduleExpression"]),
            format!(
                "{} pings {id} with {} to keep it warm: {sends} calls a month for each environment it keeps",
                owner.id(),
                ping.expression
            ),
        )
        .help("compare with SnapStart and provisioned concurrency, which keep what they promise")
        .related(ping.flow.target, format!("{id} is pinged"));
    }
}
