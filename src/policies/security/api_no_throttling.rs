use crate::graph::{Graph, NodeKind, NodeRef, Part, Resource};
use crate::policy;
use crate::policy::Context;

policy! {
    /// A stage of an API sets no limit of its own on the rate of requests.
    ///
    /// ## Why it matters
    ///
    /// Without a limit the stage takes up to the account's 10,000 requests a second. One client, or one
    /// endless loop in one, then costs what the functions behind it cost at that rate, and leaves no
    /// capacity for the other APIs and functions of the account.
    ///
    /// ## How to fix
    ///
    /// Set `ThrottlingRateLimit` and `ThrottlingBurstLimit` in the stage's `MethodSettings` (REST) or
    /// `DefaultRouteSettings` (HTTP and WebSocket), or a `Throttle` in a usage plan.
    ///
    /// ## When to suppress
    ///
    /// When a limit stands in front of the API, for example in a firewall.
    ///
    /// ## Source
    ///
    /// Amazon API Gateway developer guide, "Throttle requests to your REST APIs" (10,000 requests a second
    /// for the account and region); serverless-rules ES2003; as of 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Api:
    ///     Type: AWS::Serverless::HttpApi
    ///     Properties: {StageName: live}
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Events: {List: {Type: HttpApi, Properties: {ApiId: !Ref Api, Path: /orders, Method: GET}}}}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Api:
    ///     Type: AWS::Serverless::HttpApi
    ///     Properties: {StageName: live, DefaultRouteSettings: {ThrottlingRateLimit: 100, ThrottlingBurstLimit: 50}}
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Events: {List: {Type: HttpApi, Properties: {ApiId: !Ref Api, Path: /orders, Method: GET}}}}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: shop}}
    ///   Live:
    ///     Type: AWS::ApiGateway::Stage
    ///     Properties: {RestApiId: !Ref Api, StageName: live, DeploymentId: d}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: shop}}
    ///   Live:
    ///     Type: AWS::ApiGateway::Stage
    ///     Properties:
    ///       {RestApiId: !Ref Api, StageName: live, DeploymentId: d,
    ///        MethodSettings: [{HttpMethod: '*', ResourcePath: '/*', ThrottlingRateLimit: 100, ThrottlingBurstLimit: 50}]}
    /// ```
    pub(super) static POLICY = "api-no-throttling" {
        category: Security, severity: Medium, profile: Recommended, fix: None, since: "0.1.0", risks: ["SAS-08"], check: check,
    }
}

/// Either of them is a limit.
const LIMITS: [&str; 2] = ["ThrottlingRateLimit", "ThrottlingBurstLimit"];

fn check(cx: &mut Context<'_>) {
    let graph = cx.graph;
    for resource in graph.template().resources().filter(|one| one.exists() != Some(false)) {
        let stage = match resource.ty() {
            "AWS::ApiGateway::Stage" | "AWS::ApiGatewayV2::Stage" => true,
            // A deployment that names a stage makes it.
            "AWS::ApiGateway::Deployment" => {
                !resource.property(&["StageName"]).is_absent() && !has_stage(graph, resource)
            }
            _ => false,
        };
        if !stage || resource.is_incomplete() || limited(resource) {
            continue;
        }
        let key = if resource.ty() == "AWS::ApiGatewayV2::Stage" { "ApiId" } else { "RestApiId" };
        let api = graph.referred(&resource.property(&[key]));
        let planned = match api {
            Some(api) => graph.is_open() || in_plan(graph, api),
            // A usage plan may stand where the API does.
            None => key == "RestApiId",
        };
        if planned {
            continue;
        }
        let name = resource.property(&["StageName"]).text();
        let of = api.map_or_else(String::new, |api| format!(" of {}", api.name()));
        let message = match name {
            Some(name) => format!("the stage {name}{of} sets no limit on the rate of requests"),
            None => format!("{}{of} sets no limit on the rate of requests", resource.id()),
        };
        let help = if key == "ApiId" {
            "set ThrottlingRateLimit and ThrottlingBurstLimit in DefaultRouteSettings"
        } else {
            "set ThrottlingRateLimit and ThrottlingBurstLimit in MethodSettings, or a usage plan with a Throttle"
        };
        cx.report(resource, message).help(help);
    }
}

/// Whether the stage may limit requests, for all routes or some.
fn limited(stage: Resource<'_>) -> bool {
    let part = Part::of(stage);
    let set = |part: &Part<'_>| !part.is_known() || LIMITS.iter().any(|name| part.has(&[name]) != Some(false));
    let lists = [
        &["MethodSettings"][..],
        &["StageDescription", "MethodSettings"],
        &["DefaultRouteSettings"],
        &["StageDescription"],
    ];
    lists.iter().any(|path| part.each(path).iter().any(set))
        || part.entries(&["RouteSettings"]).iter().any(|(_, _, route)| set(route))
}

fn has_stage(graph: &Graph, deployment: Resource<'_>) -> bool {
    let Some(api) = graph.referred(&deployment.property(&["RestApiId"])) else { return true };
    graph
        .resources_of("AWS::ApiGateway::Stage")
        .any(|stage| graph.referred(&stage.property(&["RestApiId"])).is_none_or(|other| other == api))
}

/// Whether a usage plan limits the API, or may.
fn in_plan(graph: &Graph, api: NodeRef<'_>) -> bool {
    if api.kind() != NodeKind::RestApi {
        return false;
    }
    graph.resources_of("AWS::ApiGateway::UsagePlan").any(|plan| {
        let part = Part::of(plan);
        let limits = part.has(&["Throttle"]) != Some(false);
        part.each(&["ApiStages"]).iter().any(|stage| {
            let covers = graph.referred(&stage.get(&["ApiId"])).is_none_or(|other| other == api);
            covers && (limits || stage.has(&["Throttle"]) != Some(false))
        })
    })
}
