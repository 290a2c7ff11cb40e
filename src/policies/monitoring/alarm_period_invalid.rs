use super::super::{read, remedies};
use crate::policy;
use crate::policy::{Context, Place};

/// Seconds that all periods may cover when one is shorter than an hour, and otherwise
/// (`PutMetricAlarm` reference, 2026-09).
const SPAN_SHORT: i64 = 86_400;
const SPAN_LONG: i64 = 604_800;

policy! {
    /// An alarm has a period that CloudWatch does not accept.
    ///
    /// ## Why it matters
    ///
    /// The period is 10, 20 or 30 seconds or a multiple of 60, and all evaluation periods together
    /// may cover seven days at most (one day for periods below an hour). Other numbers fail the
    /// deployment.
    ///
    /// ## How to fix
    ///
    /// Choose 60 or a multiple of it, and fewer evaluation periods for a long period.
    ///
    /// ## When to suppress
    ///
    /// Never: CloudWatch refuses the alarm.
    ///
    /// ## Source
    ///
    /// Amazon CloudWatch API reference, `PutMetricAlarm` (`Period`: 10, 20, 30 or a multiple of 60);
    /// cfn-lint E3615; as of 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Transform: AWS::Serverless-2016-10-31
    /// Resources:
    ///   Errors:
    ///     Type: AWS::CloudWatch::Alarm
    ///     Properties: {Namespace: AWS/Lambda, MetricName: Errors, Statistic: Sum, Threshold: 1, ComparisonOperator: GreaterThanOrEqualToThreshold, Period: 90, EvaluationPeriods: 1, AlarmActions: [!Ref Topic]}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Transform: AWS::Serverless-2016-10-31
    /// Resources:
    ///   Errors:
    ///     Type: AWS::CloudWatch::Alarm
    ///     Properties: {Namespace: AWS/Lambda, MetricName: Errors, Statistic: Sum, Threshold: 1, ComparisonOperator: GreaterThanOrEqualToThreshold, Period: 120, EvaluationPeriods: 1, AlarmActions: [!Ref Topic]}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Errors:
    ///       Type: AWS::CloudWatch::Alarm
    ///       Properties: {Namespace: AWS/Lambda, MetricName: Errors, Statistic: Sum, Threshold: 1, ComparisonOperator: GreaterThanOrEqualToThreshold, Period: 90, EvaluationPeriods: 1, AlarmActions: [!Ref Topic]}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Errors:
    ///       Type: AWS::CloudWatch::Alarm
    ///       Properties: {Namespace: AWS/Lambda, MetricName: Errors, Statistic: Sum, Threshold: 1, ComparisonOperator: GreaterThanOrEqualToThreshold, Period: 120, EvaluationPeriods: 1, AlarmActions: [!Ref Topic]}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Errors:
    ///     Type: AWS::CloudWatch::Alarm
    ///     Properties: {Namespace: AWS/Lambda, MetricName: Errors, Statistic: Sum, Threshold: 1, ComparisonOperator: GreaterThanOrEqualToThreshold, Period: 90, EvaluationPeriods: 1, AlarmActions: [!Ref Topic]}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Errors:
    ///     Type: AWS::CloudWatch::Alarm
    ///     Properties: {Namespace: AWS/Lambda, MetricName: Errors, Statistic: Sum, Threshold: 1, ComparisonOperator: GreaterThanOrEqualToThreshold, Period: 120, EvaluationPeriods: 1, AlarmActions: [!Ref Topic]}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Errors:
    ///     Type: AWS::CloudWatch::Alarm
    ///     Properties: {Namespace: AWS/Lambda, MetricName: Errors, Statistic: Sum, Threshold: 1, ComparisonOperator: GreaterThanOrEqualToThreshold, Period: 300, EvaluationPeriods: 300, AlarmActions: [!Ref Topic]}
    /// ```
    pub(super) static POLICY = "alarm-period-invalid" {
        category: Monitoring, severity: High, profile: Recommended, fix: Safe, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    for alarm in cx.graph.existing("AWS::CloudWatch::Alarm") {
        let wrong = |period: i64| !(matches!(period, 10 | 20 | 30) || (period > 0 && period % 60 == 0));
        if let Some(period) = read::number(alarm, &["Period"], wrong) {
            cx.report(
                Place::property(alarm, &["Period"]),
                format!(
                    "{} has a period of {period} s, but CloudWatch takes 10, 20, 30 or a multiple of 60",
                    alarm.id()
                ),
            )
            .help(format!("set the period to {} s", (period.clamp(1, 86_400) + 59) / 60 * 60))
            .remedy(remedies::set(alarm, &["Period"], (period.clamp(1, 86_400) + 59) / 60 * 60));
            continue;
        }
        let (period, count) = (alarm.property(&["Period"]).int(), alarm.property(&["EvaluationPeriods"]).int());
        let (Some(period), Some(count)) = (period, count) else { continue };
        let limit = if period < 3600 { SPAN_SHORT } else { SPAN_LONG };
        let span = period.saturating_mul(count);
        if span > limit {
            cx.report(
                Place::property(alarm, &["EvaluationPeriods"]),
                format!(
                    "{} looks at {count} periods of {period} s, {span} s in all, but CloudWatch takes {limit} s",
                    alarm.id()
                ),
            )
            .help(format!("set EvaluationPeriods to {} or less", limit / period.max(1)))
            .remedy(remedies::set(alarm, &["EvaluationPeriods"], (limit / period.max(1)).max(1)));
        }
    }
}
