use super::super::remedies;
use crate::policy;
use crate::policy::{Context, Place};

/// Seconds an ordinary function may run (Lambda quotas page, 2026-09).
const MAXIMUM: i64 = 900;
/// Seconds a function on managed instances may run (resource schema of 2026-10-20).
const MAXIMUM_MANAGED: i64 = 5400;

policy! {
    /// A function's timeout is outside the range Lambda accepts.
    ///
    /// ## Why it matters
    ///
    /// Lambda takes 1 to 900 seconds, and up to 5,400 seconds only for functions that run on a
    /// capacity provider (managed instances). Any other value fails the deployment, after the
    /// rest of the stack has been created and has to be rolled back.
    ///
    /// ## How to fix
    ///
    /// Stay within 900 seconds. Work that takes longer belongs in a state machine, in several
    /// smaller messages, or on a container service.
    ///
    /// ## When to suppress
    ///
    /// Never: Lambda refuses the value.
    ///
    /// ## Source
    ///
    /// AWS Lambda developer guide, "Lambda quotas" (900 s) and the resource schema of 2026-10-20 for
    /// managed instances; cfn-lint E3717.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Report:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Timeout: 1200}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Report:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Timeout: 900}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: reports
    /// provider: {name: aws, runtime: nodejs20.x}
    /// functions:
    ///   report: {handler: app.main, timeout: 1200}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: reports
    /// provider: {name: aws, runtime: nodejs20.x}
    /// functions:
    ///   report: {handler: app.main, timeout: 900}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Report:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !Sub 'arn:aws:iam::${AWS::AccountId}:role/r', Timeout: 0}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Report:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !Sub 'arn:aws:iam::${AWS::AccountId}:role/r', Timeout: 30}
    /// ```
    pub(super) static POLICY = "function-timeout-range" {
        category: Limits, severity: High, profile: Recommended, fix: Safe, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    for function in cx.graph.resources_of("AWS::Lambda::Function") {
        let managed = !function.property(&["CapacityProviderConfig"]).is_absent();
        let maximum = if managed { MAXIMUM_MANAGED } else { MAXIMUM };
        let Some(timeout) = function.property(&["Timeout"]).int() else { continue };
        if !(1..=maximum).contains(&timeout) {
            cx.report(
                Place::property(function, &["Timeout"]),
                format!("{} asks for a timeout of {timeout} s, but Lambda accepts 1 to {maximum} s", function.id()),
            )
            .help(format!("set a timeout between 1 and {maximum} seconds, or split the work"))
            .remedy(remedies::set(function, &["Timeout"], timeout.clamp(1, maximum)));
        }
    }
}
