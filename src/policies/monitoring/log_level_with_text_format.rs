use crate::policy;
use crate::policy::{Context, Place, Remedy};

policy! {
    /// A function filters its logs by level but writes them as plain text.
    ///
    /// ## Why it matters
    ///
    /// Lambda filters by level only logs in JSON format, and refuses `ApplicationLogLevel` or
    /// `SystemLogLevel` with the text format: the deployment fails.
    ///
    /// ## How to fix
    ///
    /// Set `LogFormat: JSON`, or remove the levels.
    ///
    /// ## When to suppress
    ///
    /// Never: Lambda refuses the setting, or filters nothing.
    ///
    /// ## Source
    ///
    /// AWS Lambda developer guide, "Configuring advanced logging controls" (levels need the format JSON);
    /// cfn-lint E3696; as of 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, LoggingConfig: {LogFormat: Text, ApplicationLogLevel: WARN}}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, LoggingConfig: {LogFormat: JSON, ApplicationLogLevel: WARN}}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Orders:
    ///       Type: AWS::Lambda::Function
    ///       Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, LoggingConfig: {SystemLogLevel: WARN}}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Orders:
    ///       Type: AWS::Lambda::Function
    ///       Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, LoggingConfig: {LogFormat: JSON, SystemLogLevel: WARN}}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, LoggingConfig: {SystemLogLevel: WARN}}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, LoggingConfig: {LogFormat: JSON, SystemLogLevel: WARN}}
    /// ```
    pub(super) static POLICY = "log-level-with-text-format" {
        category: Monitoring, severity: High, profile: Recommended, fix: Safe, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    for function in cx.graph.existing("AWS::Lambda::Function") {
        let format = function.property(&["LoggingConfig", "LogFormat"]);
        if !(format.is_absent() || format.text().is_some_and(|format| format == "Text")) {
            continue;
        }
        for name in ["ApplicationLogLevel", "SystemLogLevel"] {
            let path = ["LoggingConfig", name];
            if function.property(&path).known().is_some() {
                cx.report(
                    Place::property(function, &path),
                    format!("{} sets {name}, which Lambda accepts for the JSON log format only", function.id()),
                )
                .help("set LogFormat: JSON, or remove the level")
                .remedy(Remedy::safe(format!("Let {} log JSON", function.id())).put(
                    function,
                    &["LoggingConfig", "LogFormat"],
                    "JSON",
                ));
            }
        }
    }
}
