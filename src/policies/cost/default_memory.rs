use super::super::read;
use crate::policy;
use crate::policy::Context;

policy! {
    /// A function leaves its memory to the default of 128 MB.
    ///
    /// ## Why it matters
    ///
    /// 128 MB come with about 7 % of a CPU. Initialisation and every request then take several times
    /// longer than with 512 MB or 1,024 MB, at about the same price, since the price is memory times
    /// time.
    ///
    /// ## How to fix
    ///
    /// Set the memory from measurement (for instance with Lambda Power Tuning); 512 MB is a good
    /// start for functions that call other services.
    ///
    /// ## When to suppress
    ///
    /// When the default was measured to be enough; write it down, then it is a decision.
    ///
    /// ## Source
    ///
    /// AWS Lambda developer guide, "Configure Lambda function memory" (128 MB default, CPU in proportion to
    /// memory); serverless-rules ES1005; as of 2026-10.
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
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, MemorySize: 512}
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
    ///       Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, MemorySize: 512}
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
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, MemorySize: 512}
    /// ```
    pub(super) static POLICY = "default-memory" {
        category: Cost, severity: Low, profile: Recommended, fix: None, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    for function in read::functions(cx.graph) {
        if function.property(&["MemorySize"]).is_absent() {
            let (with, help) = match cx.template().elsewhere() {
                Some(provider) => (format!("what {provider} gives it"), "set the memory from measurement"),
                None => ("128 MB".to_owned(), "set the memory from measurement; 512 MB is a good start"),
            };
            cx.report(function, format!("{} has no memory setting of its own and runs with {with}", function.id()))
                .help(help);
        }
    }
}
