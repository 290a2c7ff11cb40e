use super::super::{read, remedies};
use crate::policy;
use crate::policy::{Context, Place};

/// Property, least and greatest number, unit (Lambda asynchronous invocation guide, 2026-09).
const RANGES: [(&str, i64, i64, &str); 2] =
    [("MaximumRetryAttempts", 0, 2, ""), ("MaximumEventAgeInSeconds", 60, 21_600, " s")];

policy! {
    /// Retries or event age of asynchronous invocation are outside the range Lambda accepts.
    ///
    /// ## Why it matters
    ///
    /// Lambda retries an asynchronous invocation at most twice and keeps the event for 60 to 21,600
    /// seconds (six hours). Other numbers fail the deployment.
    ///
    /// ## How to fix
    ///
    /// Set `MaximumRetryAttempts` to 0, 1 or 2 and `MaximumEventAgeInSeconds` to 60 to 21,600. If
    /// more retries are needed, put a queue in front of the function.
    ///
    /// ## When to suppress
    ///
    /// Never: Lambda refuses the value.
    ///
    /// ## Source
    ///
    /// AWS Lambda API reference, `PutFunctionEventInvokeConfig`; cfn-lint E3034; as of 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, EventInvokeConfig: {MaximumRetryAttempts: 5}}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, EventInvokeConfig: {MaximumRetryAttempts: 2}}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   orders: {handler: app.main, maximumEventAge: 30}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   orders: {handler: app.main, maximumEventAge: 3600}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Retries:
    ///     Type: AWS::Lambda::EventInvokeConfig
    ///     Properties: {FunctionName: !Ref Orders, Qualifier: $LATEST, MaximumEventAgeInSeconds: 86400}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Retries:
    ///     Type: AWS::Lambda::EventInvokeConfig
    ///     Properties: {FunctionName: !Ref Orders, Qualifier: $LATEST, MaximumEventAgeInSeconds: 21600}
    /// ```
    pub(super) static POLICY = "async-config-ranges" {
        category: Limits, severity: High, profile: Recommended, fix: Safe, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    for config in cx.graph.existing("AWS::Lambda::EventInvokeConfig") {
        for (name, least, greatest, unit) in RANGES {
            let outside = |number: i64| !(least..=greatest).contains(&number);
            let Some(number) = read::number(config, &[name], outside) else { continue };
            cx.report(
                Place::property(config, &[name]),
                format!(
                    "{} sets {name} to {number}{unit}, but Lambda accepts {least} to {greatest}{unit}",
                    config.id()
                ),
            )
            .help(format!("set {name} to {}", number.clamp(least, greatest)))
            .remedy(remedies::set(config, &[name], number.clamp(least, greatest)));
        }
    }
}
