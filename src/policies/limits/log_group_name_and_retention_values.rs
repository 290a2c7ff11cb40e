use super::super::{read, remedies};
use crate::policy;
use crate::policy::{Context, Place};

/// Days that can be chosen (`PutRetentionPolicy` reference, 2026-09).
const DAYS: [i64; 22] =
    [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];

policy! {
    /// A log group keeps logs for a number of days that CloudWatch does not offer, or has an invalid name.
    ///
    /// ## Why it matters
    ///
    /// CloudWatch Logs offers certain periods only (1, 3, 5, 7, 14, 30, 60, 90 days and further steps
    /// up to ten years). 10 or 45 days fail the deployment. Names have up to 512 letters, digits and
    /// the characters `_ - / . #`.
    ///
    /// ## How to fix
    ///
    /// Choose the offered period that comes next; the message names it.
    ///
    /// ## When to suppress
    ///
    /// Never: CloudWatch Logs refuses the value.
    ///
    /// ## Source
    ///
    /// Amazon CloudWatch Logs API reference, `PutRetentionPolicy` (22 values) and `CreateLogGroup` (names);
    /// as of 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Transform: AWS::Serverless-2016-10-31
    /// Resources:
    ///   OrdersLog:
    ///     Type: AWS::Logs::LogGroup
    ///     Properties: {RetentionInDays: 45}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Transform: AWS::Serverless-2016-10-31
    /// Resources:
    ///   OrdersLog:
    ///     Type: AWS::Logs::LogGroup
    ///     Properties: {RetentionInDays: 30}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   OrdersLog:
    ///     Type: AWS::Logs::LogGroup
    ///     Properties: {RetentionInDays: 45}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   OrdersLog:
    ///     Type: AWS::Logs::LogGroup
    ///     Properties: {RetentionInDays: 30}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   orders: {handler: app.main}
    /// resources:
    ///   Resources:
    ///     AuditLog: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: "audit log", RetentionInDays: 30}}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x, logRetentionInDays: 14}
    /// functions:
    ///   orders: {handler: app.main}
    /// ```
    pub(super) static POLICY = "log-group-name-and-retention-values" {
        category: Limits, severity: High, profile: Recommended, fix: Sometimes, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    for group in cx.graph.existing("AWS::Logs::LogGroup") {
        let wrong = |days: i64| !DAYS.contains(&days);
        if let Some(days) = read::number(group, &["RetentionInDays"], wrong) {
            let next = DAYS.into_iter().filter(|offered| *offered > days).min().unwrap_or(3653);
            cx.report(
                Place::property(group, &["RetentionInDays"]),
                format!("{} keeps its logs for {days} days, a period that CloudWatch does not offer", group.id()),
            )
            .help(format!("the next longer period on offer is {next} days"))
            .remedy(remedies::set(group, &["RetentionInDays"], next));
        }
        let allowed = |c: char| c.is_ascii_alphanumeric() || "_-/.#".contains(c);
        let invalid = |name: &str| name.len() > 512 || !name.chars().all(allowed);
        if let Some(name) = read::text(group, &["LogGroupName"], invalid) {
            let why = if name.len() > 512 {
                "is longer than 512 characters"
            } else {
                "may hold letters, digits and _ - / . # only"
            };
            cx.report(Place::property(group, &["LogGroupName"]), format!("the name of {} {why}", group.id()))
                .help("choose a name such as /aws/lambda/orders");
        }
    }
}
