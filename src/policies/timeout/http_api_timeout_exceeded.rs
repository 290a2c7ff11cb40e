use super::waits;
use crate::graph::NodeKind;
use crate::policy;
use crate::policy::Context;

policy! {
    /// A function may run longer than the HTTP API in front of it waits.
    ///
    /// ## Why it matters
    ///
    /// An HTTP API waits 30 seconds at most; the limit cannot be raised. Then it answers 503, while the
    /// function runs on and is billed until it ends or reaches its own timeout. A client that tries
    /// again starts a second run beside the first.
    ///
    /// ## How to fix
    ///
    /// Set the function's timeout to 29 seconds or less. Work that needs longer goes behind a queue or
    /// a state machine, with an answer that says where to ask for the result.
    ///
    /// ## When to suppress
    ///
    /// When the function also serves another trigger that needs the longer timeout; a second function
    /// for the API is the cleaner way.
    ///
    /// ## Source
    ///
    /// Amazon API Gateway developer guide, "Quotas for configuring and running an HTTP API" (maximum
    /// integration timeout 30 s); as of 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Report:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Timeout: 60, Events: {Get: {Type: HttpApi, Properties: {Path: /report, Method: get}}}}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Report:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Timeout: 29, Events: {Get: {Type: HttpApi, Properties: {Path: /report, Method: get}}}}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   report: {handler: app.main, timeout: 60, events: [{httpApi: {path: /report, method: get}}]}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   report: {handler: app.main, timeout: 29, events: [{httpApi: {path: /report, method: get}}]}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Api: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: shop, ProtocolType: HTTP}}
    ///   Report:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, Timeout: 20}
    ///   Call:
    ///     Type: AWS::ApiGatewayV2::Integration
    ///     Properties: {ApiId: !Ref Api, IntegrationType: AWS_PROXY, IntegrationUri: !GetAtt Report.Arn, TimeoutInMillis: 10000}
    ///   Get:
    ///     Type: AWS::ApiGatewayV2::Route
    ///     Properties: {ApiId: !Ref Api, RouteKey: GET /report, Target: !Sub "integrations/${Call}"}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Api: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: shop, ProtocolType: HTTP}}
    ///   Report:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, Timeout: 20}
    ///   Call:
    ///     Type: AWS::ApiGatewayV2::Integration
    ///     Properties: {ApiId: !Ref Api, IntegrationType: AWS_PROXY, IntegrationUri: !GetAtt Report.Arn, TimeoutInMillis: 25000}
    ///   Get:
    ///     Type: AWS::ApiGatewayV2::Route
    ///     Properties: {ApiId: !Ref Api, RouteKey: GET /report, Target: !Sub "integrations/${Call}"}
    /// ```
    pub(super) static POLICY = "http-api-timeout-exceeded" {
        category: Timeout, severity: High, profile: Recommended, fix: Unsafe, since: "0.1.0", risks: ["SAS-08"], check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    for wait in waits::exceeded(cx.graph, NodeKind::HttpApi) {
        waits::report(cx, &wait);
    }
}
