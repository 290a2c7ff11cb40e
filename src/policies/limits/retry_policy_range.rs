use super::super::read;
use crate::graph::{Resource, Value};
use crate::policy;
use crate::policy::{Context, Place, Remedy};

/// Property, least and greatest number, unit (EventBridge API reference, 2026-09).
const RANGES: [(&str, i64, i64, &str); 2] =
    [("MaximumRetryAttempts", 0, 185, ""), ("MaximumEventAgeInSeconds", 60, 86_400, " s")];

policy! {
    /// A retry policy of EventBridge is outside the accepted range.
    ///
    /// ## Why it matters
    ///
    /// EventBridge rules and schedules retry a target at most 185 times and for at most 24 hours
    /// (86,400 seconds, at least 60). Other numbers fail the deployment.
    ///
    /// ## How to fix
    ///
    /// Set `MaximumRetryAttempts` to 0 to 185 and `MaximumEventAgeInSeconds` to 60 to 86,400.
    ///
    /// ## When to suppress
    ///
    /// Never: EventBridge refuses the value.
    ///
    /// ## Source
    ///
    /// Amazon EventBridge API reference, `RetryPolicy` (0 to 185 attempts, 60 to 86,400 s); as of 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Paid:
    ///       Type: AWS::Events::Rule
    ///       Properties: {EventPattern: {source: [shop]}, Targets: [{Id: q, Arn: !GetAtt Queue.Arn, RetryPolicy: {MaximumRetryAttempts: 500}}]}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Paid:
    ///       Type: AWS::Events::Rule
    ///       Properties: {EventPattern: {source: [shop]}, Targets: [{Id: q, Arn: !GetAtt Queue.Arn, RetryPolicy: {MaximumRetryAttempts: 185}}]}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Paid:
    ///     Type: AWS::Events::Rule
    ///     Properties: {EventPattern: {source: [shop]}, Targets: [{Id: q, Arn: !GetAtt Queue.Arn, RetryPolicy: {MaximumRetryAttempts: 500}}]}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Paid:
    ///     Type: AWS::Events::Rule
    ///     Properties: {EventPattern: {source: [shop]}, Targets: [{Id: q, Arn: !GetAtt Queue.Arn, RetryPolicy: {MaximumRetryAttempts: 185}}]}
    /// ```
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Events: {Paid: {Type: EventBridgeRule, Properties: {Pattern: {source: [shop]}, RetryPolicy: {MaximumEventAgeInSeconds: 30}}}}}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Events: {Paid: {Type: EventBridgeRule, Properties: {Pattern: {source: [shop]}, RetryPolicy: {MaximumEventAgeInSeconds: 3600}}}}}
    /// ```
    pub(super) static POLICY = "retry-policy-range" {
        category: Limits, severity: High, profile: Recommended, fix: Safe, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    for rule in cx.graph.existing("AWS::Events::Rule") {
        for target in read::list(rule, &["Targets"]).borrowed() {
            retry_policy(cx, rule, target);
        }
    }
    for schedule in cx.graph.existing("AWS::Scheduler::Schedule") {
        if let Some(target) = schedule.property(&["Target"]).borrowed() {
            retry_policy(cx, schedule, target);
        }
    }
}

fn retry_policy(cx: &mut Context<'_>, resource: Resource<'_>, target: &Value) {
    for (name, least, greatest, unit) in RANGES {
        let outside = |number: i64| !(least..=greatest).contains(&number);
        let Some(number) = read::number_at(resource.template(), target, &["RetryPolicy", name], outside) else {
            continue;
        };
        let place = target.at(&["RetryPolicy", name]).unwrap_or(target).origin;
        cx.report(
            Place::within(resource, place),
            format!(
                "{} sets {name} to {number}{unit}, but EventBridge accepts {least} to {greatest}{unit}",
                resource.id()
            ),
        )
        .help(format!("set {name} to {}", number.clamp(least, greatest)))
        .remedy(Remedy::safe(format!("Set {name} to {}", number.clamp(least, greatest))).replace(
            place,
            number,
            number.clamp(least, greatest),
        ));
    }
}
