use super::super::pings::pings;
use crate::estimate::{Entry, SECONDS_PER_MONTH};
use crate::policy;
use crate::policy::{Context, Place};

policy! {
    /// A function is pinged to stay warm although its own calls keep it warm.
    ///
    /// The load must be known: from schedules, or from a `dewline.usage.yaml` beside the template.
    ///
    /// ## Why it matters
    ///
    /// A ping keeps one environment. Where calls come every minute, that environment never idles long enough to
    /// be ended, and the cold starts that are left come from several calls at once, which a ping does not help.
    /// The pings, and the lines they log, are paid for all the same.
    ///
    /// ## How to fix
    ///
    /// Remove the schedule. Against cold starts of calls that come together, keep environments with provisioned
    /// concurrency, or use SnapStart.
    ///
    /// ## When to suppress
    ///
    /// When calls stop for hours, at night for instance, and the usage file does not show it.
    ///
    /// ## Source
    ///
    /// The time until an idle environment is ended is not documented; 5 to 10 minutes were measured (sources in
    /// `docs/cold-starts.md`). AWS Lambda pricing; read 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Events: {Warm: {Type: Schedule, Properties: {Schedule: rate(5 minutes), Input: '{"warmer": true}'}}, Poll: {Type: Schedule, Properties: {Schedule: rate(1 minute)}}}}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Events: {Warm: {Type: Schedule, Properties: {Schedule: rate(5 minutes), Input: '{"warmer": true}'}}, Poll: {Type: Schedule, Properties: {Schedule: rate(1 hour)}}}}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   orders: {handler: app.main, events: [{schedule: {rate: [rate(5 minutes)], input: {source: serverless-plugin-warmup}}}, {schedule: rate(1 minute)}]}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   orders: {handler: app.main, events: [{schedule: {rate: [rate(5 minutes)], input: {source: serverless-plugin-warmup}}}, {schedule: rate(1 hour)}]}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn}
    ///   Warm:
    ///     Type: AWS::Events::Rule
    ///     Properties: {ScheduleExpression: rate(5 minutes), Targets: [{Id: orders, Arn: !GetAtt Orders.Arn, Input: '{"keep-warm": true}'}]}
    ///   Poll:
    ///     Type: AWS::Events::Rule
    ///     Properties: {ScheduleExpression: rate(1 minute), Targets: [{Id: orders, Arn: !GetAtt Orders.Arn}]}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn}
    ///   Warm:
    ///     Type: AWS::Events::Rule
    ///     Properties: {ScheduleExpression: rate(5 minutes), Targets: [{Id: orders, Arn: !GetAtt Orders.Arn, Input: '{"keep-warm": true}'}]}
    ///   Poll:
    ///     Type: AWS::Events::Rule
    ///     Properties: {ScheduleExpression: rate(1 hour), Targets: [{Id: orders, Arn: !GetAtt Orders.Arn}]}
    /// ```
    pub(super) static POLICY = "warmer-cost-vs-benefit" {
        category: Cost, severity: Info, profile: Recommended, fix: None, since: "0.1.0", check: check,
    }
}

/// Seconds that an environment idles at least before it is ended.
const EXPIRY_S: f64 = 300.0;
/// Calls in that time from which on a gap as long as it is rare (one in 150).
const CALLS: f64 = 5.0;

fn check(cx: &mut Context<'_>) {
    let costs = cx.costs();
    let mut pings = pings(cx);
    pings.retain(|ping| ping.minutes <= 15);
    if pings.is_empty() {
        return;
    }
    let estimate = costs.estimate();
    for ping in pings {
        let name = ping.flow.target.name();
        let own = ping.flow.owner.id();
        let reached = |entry: &&Entry| entry.resource != own && entry.reaches.iter().any(|one| one.name == name);
        let calls: f64 = estimate
            .entries
            .iter()
            .filter(reached)
            .filter_map(|entry| {
                let events = entry.reaches.iter().find(|one| one.name == name)?.events;
                // The low rate: what is certain keeps it warm.
                Some(entry.monthly_requests?.low * events)
            })
            .sum();
        // Hours without calls are what pings are for.
        let cold = cx.estimate().map(|estimate| estimate.cold_starts.as_slice()).unwrap_or_default();
        let by_hour = cold.iter().any(|cold| cold.function == name && !cold.hours.is_empty());
        if by_hour || calls / SECONDS_PER_MONTH * EXPIRY_S < CALLS {
            continue;
        }
        let cost = estimate.entries.iter().find(|entry| entry.resource == own).and_then(|entry| entry.monthly);
        let price = cost.map_or(String::new(), |cost| {
            format!(" and cost up to {} a month{}", costs.money(cost.expected), costs.basis())
        });
        let hourly = (calls / SECONDS_PER_MONTH * 3600.0).floor();
        cx.report(
            Place::property(ping.flow.owner, &["ScheduleExpression"]),
            format!(
                "{} pings of {own} a month{price}, and save nothing: {name} is called {hourly} times an hour anyway",
                30 * 24 * 60 / ping.minutes
            ),
        )
        .help("remove the schedule; against cold starts of calls that come together use SnapStart or provisioned concurrency")
        .related(ping.flow.target, format!("{name} is pinged"));
    }
}
