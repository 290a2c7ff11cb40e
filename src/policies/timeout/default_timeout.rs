use super::super::read;
use crate::policy;
use crate::policy::Context;

policy! {
    /// A function leaves its timeout to the default of three seconds.
    ///
    /// ## Why it matters
    ///
    /// The default is 3 seconds. A cold start, a slow dependency or one retry of an SDK call exceeds
    /// it, and the function fails at the worst moment: under load. The Serverless Framework sets 6
    /// seconds, which this policy lets pass. Other providers have defaults of their own, which
    /// change with the provider instead of with the code.
    ///
    /// ## How to fix
    ///
    /// Set the timeout from measurement: a little above the 99th percentile of the duration, and
    /// below the timeout of the caller.
    ///
    /// ## When to suppress
    ///
    /// When three seconds were measured to be enough; write them down, then it is a decision.
    ///
    /// ## Source
    ///
    /// AWS Lambda developer guide, "Configure Lambda function timeout" (3 s default); serverless-rules
    /// ES1006; as of 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Timeout: 15}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Orders:
    ///       Type: AWS::Lambda::Function
    ///       Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Orders:
    ///       Type: AWS::Lambda::Function
    ///       Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, Timeout: 15}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, Timeout: 15}
    /// ```
    pub(super) static POLICY = "default-timeout" {
        category: Timeout, severity: Medium, profile: Recommended, fix: None, since: "0.1.0", risks: ["SAS-08"], check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    for function in read::functions(cx.graph) {
        if function.property(&["Timeout"]).is_absent() {
            let after = match cx.template().elsewhere() {
                Some(provider) => format!("when {provider} sees fit"),
                None => "after 3 s".to_owned(),
            };
            cx.report(function, format!("{} has no timeout of its own and is stopped {after}", function.id()))
                .help("set the timeout a little above the 99th percentile of the duration");
        }
    }
}
