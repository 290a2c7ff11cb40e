use super::waits;
use crate::graph::NodeKind;
use crate::policy;
use crate::policy::Context;

policy! {
    /// A function may run longer than the REST API in front of it waits.
    ///
    /// ## Why it matters
    ///
    /// After 29 seconds, or the integration's own `TimeoutInMillis`, the API answers 504. The function
    /// runs on and is billed until it ends or reaches its own timeout, its result goes nowhere, and a
    /// client that tries again starts a second run beside the first.
    ///
    /// ## How to fix
    ///
    /// Set the function's timeout just below what the API waits, so that it fails where it can still
    /// log and answer. Work that needs longer goes behind a queue or a state machine, with an answer
    /// that says where to ask for the result. A Regional or private API can be allowed to wait longer:
    /// raise the quota of the account and set `TimeoutInMillis`. Streamed responses
    /// (`ResponseTransferMode: STREAM`) are not cut off after 29 seconds and are not reported.
    ///
    /// ## When to suppress
    ///
    /// When the function also serves another trigger that needs the longer timeout; a second function
    /// for the API is the cleaner way.
    ///
    /// ## Source
    ///
    /// Amazon API Gateway developer guide, "Quotas for configuring and running a REST API" (integration
    /// timeout 29 s, raisable for regional and private APIs); as of 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Report:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Timeout: 60, Events: {Get: {Type: Api, Properties: {Path: /report, Method: get}}}}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Report:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Timeout: 29, Events: {Get: {Type: Api, Properties: {Path: /report, Method: get}}}}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   report: {handler: app.main, timeout: 60, events: [{http: {path: /report, method: get}}]}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   report: {handler: app.main, timeout: 29, events: [{http: {path: /report, method: get}}]}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: shop}}
    ///   Report:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, Timeout: 20}
    ///   Get:
    ///     Type: AWS::ApiGateway::Method
    ///     Properties:
    ///       RestApiId: !Ref Api
    ///       ResourceId: !GetAtt Api.RootResourceId
    ///       HttpMethod: GET
    ///       Integration: {Type: AWS_PROXY, IntegrationHttpMethod: POST, TimeoutInMillis: 10000, Uri: !Sub "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Report.Arn}/invocations"}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: shop}}
    ///   Report:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, Timeout: 20}
    ///   Get:
    ///     Type: AWS::ApiGateway::Method
    ///     Properties:
    ///       RestApiId: !Ref Api
    ///       ResourceId: !GetAtt Api.RootResourceId
    ///       HttpMethod: GET
    ///       Integration: {Type: AWS_PROXY, IntegrationHttpMethod: POST, TimeoutInMillis: 25000, Uri: !Sub "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Report.Arn}/invocations"}
    /// ```
    pub(super) static POLICY = "rest-api-timeout-exceeded" {
        category: Timeout, severity: High, profile: Recommended, fix: Unsafe, since: "0.1.0", risks: ["SAS-08"], check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    for wait in waits::exceeded(cx.graph, NodeKind::RestApi) {
        waits::report(cx, &wait);
    }
}
