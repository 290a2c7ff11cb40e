use super::super::read;
use crate::graph::Value;
use crate::policy;
use crate::policy::{Context, Place};

/// Targets of one rule (EventBridge quotas page, 2026-09).
const TARGETS: usize = 5;
/// Characters of an event pattern.
const PATTERN: usize = 2048;

policy! {
    /// An event rule has more targets, or a longer pattern, than EventBridge allows.
    ///
    /// ## Why it matters
    ///
    /// A rule of EventBridge sends to at most five targets, and its event pattern may have 2,048
    /// characters. The deployment fails beyond that.
    ///
    /// ## How to fix
    ///
    /// Add a second rule with the same pattern, or send to a topic or a queue that fans out. Shorten
    /// a long pattern with prefix or wildcard matching.
    ///
    /// ## When to suppress
    ///
    /// When the quota of targets or of the pattern was raised for the account.
    ///
    /// ## Source
    ///
    /// Amazon EventBridge user guide, "Quotas" (5 targets a rule, event patterns of 2,048 characters);
    /// cfn-lint E3032; as of 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Transform: AWS::Serverless-2016-10-31
    /// Resources:
    ///   Paid:
    ///     Type: AWS::Events::Rule
    ///     Properties: {EventPattern: {source: [shop]}, Targets: [{Id: t0, Arn: !GetAtt Queue0.Arn}, {Id: t1, Arn: !GetAtt Queue1.Arn}, {Id: t2, Arn: !GetAtt Queue2.Arn}, {Id: t3, Arn: !GetAtt Queue3.Arn}, {Id: t4, Arn: !GetAtt Queue4.Arn}, {Id: t5, Arn: !GetAtt Queue5.Arn}]}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Transform: AWS::Serverless-2016-10-31
    /// Resources:
    ///   Paid:
    ///     Type: AWS::Events::Rule
    ///     Properties: {EventPattern: {source: [shop]}, Targets: [{Id: t0, Arn: !GetAtt Queue0.Arn}, {Id: t1, Arn: !GetAtt Queue1.Arn}, {Id: t2, Arn: !GetAtt Queue2.Arn}, {Id: t3, Arn: !GetAtt Queue3.Arn}, {Id: t4, Arn: !GetAtt Queue4.Arn}]}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Paid:
    ///       Type: AWS::Events::Rule
    ///       Properties: {EventPattern: {source: [shop]}, Targets: [{Id: t0, Arn: !GetAtt Queue0.Arn}, {Id: t1, Arn: !GetAtt Queue1.Arn}, {Id: t2, Arn: !GetAtt Queue2.Arn}, {Id: t3, Arn: !GetAtt Queue3.Arn}, {Id: t4, Arn: !GetAtt Queue4.Arn}, {Id: t5, Arn: !GetAtt Queue5.Arn}]}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Paid:
    ///       Type: AWS::Events::Rule
    ///       Properties: {EventPattern: {source: [shop]}, Targets: [{Id: t0, Arn: !GetAtt Queue0.Arn}, {Id: t1, Arn: !GetAtt Queue1.Arn}, {Id: t2, Arn: !GetAtt Queue2.Arn}, {Id: t3, Arn: !GetAtt Queue3.Arn}, {Id: t4, Arn: !GetAtt Queue4.Arn}]}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Paid:
    ///     Type: AWS::Events::Rule
    ///     Properties: {EventPattern: {source: [shop]}, Targets: [{Id: t0, Arn: !GetAtt Queue0.Arn}, {Id: t1, Arn: !GetAtt Queue1.Arn}, {Id: t2, Arn: !GetAtt Queue2.Arn}, {Id: t3, Arn: !GetAtt Queue3.Arn}, {Id: t4, Arn: !GetAtt Queue4.Arn}, {Id: t5, Arn: !GetAtt Queue5.Arn}]}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Paid:
    ///     Type: AWS::Events::Rule
    ///     Properties: {EventPattern: {source: [shop]}, Targets: [{Id: t0, Arn: !GetAtt Queue0.Arn}, {Id: t1, Arn: !GetAtt Queue1.Arn}, {Id: t2, Arn: !GetAtt Queue2.Arn}, {Id: t3, Arn: !GetAtt Queue3.Arn}, {Id: t4, Arn: !GetAtt Queue4.Arn}]}
    /// ```
    pub(super) static POLICY = "rule-target-count" {
        category: Limits, severity: High, profile: Recommended, fix: None, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    for rule in cx.graph.existing("AWS::Events::Rule") {
        let targets = read::list(rule, &["Targets"]).known.len();
        if targets > TARGETS {
            cx.report(
                Place::property(rule, &["Targets"]),
                format!("{} has {targets} targets, but a rule sends to at most {TARGETS}", rule.id()),
            )
            .help("move targets to a second rule with the same pattern, or fan out through a topic");
        }
        let pattern = rule.property(&["EventPattern"]);
        let length = pattern.borrowed().map_or(0, |pattern| length(pattern, 0));
        if length > PATTERN {
            cx.report(
                Place::property(rule, &["EventPattern"]),
                format!("the event pattern of {} has {length} characters, but EventBridge takes {PATTERN}", rule.id()),
            )
            .help("split the pattern over several rules, or match by prefix");
        }
    }
}

/// Characters of `value` as compact JSON, functions counted as nothing.
fn length(value: &Value, depth: u8) -> usize {
    use crate::template::value::Kind;
    if depth > 32 || value.intrinsic().is_some() {
        return 0;
    }
    match &value.kind {
        Kind::Map(map) => {
            1 + map.iter().map(|entry| entry.key.chars().count() + 4 + length(&entry.value, depth + 1)).sum::<usize>()
        }
        Kind::List(items) => 1 + items.iter().map(|item| 1 + length(item, depth + 1)).sum::<usize>(),
        Kind::Str(text) => text.chars().count() + 2,
        Kind::Null | Kind::Bool(_) => 4,
        Kind::Int(number) => number.to_string().len(),
        Kind::Float(number) => number.to_string().len(),
    }
}
