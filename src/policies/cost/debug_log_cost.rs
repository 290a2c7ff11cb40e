use super::super::read;
use crate::graph::{EdgeKind, NodeKind};
use crate::policy;
use crate::policy::{Context, Place};

policy! {
    /// A function with much traffic logs at a level for debugging.
    ///
    /// The traffic must be known: from schedules, or from a `dewline.usage.yaml` beside the template. Reported is
    /// a function whose logs cost 5 dollars a month or more.
    ///
    /// ## Why it matters
    ///
    /// CloudWatch takes 50 cents for every gigabyte that is written (us-east-1, 2026), often more than the
    /// function itself costs. Levels `DEBUG` and `TRACE` write a multiple of what `INFO` writes, and what they
    /// write is read by nobody most of the time.
    ///
    /// ## How to fix
    ///
    /// Set `ApplicationLogLevel: INFO` or higher, and turn debugging on for as long as it is needed.
    ///
    /// ## When to suppress
    ///
    /// While somebody looks for a defect.
    ///
    /// ## Source
    ///
    /// Amazon CloudWatch pricing, "Logs"; AWS Lambda developer guide, "Configuring advanced logging controls";
    /// read 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,file:dewline.usage.yaml
    /// resource_usage:
    ///   Orders: {monthly_requests: 10000000, log_kb_per_request: 20}
    /// ```
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, LoggingConfig: {LogFormat: JSON, ApplicationLogLevel: DEBUG}}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, LoggingConfig: {LogFormat: JSON, ApplicationLogLevel: INFO}}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Orders:
    ///       Type: AWS::Lambda::Function
    ///       Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, LoggingConfig: {LogFormat: JSON, ApplicationLogLevel: TRACE}}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Orders:
    ///       Type: AWS::Lambda::Function
    ///       Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, LoggingConfig: {LogFormat: JSON, ApplicationLogLevel: WARN}}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, LoggingConfig: {LogFormat: JSON, ApplicationLogLevel: TRACE}}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, LoggingConfig: {LogFormat: JSON, ApplicationLogLevel: ERROR}}
    /// ```
    pub(super) static POLICY = "debug-log-cost" {
        category: Cost, severity: Low, profile: Recommended, fix: None, since: "0.1.0", check: check,
    }
}

/// Dollars a month that are worth a finding.
const WORTH: f64 = 5.0;

const LEVEL: [&str; 2] = ["LoggingConfig", "ApplicationLogLevel"];

fn check(cx: &mut Context<'_>) {
    let costs = cx.costs();
    for function in cx.graph.existing("AWS::Lambda::Function") {
        let Some(level) = read::text(function, &LEVEL, |level| matches!(level, "DEBUG" | "TRACE")) else { continue };
        let Some(node) = cx.graph.node(function.id()) else { continue };
        // The text is on the bill of its group.
        let group = node.targets(EdgeKind::LogsTo).find(|group| group.kind() == NodeKind::LogGroup);
        let payer = group.unwrap_or(node).name();
        let paid = costs.estimate().resources.iter().find(|one| one.name == payer);
        let cost = paid.and_then(|one| one.services.get("CloudWatch Logs")).copied().unwrap_or(0.0);
        if cost < WORTH {
            continue;
        }
        cx.report(
            Place::property(function, &LEVEL),
            format!(
                "{} logs at level {level}, and its logs cost {} a month{}",
                function.id(),
                costs.money(cost),
                costs.basis()
            ),
        )
        .help("set the level to INFO or higher, and turn debugging on for as long as it is needed");
    }
}
