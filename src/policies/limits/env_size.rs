use super::super::read;
use crate::finding::Severity;
use crate::graph::Value;
use crate::policy;
use crate::policy::{Context, Place};

/// Bytes of all keys and values together (Lambda quotas page, 2026-09; not adjustable).
const MAXIMUM: usize = 4096;

policy! {
    /// A function's environment variables are larger than Lambda's limit of 4 KB.
    ///
    /// ## Why it matters
    ///
    /// Keys and values of all environment variables of a function together may take 4,096 bytes. The
    /// limit is checked when the function is created, so a variable too many breaks the deployment;
    /// and the limit cannot be raised. Only literal text is counted here: values that are known at
    /// deployment alone come on top.
    ///
    /// ## How to fix
    ///
    /// Move long values into SSM Parameter Store, AppConfig or a file in the package and pass only
    /// their name. In serverless.yml, move variables from `provider.environment` to the functions
    /// that use them.
    ///
    /// ## When to suppress
    ///
    /// Never: Lambda refuses the function.
    ///
    /// ## Source
    ///
    /// AWS Lambda developer guide, "Lambda quotas" (4 KB for all environment variables); cfn-lint E3697; as
    /// of 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Environment: {Variables: {R01: &rule "orders-above-1000-need-approval/orders-above-1000-need-approval/orders-above-1000-need-approval/orders-above-1000-need-approval/", R02: *rule, R03: *rule, R04: *rule, R05: *rule, R06: *rule, R07: *rule, R08: *rule, R09: *rule, R10: *rule, R11: *rule, R12: *rule, R13: *rule, R14: *rule, R15: *rule, R16: *rule, R17: *rule, R18: *rule, R19: *rule, R20: *rule, R21: *rule, R22: *rule, R23: *rule, R24: *rule, R25: *rule, R26: *rule, R27: *rule, R28: *rule, R29: *rule, R30: *rule, R31: *rule, R32: *rule}}}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Environment: {Variables: {RULES: /orders/rules}}}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   orders: {handler: app.main, environment: {R01: &rule "orders-above-1000-need-approval/orders-above-1000-need-approval/orders-above-1000-need-approval/orders-above-1000-need-approval/", R02: *rule, R03: *rule, R04: *rule, R05: *rule, R06: *rule, R07: *rule, R08: *rule, R09: *rule, R10: *rule, R11: *rule, R12: *rule, R13: *rule, R14: *rule, R15: *rule, R16: *rule, R17: *rule, R18: *rule, R19: *rule, R20: *rule, R21: *rule, R22: *rule, R23: *rule, R24: *rule, R25: *rule, R26: *rule, R27: *rule, R28: *rule, R29: *rule, R30: *rule, R31: *rule, R32: *rule}}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   orders: {handler: app.main, environment: {RULES: /orders/rules}}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, Environment: {Variables: {R01: &rule "orders-above-1000-need-approval/orders-above-1000-need-approval/orders-above-1000-need-approval/orders-above-1000-need-approval/", R02: *rule, R03: *rule, R04: *rule, R05: *rule, R06: *rule, R07: *rule, R08: *rule, R09: *rule, R10: *rule, R11: *rule, R12: *rule, R13: *rule, R14: *rule, R15: *rule, R16: *rule, R17: *rule, R18: *rule, R19: *rule, R20: *rule, R21: *rule, R22: *rule, R23: *rule, R24: *rule, R25: *rule, R26: *rule, R27: *rule, R28: *rule, R29: *rule, R30: *rule, R31: *rule, R32: *rule}}}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, Environment: {Variables: {RULES: /orders/rules}}}
    /// ```
    pub(super) static POLICY = "env-size" {
        category: Limits, severity: High, profile: Recommended, fix: None, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    for function in cx.graph.existing("AWS::Lambda::Function") {
        let path = ["Environment", "Variables"];
        let variables = function.property(&path);
        let Some(variables) = variables.borrowed().and_then(Value::as_map) else { continue };
        let mut size = 0;
        let mut largest = ("", 0);
        for entry in variables {
            let length = cx.template().eval(&entry.value).text().map_or(0, |text| text.len());
            size += entry.key.len() + length;
            if length > largest.1 {
                largest = (&entry.key, length);
            }
        }
        if size <= MAXIMUM * 9 / 10 {
            continue;
        }
        let (verdict, severity) = if size > MAXIMUM {
            ("more than Lambda's limit of", Severity::High)
        } else {
            ("close to Lambda's limit of", Severity::Medium)
        };
        cx.report(
            Place::property(function, &path),
            format!(
                "the {} of {} take {size} bytes, {verdict} {MAXIMUM}",
                read::count(variables.len(), "environment variable"),
                function.id()
            ),
        )
        .help(format!("move the longest value, {} ({} bytes), to a parameter or a file", largest.0, largest.1))
        .severity(severity);
    }
}
