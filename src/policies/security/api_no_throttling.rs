use crate::graph::{Graph, NodeKind, NodeRef, Part, Resource, Text};
use crate::policy;
use crate::policy::{Context, Remedy};

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
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: shop}}
    ///     Live:
    ///       Type: AWS::ApiGateway::Stage
    ///       Properties: {RestApiId: !Ref Api, StageName: live, DeploymentId: d}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: shop}}
    ///     Live:
    ///       Type: AWS::ApiGateway::Stage
    ///       Properties:
    ///         {RestApiId: !Ref Api, StageName: live, DeploymentId: d,
    ///          MethodSettings: [{HttpMethod: '*', ResourcePath: '/*', ThrottlingRateLimit: 100, ThrottlingBurstLimit: 50}]}
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
        category: Security, severity: Medium, profile: Recommended, fix: Sometimes, since: "0.1.0", risks: ["SAS-08"], check: check,
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
        if !stage || resource.is_incomplete() {
            continue;
        }
        let key = if resource.ty() == "AWS::ApiGatewayV2::Stage" { "ApiId" } else { "RestApiId" };
        let api = graph.referred(&resource.property(&[key]));
        if limited(graph, resource, api) {
            continue;
        }
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
        let remedy = limit(resource, key == "ApiId");
        cx.report(resource, message).help(help).remedy(remedy);
    }
}

/// Whether the stage may limit requests: by default, or for every route of the API.
fn limited(graph: &Graph, stage: Resource<'_>, api: Option<NodeRef<'_>>) -> bool {
    let part = Part::of(stage);
    let set = |part: &Part<'_>| !part.is_known() || LIMITS.iter().any(|name| part.has(&[name]) != Some(false));
    let lists = [
        &["MethodSettings"][..],
        &["StageDescription", "MethodSettings"],
        &["DefaultRouteSettings"],
        &["StageDescription"],
    ];
    let settings = lists.iter().flat_map(|path| part.each(path)).filter(|one| set(one));
    let mut settings: Vec<(Option<String>, Option<String>)> = settings
        .map(|one| {
            // What is not for a method of its own is for all of them.
            let of = |name: &str| if one.has(&[name]) == Some(false) { Some("*".into()) } else { one.text(&[name]) };
            (of("HttpMethod").map(Into::into), of("ResourcePath").map(|path: Text| path.replace("~1", "/")))
        })
        .collect();
    for (key, _, route) in part.entries(&["RouteSettings"]) {
        if set(&route) {
            let (method, path) = key.split_once(' ').map_or((None, key), |(method, path)| (Some(method), path));
            settings.push((method.map(str::to_owned), Some(path.to_owned())));
        }
    }
    let whole = |(method, path): &(Option<String>, Option<String>)| {
        method.as_deref().is_none_or(|method| method == "*")
            && path.as_deref().is_none_or(|path| matches!(path, "*" | "/*" | "$default"))
    };
    if settings.is_empty() || settings.iter().any(whole) {
        return !settings.is_empty();
    }
    let Some(api) = api.and_then(|node| graph.apis().find(|api| api.node() == node)) else { return true };
    let covers = |method: Option<&str>, path: Option<&str>| {
        settings.iter().any(|(m, p)| {
            (m.as_deref() == Some("*") || m.as_deref() == method || method.is_none())
                && (matches!(p.as_deref(), Some("*" | "/*")) || p.as_deref() == path || path.is_none())
        })
    };
    !api.is_complete() || api.routes().all(|route| covers(route.method(), route.path()))
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

/// A limit for all requests of a stage that is a resource of its own.
fn limit(stage: Resource<'_>, v2: bool) -> Option<Remedy> {
    const BURST: i64 = 200;
    const RATE: i64 = 100;
    let remedy = Remedy::risky(format!("Take {RATE} requests a second at {}", stage.id()));
    if v2 {
        return stage.property(&["DefaultRouteSettings"]).is_absent().then(|| {
            let limits = serde_json::json!({ "ThrottlingBurstLimit": BURST, "ThrottlingRateLimit": RATE });
            remedy.put(stage, &["DefaultRouteSettings"], limits)
        });
    }
    let settings = serde_json::json!([{
        "HttpMethod": "*",
        "ResourcePath": "/*",
        "ThrottlingBurstLimit": BURST,
        "ThrottlingRateLimit": RATE,
    }]);
    let free = stage.ty() == "AWS::ApiGateway::Stage" && stage.property(&["MethodSettings"]).is_absent();
    free.then(|| remedy.put(stage, &["MethodSettings"], settings))
}
