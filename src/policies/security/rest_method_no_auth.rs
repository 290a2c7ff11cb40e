use super::super::open_routes::{open_routes, runs};
use crate::graph::NodeKind;
use crate::policy;
use crate::policy::{Context, OptionDefault, OptionSpec, Place};

policy! {
    /// A method of a REST API answers anybody on the internet.
    ///
    /// ## Why it matters
    ///
    /// Without an authorizer, IAM, an API key or a resource policy, everyone who finds the address can
    /// call the method: read what it returns, run what it runs, on your bill.
    ///
    /// ## How to fix
    ///
    /// Set an authorizer, best for the whole API so that new methods have it too (SAM:
    /// `Auth.DefaultAuthorizer`; serverless.yml: `authorizer` of the `http` event), or make the API
    /// private.
    ///
    /// ## When to suppress
    ///
    /// Health checks, webhooks that verify a signature, and public content.
    ///
    /// ## Source
    ///
    /// Amazon API Gateway developer guide, "Control and manage access to REST APIs in API Gateway"; checkov
    /// CKV_AWS_59; cfn_nag W59; as of 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Events: {List: {Type: Api, Properties: {Path: /orders, Method: get}}}}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Events: {List: {Type: Api, Properties: {Path: /orders, Method: get, Auth: {Authorizer: AWS_IAM}}}}}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   orders: {handler: app.main, events: [{http: {path: orders, method: get}}]}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   orders: {handler: app.main, events: [{http: {path: orders, method: get, authorizer: aws_iam}}]}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: shop}}
    ///   List:
    ///     Type: AWS::ApiGateway::Method
    ///     Properties: {RestApiId: !Ref Api, ResourceId: !GetAtt Api.RootResourceId, HttpMethod: GET, AuthorizationType: NONE, Integration: {Type: HTTP_PROXY, IntegrationHttpMethod: GET, Uri: 'https://orders.example.com'}}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: shop}}
    ///   List:
    ///     Type: AWS::ApiGateway::Method
    ///     Properties: {RestApiId: !Ref Api, ResourceId: !GetAtt Api.RootResourceId, HttpMethod: GET, AuthorizationType: AWS_IAM, Integration: {Type: HTTP_PROXY, IntegrationHttpMethod: GET, Uri: 'https://orders.example.com'}}
    /// ```
    pub(super) static POLICY = "rest-method-no-auth" {
        category: Security, severity: High, profile: Recommended, fix: None, since: "0.1.0", risks: ["SAS-02"],
        options: OPTIONS, check: check,
    }
}

const OPTIONS: &[OptionSpec] = &[OptionSpec {
    name: "open-routes",
    help: "routes that are meant for everybody, as `METHOD /path`",
    default: OptionDefault::List(&[]),
}];

fn check(cx: &mut Context<'_>) {
    let meant = cx.option_list("open-routes");
    for route in open_routes(cx.graph, &[NodeKind::RestApi]) {
        if meant.iter().any(|name| *name == *route.name()) {
            continue;
        }
        let owner = route.resource().map(|resource| resource.id().to_owned());
        let mut place = Place::from(route.auth().origin());
        if route.auth().is_default() {
            place = Place::from(route.origin());
        }
        place.resource = owner;
        let report = cx
            .report(place, format!("{} answers anybody on the internet{}", route.name(), runs(route)))
            .label(route.name())
            .help("set an authorizer, AWS_IAM or an API key, on the method or as the API's default");
        if let Some(target) = route.target() {
            report.related(target, format!("{} reaches {}", route.name(), target.name()));
        }
    }
}
