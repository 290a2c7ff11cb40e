use super::super::{measure, remedies};
use crate::graph::NodeKind;
use crate::policy;
use crate::policy::{Context, Place};

policy! {
    /// A function behind a GraphQL API may run longer than a request may take.
    ///
    /// ## Why it matters
    ///
    /// AppSync ends a request after 30 seconds, whatever its resolvers are doing. The function runs on
    /// and is billed, and its result goes nowhere.
    ///
    /// ## How to fix
    ///
    /// Set the function's timeout to 30 seconds or less. For longer work answer at once, and send the
    /// result through a subscription.
    ///
    /// ## When to suppress
    ///
    /// When the function also serves a trigger that needs the time.
    ///
    /// ## Source
    ///
    /// AWS AppSync developer guide, "Quotas" (request execution time 30 s); as of 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Timeout: 60}
    ///   Source: {Type: AWS::AppSync::DataSource, Properties: {ApiId: !ImportValue shop-api, Name: orders, Type: AWS_LAMBDA, LambdaConfig: {LambdaFunctionArn: !GetAtt Orders.Arn}}}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Timeout: 30}
    ///   Source: {Type: AWS::AppSync::DataSource, Properties: {ApiId: !ImportValue shop-api, Name: orders, Type: AWS_LAMBDA, LambdaConfig: {LambdaFunctionArn: !GetAtt Orders.Arn}}}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Orders:
    ///       Type: AWS::Lambda::Function
    ///       Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, Timeout: 60}
    ///     Source: {Type: AWS::AppSync::DataSource, Properties: {ApiId: !ImportValue shop-api, Name: orders, Type: AWS_LAMBDA, LambdaConfig: {LambdaFunctionArn: !GetAtt Orders.Arn}}}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Orders:
    ///       Type: AWS::Lambda::Function
    ///       Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, Timeout: 30}
    ///     Source: {Type: AWS::AppSync::DataSource, Properties: {ApiId: !ImportValue shop-api, Name: orders, Type: AWS_LAMBDA, LambdaConfig: {LambdaFunctionArn: !GetAtt Orders.Arn}}}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, Timeout: 60}
    ///   Source: {Type: AWS::AppSync::DataSource, Properties: {ApiId: !ImportValue shop-api, Name: orders, Type: AWS_LAMBDA, LambdaConfig: {LambdaFunctionArn: !GetAtt Orders.Arn}}}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, Timeout: 30}
    ///   Source: {Type: AWS::AppSync::DataSource, Properties: {ApiId: !ImportValue shop-api, Name: orders, Type: AWS_LAMBDA, LambdaConfig: {LambdaFunctionArn: !GetAtt Orders.Arn}}}
    /// ```
    pub(super) static POLICY = "appsync-resolver-timeout" {
        category: Timeout, severity: High, profile: Recommended, fix: Unsafe, since: "0.1.0", risks: ["SAS-08"], check: check,
    }
}

/// Seconds a request to `AppSync` may take (from knowledge; to be checked against the `AppSync` quotas page).
const REQUEST: i64 = 30;

fn check(cx: &mut Context<'_>) {
    for source in cx.graph.existing("AWS::AppSync::DataSource") {
        let path = ["LambdaConfig", "LambdaFunctionArn"];
        let target = cx.graph.resolve_eval(&source.property(&path), Some(NodeKind::Function));
        let Some(function) = target.node().and_then(measure::function) else { continue };
        let Some(timeout) = measure::timeout(function).map(|bounds| bounds.min).filter(|timeout| *timeout > REQUEST)
        else {
            continue;
        };
        let (id, source_id) = (function.id(), source.id());
        cx.report(
            Place::property(function, &["Timeout"]),
            format!("{id} may run {timeout} s, but AppSync ends the requests of {source_id} after {REQUEST} s"),
        )
        .help(format!("set the timeout of {id} to {REQUEST} s or less"))
        .remedy(remedies::timeout(function, REQUEST))
        .related(Place::property(source, &path), format!("{source_id} calls {id}"));
    }
}
