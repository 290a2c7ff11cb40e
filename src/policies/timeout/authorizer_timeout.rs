use super::super::{measure, remedies};
use crate::graph::NodeKind;
use crate::policy;
use crate::policy::{Context, Place};

policy! {
    /// An authorizer function may run longer than the API waits for it.
    ///
    /// ## Why it matters
    ///
    /// An HTTP API waits 10 seconds for its authorizer, and the limit cannot be raised. Then callers get
    /// 500, the function runs on and is billed, and the answer is not cached.
    ///
    /// ## How to fix
    ///
    /// Set the authorizer's timeout to 10 seconds or less, and keep what it needs (keys, configuration)
    /// outside the handler. The policy covers HTTP APIs; for other APIs no budget is documented.
    ///
    /// ## When to suppress
    ///
    /// When the function also serves a trigger that needs the time.
    ///
    /// ## Source
    ///
    /// Amazon API Gateway developer guide, "Quotas for configuring and running an HTTP API" (authorizer 10
    /// s) and "… a REST API" (29 s for the request as a whole); as of 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Timeout: 20}
    ///   Api: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: shop, ProtocolType: HTTP}}
    ///   Gate: {Type: AWS::ApiGatewayV2::Authorizer, Properties: {ApiId: !Ref Api, Name: gate, AuthorizerType: REQUEST, AuthorizerPayloadFormatVersion: "2.0", AuthorizerUri: !Sub "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Orders.Arn}/invocations"}}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Timeout: 10}
    ///   Api: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: shop, ProtocolType: HTTP}}
    ///   Gate: {Type: AWS::ApiGatewayV2::Authorizer, Properties: {ApiId: !Ref Api, Name: gate, AuthorizerType: REQUEST, AuthorizerPayloadFormatVersion: "2.0", AuthorizerUri: !Sub "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Orders.Arn}/invocations"}}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Orders:
    ///       Type: AWS::Lambda::Function
    ///       Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, Timeout: 20}
    ///     Api: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: shop, ProtocolType: HTTP}}
    ///     Gate: {Type: AWS::ApiGatewayV2::Authorizer, Properties: {ApiId: !Ref Api, Name: gate, AuthorizerType: REQUEST, AuthorizerPayloadFormatVersion: "2.0", AuthorizerUri: !Sub "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Orders.Arn}/invocations"}}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Orders:
    ///       Type: AWS::Lambda::Function
    ///       Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, Timeout: 10}
    ///     Api: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: shop, ProtocolType: HTTP}}
    ///     Gate: {Type: AWS::ApiGatewayV2::Authorizer, Properties: {ApiId: !Ref Api, Name: gate, AuthorizerType: REQUEST, AuthorizerPayloadFormatVersion: "2.0", AuthorizerUri: !Sub "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Orders.Arn}/invocations"}}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, Timeout: 20}
    ///   Api: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: shop, ProtocolType: HTTP}}
    ///   Gate: {Type: AWS::ApiGatewayV2::Authorizer, Properties: {ApiId: !Ref Api, Name: gate, AuthorizerType: REQUEST, AuthorizerPayloadFormatVersion: "2.0", AuthorizerUri: !Sub "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Orders.Arn}/invocations"}}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, Timeout: 10}
    ///   Api: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: shop, ProtocolType: HTTP}}
    ///   Gate: {Type: AWS::ApiGatewayV2::Authorizer, Properties: {ApiId: !Ref Api, Name: gate, AuthorizerType: REQUEST, AuthorizerPayloadFormatVersion: "2.0", AuthorizerUri: !Sub "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Orders.Arn}/invocations"}}
    /// ```
    pub(super) static POLICY = "authorizer-timeout" {
        category: Timeout, severity: High, profile: Recommended, fix: Unsafe, since: "0.1.0", risks: ["SAS-02", "SAS-08"], check: check,
    }
}

/// Seconds an HTTP API waits for an authorizer (from knowledge; to be checked against the quotas page of API Gateway).
const BUDGET: i64 = 10;

fn check(cx: &mut Context<'_>) {
    for authorizer in cx.graph.authorizers() {
        if authorizer.resource().is_some_and(|resource| resource.exists() == Some(false)) {
            continue;
        }
        let Some(api) = authorizer.api().filter(|api| api.kind() == NodeKind::HttpApi) else { continue };
        let Some(function) = authorizer.function().and_then(measure::function) else { continue };
        let Some(timeout) = measure::timeout(function).map(|bounds| bounds.min).filter(|timeout| *timeout > BUDGET)
        else {
            continue;
        };
        let id = function.id();
        cx.report(
            Place::property(function, &["Timeout"]),
            format!("{id} may run {timeout} s, but {} gives up on its authorizer after {BUDGET} s", api.name()),
        )
        .help(format!("set the timeout of {id} to {BUDGET} s or less"))
        .remedy(remedies::timeout(function, BUDGET))
        .related(authorizer.node(), format!("{} asks {id}", authorizer.node().name()));
    }
}
