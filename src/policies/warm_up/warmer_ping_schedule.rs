use super::super::flows::{self, Way};
use crate::graph::{NodeKind, Part};
use crate::policy;
use crate::policy::{Context, Place};
use crate::template::json;

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

/// Words that say what an input or a handler is for, without separators.
const WORDS: [&str; 4] = ["warmup", "warmer", "keepwarm", "keepalive"];

fn check(cx: &mut Context<'_>) {
    for flow in flows::flows(cx.graph).iter().filter(|flow| matches!(flow.way, Way::RuleTarget | Way::Schedule)) {
        let Some(function) = flow.target.resource().filter(|_| flow.target.kind() == NodeKind::Function) else {
            continue;
        };
        let expression = flow.owner.property(&["ScheduleExpression"]);
        let Some((text, minutes)) = expression.text().and_then(|text| Some((text.clone(), minutes(&text)?))) else {
            continue;
        };
        let input = if flow.way == Way::Schedule { &["Target", "Input"][..] } else { &["Input"] };
        let handler = function.property(&["Handler"]).text();
        if minutes > 15 || !(says_warm(&flow.settings, input) || handler.is_some_and(|handler| is_warm(&handler))) {
            continue;
        }
        let (id, sends) = (function.id(), 30 * 24 * 60 / minutes);
        cx.report(
            Place::property(flow.owner, &["ScheduleExpression"]),
            format!(
                "{} pings {id} with {text} to keep it warm: {sends} calls a month for each environment it keeps",
                flow.owner.id()
            ),
        )
        .help("compare with SnapStart and provisioned concurrency, which keep what they promise")
        .related(flow.target, format!("{id} is pinged"));
    }
}

fn says_warm(settings: &Part<'_>, path: &[&str]) -> bool {
    let input = settings.get(path);
    let text = input.text().map(|text| text.to_string());
    text.or_else(|| input.known().map(|value| json::to_json(value).to_string())).is_some_and(|text| is_warm(&text))
}

fn is_warm(text: &str) -> bool {
    let plain: String = text.chars().filter(|c| !matches!(c, '-' | '_' | ' ')).collect::<String>().to_ascii_lowercase();
    WORDS.iter().any(|word| plain.contains(word))
}

/// How many minutes pass between two times of a schedule, where that is plain to see.
fn minutes(expression: &str) -> Option<i64> {
    let (kind, rest) = expression.trim().split_once('(')?;
    let inner = rest.strip_suffix(')')?.trim();
    if kind == "rate" {
        let (number, unit) = inner.split_once(' ')?;
        let number: i64 = number.parse().ok()?;
        return unit.trim().starts_with("minute").then_some(number).filter(|number| *number > 0);
    }
    let mut fields = inner.split_whitespace();
    let (minute, hour) = (fields.next()?, fields.next()?);
    match (kind, minute.split_once('/')) {
        ("cron", Some(("*" | "0", step))) if hour == "*" || hour.contains('-') => {
            step.parse().ok().filter(|step| *step > 0)
        }
        ("cron", None) if minute == "*" => Some(1),
        _ => None,
    }
}
