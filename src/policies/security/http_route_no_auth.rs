use super::super::open_routes::{open_routes, runs};
use crate::graph::NodeKind;
use crate::policy;
use crate::policy::{Context, OptionDefault, OptionSpec, Place};

policy! {
    /// A route of an HTTP or WebSocket API answers anybody on the internet.
    ///
    /// ## Why it matters
    ///
    /// HTTP APIs have neither resource policies nor API keys: a route without authorizer is open to
    /// everyone who finds the address. A WebSocket API decides at `$connect` who may send messages.
    ///
    /// ## How to fix
    ///
    /// Set a JWT, Lambda or IAM authorizer, best as the API's default (SAM: `Auth.DefaultAuthorizer`;
    /// serverless.yml: `authorizer` of the `httpApi` event, or of the `$connect` route).
    ///
    /// ## When to suppress
    ///
    /// Health checks, webhooks that verify a signature, and public content.
    ///
    /// ## Source
    ///
    /// Amazon API Gateway developer guide, "Control and manage access to HTTP APIs"; cdk-nag
    /// AwsSolutions-APIG4; as of 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Events: {List: {Type: HttpApi, Properties: {Path: /orders, Method: GET}}}}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Api:
    ///     Type: AWS::Serverless::HttpApi
    ///     Properties:
    ///       Auth:
    ///         DefaultAuthorizer: Users
    ///         Authorizers: {Users: {IdentitySource: $request.header.Authorization, JwtConfiguration: {issuer: 'https://login.example.com', audience: [shop]}}}
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Events: {List: {Type: HttpApi, Properties: {ApiId: !Ref Api, Path: /orders, Method: GET}}}}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   orders: {handler: app.main, events: [{httpApi: GET /orders}]}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   orders: {handler: app.main, events: [{httpApi: {method: GET, path: /orders, authorizer: {type: aws_iam}}}]}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Api: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: shop, ProtocolType: HTTP}}
    ///   List:
    ///     Type: AWS::ApiGatewayV2::Route
    ///     Properties: {ApiId: !Ref Api, RouteKey: GET /orders, Target: !Sub 'integrations/${Backend}'}
    ///   Backend:
    ///     Type: AWS::ApiGatewayV2::Integration
    ///     Properties: {ApiId: !Ref Api, IntegrationType: HTTP_PROXY, IntegrationMethod: GET, IntegrationUri: 'https://orders.example.com', PayloadFormatVersion: '1.0'}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Api: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: shop, ProtocolType: HTTP}}
    ///   List:
    ///     Type: AWS::ApiGatewayV2::Route
    ///     Properties: {ApiId: !Ref Api, RouteKey: GET /orders, AuthorizationType: AWS_IAM, Target: !Sub 'integrations/${Backend}'}
    ///   Backend:
    ///     Type: AWS::ApiGatewayV2::Integration
    ///     Properties: {ApiId: !Ref Api, IntegrationType: HTTP_PROXY, IntegrationMethod: GET, IntegrationUri: 'https://orders.example.com', PayloadFormatVersion: '1.0'}
    /// ```
    pub(super) static POLICY = "http-route-no-auth" {
        category: Security, severity: High, profile: Recommended, fix: None, since: "0.1.0", risks: ["SAS-02"],
        options: OPTIONS, check: check,
    }
}

const OPTIONS: &[OptionSpec] = &[OptionSpec {
    name: "open-routes",
    help: "routes that are meant for everybody, as `METHOD /path` or `$connect`",
    default: OptionDefault::List(&[]),
}];

fn check(cx: &mut Context<'_>) {
    let meant = cx.option_list("open-routes");
    for route in open_routes(cx.graph, &[NodeKind::HttpApi, NodeKind::WebSocketApi]) {
        if meant.iter().any(|name| *name == *route.name()) {
            continue;
        }
        let mut place = Place::from(if route.auth().is_default() { route.origin() } else { route.auth().origin() });
        place.resource = route.resource().map(|resource| resource.id().to_owned());
        let what = if route.api_kind() == Some(NodeKind::WebSocketApi) {
            format!("{} lets anybody on the internet connect{}", route.name(), runs(route))
        } else {
            format!("{} answers anybody on the internet{}", route.name(), runs(route))
        };
        let report =
            cx.report(place, what).label(route.name()).help("set an authorizer on the route or as the API's default");
        if let Some(target) = route.target() {
            report.related(target, format!("{} reaches {}", route.name(), target.name()));
        }
    }
}
