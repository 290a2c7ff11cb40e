use super::super::read;
use crate::policy;
use crate::policy::{Context, Place};

/// Layers a function may have (Lambda quotas page, 2026-09; not adjustable).
const MAXIMUM: usize = 5;

policy! {
    /// A function has more than five layers.
    ///
    /// ## Why it matters
    ///
    /// Lambda mounts at most five layers into a function; the sixth fails the deployment. Layers that
    /// come from `Globals` or from `provider.layers` count too, and so do those that extensions and
    /// monitoring plug-ins add.
    ///
    /// ## How to fix
    ///
    /// Merge layers that are always used together into one, or put the code into the package of the
    /// function. The limit cannot be raised.
    ///
    /// ## When to suppress
    ///
    /// Never: Lambda refuses the function.
    ///
    /// ## Source
    ///
    /// AWS Lambda developer guide, "Lambda quotas" (5 layers); cfn-lint E3032; as of 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Layers: [a:1, b:1, c:1, d:1, e:1, f:1]}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Layers: [a:1, b:1]}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   orders: {handler: app.main, layers: ["arn:aws:lambda:eu-west-1:123456789012:layer:a:1", "arn:aws:lambda:eu-west-1:123456789012:layer:b:1", "arn:aws:lambda:eu-west-1:123456789012:layer:c:1", "arn:aws:lambda:eu-west-1:123456789012:layer:d:1", "arn:aws:lambda:eu-west-1:123456789012:layer:e:1", "arn:aws:lambda:eu-west-1:123456789012:layer:f:1"]}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   orders: {handler: app.main, layers: ["arn:aws:lambda:eu-west-1:123456789012:layer:a:1"]}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, Layers: [!Ref A, !Ref B, !Ref C, !Ref D, !Ref E, !Ref F]}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, Layers: [!Ref A, !Ref B, !Ref C, !Ref D, !Ref E]}
    /// ```
    pub(super) static POLICY = "layer-count" {
        category: Limits, severity: High, profile: Recommended, fix: None, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    for function in cx.graph.existing("AWS::Lambda::Function") {
        let layers = read::list(function, &["Layers"]).known.len();
        if layers > MAXIMUM {
            cx.report(
                Place::property(function, &["Layers"]),
                format!("{} has {layers} layers, but Lambda takes at most {MAXIMUM}", function.id()),
            )
            .help("merge layers, or move code from a layer into the package of the function");
        }
    }
}
