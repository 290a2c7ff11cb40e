use super::super::{new_alarm, read};
use crate::graph::{Resource, Value};
use crate::policy;
use crate::policy::{Context, Place, Remedy};

policy! {
    /// An alarm tells nobody.
    ///
    /// ## Why it matters
    ///
    /// An alarm without an action only changes its colour in the console. Whoever is on call learns
    /// of the outage from customers.
    ///
    /// ## How to fix
    ///
    /// Set `AlarmActions` to a topic that reaches the people on call. An alarm that is only a part of
    /// a composite alarm needs none.
    ///
    /// ## When to suppress
    ///
    /// When people look at the alarm on a dashboard that is watched.
    ///
    /// ## Source
    ///
    /// Amazon CloudWatch user guide, "Alarm actions"; cdk-nag CloudWatchAlarmAction; as of 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Transform: AWS::Serverless-2016-10-31
    /// Resources:
    ///   Errors:
    ///     Type: AWS::CloudWatch::Alarm
    ///     Properties: {Namespace: AWS/Lambda, MetricName: Errors, Statistic: Sum, Threshold: 1, ComparisonOperator: GreaterThanOrEqualToThreshold, Period: 60, EvaluationPeriods: 1}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Transform: AWS::Serverless-2016-10-31
    /// Resources:
    ///   Errors:
    ///     Type: AWS::CloudWatch::Alarm
    ///     Properties: {Namespace: AWS/Lambda, MetricName: Errors, Statistic: Sum, Threshold: 1, ComparisonOperator: GreaterThanOrEqualToThreshold, Period: 60, EvaluationPeriods: 1, AlarmActions: [!Ref Topic]}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Errors:
    ///       Type: AWS::CloudWatch::Alarm
    ///       Properties: {Namespace: AWS/Lambda, MetricName: Errors, Statistic: Sum, Threshold: 1, ComparisonOperator: GreaterThanOrEqualToThreshold, Period: 60, EvaluationPeriods: 1}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Errors:
    ///       Type: AWS::CloudWatch::Alarm
    ///       Properties: {Namespace: AWS/Lambda, MetricName: Errors, Statistic: Sum, Threshold: 1, ComparisonOperator: GreaterThanOrEqualToThreshold, Period: 60, EvaluationPeriods: 1, AlarmActions: [!Ref Topic]}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Errors:
    ///     Type: AWS::CloudWatch::Alarm
    ///     Properties: {Namespace: AWS/Lambda, MetricName: Errors, Statistic: Sum, Threshold: 1, ComparisonOperator: GreaterThanOrEqualToThreshold, Period: 60, EvaluationPeriods: 1}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Errors:
    ///     Type: AWS::CloudWatch::Alarm
    ///     Properties: {Namespace: AWS/Lambda, MetricName: Errors, Statistic: Sum, Threshold: 1, ComparisonOperator: GreaterThanOrEqualToThreshold, Period: 60, EvaluationPeriods: 1, AlarmActions: [!Ref Topic]}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Errors:
    ///     Type: AWS::CloudWatch::Alarm
    ///     Properties: {Namespace: AWS/Lambda, MetricName: Errors, Statistic: Sum, Threshold: 1, ComparisonOperator: GreaterThanOrEqualToThreshold, Period: 60, EvaluationPeriods: 1, ActionsEnabled: false, AlarmActions: [!Ref Topic]}
    /// ```
    pub(super) static POLICY = "alarm-without-action" {
        category: Monitoring, severity: Medium, profile: Recommended, fix: Unsafe, since: "0.1.0", risks: ["SAS-05"], check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    let rules: Vec<&Value> = cx
        .graph
        .existing("AWS::CloudWatch::CompositeAlarm")
        .filter_map(|alarm| alarm.properties()?.get("AlarmRule"))
        .collect();
    for ty in ["AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm"] {
        for alarm in cx.graph.existing(ty) {
            if read::text(alarm, &["ActionsEnabled"], |text| text == "false").is_some() {
                cx.report(
                    Place::property(alarm, &["ActionsEnabled"]),
                    format!("{} tells nobody: its actions are switched off", alarm.id()),
                )
                .help("remove ActionsEnabled: false")
                .remedy(
                    Remedy::risky(format!("Switch the actions of {} on", alarm.id()))
                        .remove_property(alarm, &["ActionsEnabled"]),
                );
                continue;
            }
            let silent = ["AlarmActions", "OKActions", "InsufficientDataActions"].iter().all(|name| {
                let actions = read::list(alarm, &[name]);
                actions.complete && actions.known.is_empty()
            });
            if silent
                && !alarm.is_incomplete()
                && !rules.iter().any(|rule| mentions(rule, alarm))
                && !is_referred(cx, alarm)
            {
                let remedy = new_alarm::tell(cx.graph, alarm);
                cx.report(alarm, format!("{} tells nobody: it has no action", alarm.id()))
                    .help("set AlarmActions to a topic that reaches the people on call")
                    .remedy(remedy);
            }
        }
    }
}

/// Whether the rule of a composite alarm uses `alarm`.
fn mentions(rule: &Value, alarm: Resource<'_>) -> bool {
    let text = crate::template::json::to_json(rule).to_string();
    let name = alarm.property(&["AlarmName"]).text();
    text.contains(alarm.id()) || name.is_some_and(|name| text.contains(&*name))
}

/// Whether another resource uses the alarm: a rollback trigger, a scaling policy.
fn is_referred(cx: &Context<'_>, alarm: Resource<'_>) -> bool {
    cx.template().resources().any(|other| {
        other.id() != alarm.id()
            && matches!(
                other.ty(),
                "AWS::CodeDeploy::DeploymentGroup" | "AWS::AppConfig::Environment" | "AWS::Events::Rule"
            )
            && crate::template::json::to_json(other.body()).to_string().contains(alarm.id())
    })
}
