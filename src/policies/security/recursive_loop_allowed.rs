use super::super::read;
use crate::policy;
use crate::policy::{Context, Place, Remedy};

policy! {
    /// A function switches off Lambda's stop for endless loops.
    ///
    /// ## Why it matters
    ///
    /// Lambda stops a function that triggers itself through SQS, SNS or S3 after about 16 rounds.
    /// `RecursiveLoop: Allow` removes that stop: a loop runs until somebody notices the bill, at the
    /// full concurrency of the account.
    ///
    /// ## How to fix
    ///
    /// Remove `RecursiveLoop`, or set it to `Terminate`. If the function must write to its own
    /// source, bound the rounds with a counter in the message.
    ///
    /// ## When to suppress
    ///
    /// When the loop is meant, and something in the code ends it.
    ///
    /// ## Source
    ///
    /// AWS Lambda developer guide, "Use Lambda recursive loop detection to prevent infinite loops"
    /// (`RecursiveLoop: Allow`); as of 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, RecursiveLoop: Allow}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, RecursiveLoop: Terminate}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Orders:
    ///       Type: AWS::Lambda::Function
    ///       Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, RecursiveLoop: Allow}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Orders:
    ///       Type: AWS::Lambda::Function
    ///       Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, RecursiveLoop: Allow}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn}
    /// ```
    pub(super) static POLICY = "recursive-loop-allowed" {
        category: Security, severity: High, profile: Recommended, fix: Unsafe, since: "0.1.0", risks: ["SAS-08"], check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    for function in cx.graph.existing("AWS::Lambda::Function") {
        if read::text(function, &["RecursiveLoop"], |mode| mode == "Allow").is_some() {
            cx.report(
                Place::property(function, &["RecursiveLoop"]),
                format!(
                    "{} allows endless loops, which Lambda would otherwise stop after about 16 rounds",
                    function.id()
                ),
            )
            .help("remove RecursiveLoop, or set it to Terminate")
            .remedy(Remedy::risky(format!("Let Lambda stop endless loops of {}", function.id())).put(
                function,
                &["RecursiveLoop"],
                "Terminate",
            ));
        }
    }
}
