//! APIs of API Gateway: resources, stages, authorizers, routes.

use super::super::edge::{EdgeKind, Qualifier};
use super::super::node::{NodeId, NodeKind, NodeRef};
use super::super::part::{Part, Setting};
use super::super::resolve::Found;
use super::super::view::api::{ApiData, Auth, AuthorizerData, AuthorizerKind, EndpointType, RouteData};
use super::super::{Eval, Graph, Origin, Resource, Text};
use super::integrations::{self, METHOD, RESOURCE};
use super::{Links, edge, openapi};

/// Everything about APIs.
pub(super) fn apis(links: &mut Links<'_>) {
    let graph = links.graph;
    for node in graph.nodes() {
        let Some(resource) = node.resource() else { continue };
        match resource.ty() {
            "AWS::ApiGateway::RestApi" | "AWS::ApiGatewayV2::Api" => api(links, node, resource),
            "AWS::ApiGateway::Stage" | "AWS::ApiGateway::Deployment" => {
                contained(links, node, &resource.property(&["RestApiId"]));
            }
            "AWS::ApiGatewayV2::Stage" => {
                contained(links, node, &resource.property(&["ApiId"]));
            }
            "AWS::ApiGateway::Authorizer" => authorizer(links, node, resource, "RestApiId"),
            "AWS::ApiGatewayV2::Authorizer" => authorizer(links, node, resource, "ApiId"),
            "AWS::ApiGateway::Method" => method(links, node, resource),
            "AWS::ApiGatewayV2::Route" => route(links, node, resource),
            _ => {}
        }
    }
}

fn contained(links: &mut Links<'_>, node: NodeRef<'_>, api: &Eval<'_>) -> Option<NodeId> {
    let Found::Node(api, _) = links.graph.find(api, None) else { return None };
    links.add(api, EdgeKind::Contains, node.index(), node.origin(), None);
    Some(api)
}

fn api<'g>(links: &mut Links<'g>, node: NodeRef<'g>, resource: Resource<'g>) {
    let part = Part::of(resource);
    let endpoint = if node.kind() == NodeKind::RestApi {
        endpoint(&part, resource.origin())
    } else {
        Setting::Default(EndpointType::Regional, resource.origin())
    };
    let body = part.get(&["Body"]);
    let elsewhere = part.has(&["BodyS3Location"]) != Some(false);
    let complete = !elsewhere && !body.is_unknown() && !resource.is_incomplete();
    links.details.apis.push(ApiData { node: node.index(), endpoint, complete });
    // Quick create: one integration for the `$default` route.
    let target = part.get(&["Target"]);
    if node.kind() == NodeKind::HttpApi && !target.is_absent() {
        links.to(node.index(), EdgeKind::InvokesSync, &target, Some(NodeKind::Function), None);
    }
    if !body.is_absent() {
        openapi::body(links, node, resource, &part.part(&["Body"]));
    }
}

fn endpoint(part: &Part<'_>, place: Origin) -> Setting<EndpointType> {
    let types = part.each(&["EndpointConfiguration", "Types"]);
    let read = |eval: &Eval<'_>| match eval.text()?.to_ascii_uppercase().as_str() {
        "EDGE" => Some(EndpointType::Edge),
        "REGIONAL" => Some(EndpointType::Regional),
        "PRIVATE" => Some(EndpointType::Private),
        _ => None,
    };
    match types.as_slice() {
        [] => Setting::Default(EndpointType::Edge, place),
        [one] => Setting::read(one.eval(), EndpointType::Edge, place, read),
        [first, ..] => Setting::Unknown(first.origin()),
    }
}

fn authorizer(links: &mut Links<'_>, node: NodeRef<'_>, resource: Resource<'_>, api: &str) {
    let graph = links.graph;
    let part = Part::of(resource);
    let api = contained(links, node, &part.get(&[api]));
    let rest = resource.ty() == "AWS::ApiGateway::Authorizer";
    let sort = part.text(&[if rest { "Type" } else { "AuthorizerType" }]);
    let kind = match sort.as_deref() {
        Some("TOKEN") => AuthorizerKind::Token,
        Some("REQUEST") => AuthorizerKind::Request,
        Some("COGNITO_USER_POOLS") => AuthorizerKind::Cognito,
        Some("JWT") => AuthorizerKind::Jwt,
        _ => AuthorizerKind::Unknown,
    };
    let uri = part.get(&["AuthorizerUri"]);
    let (function, qualifier) = function(graph, &uri);
    if let Some(function) = function {
        let origin = uri.origin().unwrap_or(resource.origin());
        links.add_edge(node.index(), function, edge(EdgeKind::InvokesSync, qualifier, origin, None));
    }
    for pool in part.each(&["ProviderARNs"]) {
        links.to(node.index(), EdgeKind::DependsOn, pool.eval(), Some(NodeKind::UserPool), None);
    }
    if let Some(api) = api {
        links.add(node.index(), EdgeKind::Protects, api, node.origin(), None);
    }
    links.details.authorizers.push(AuthorizerData {
        node: node.index(),
        api,
        kind,
        function,
        qualifier,
        ttl: part.int_or(&["AuthorizerResultTtlInSeconds"], if rest { 300 } else { 0 }),
        owner: resource.id().into(),
    });
}

/// The function behind an authorizer's or integration's URI.
pub(super) fn function(graph: &Graph, uri: &Eval<'_>) -> (Option<NodeId>, Qualifier) {
    let Some(text) = uri.symbolic() else { return (None, Qualifier::Unknown) };
    let arn = integrations::function_of(&text).unwrap_or(&text);
    match graph.find_text(arn, Some(NodeKind::Function)) {
        Found::Node(node, qualifier) if graph.net[node].kind == NodeKind::Function => (Some(node), qualifier),
        _ => (None, Qualifier::Unknown),
    }
}

fn method(links: &mut Links<'_>, node: NodeRef<'_>, resource: Resource<'_>) {
    let graph = links.graph;
    let part = Part::of(resource);
    let api = contained(links, node, &part.get(&["RestApiId"]));
    let auth = auth(&part, resource.origin());
    // Where a condition chooses, the first integration known to call something counts.
    let mut integrations = part
        .all(&["Integration"])
        .into_iter()
        .map(|part| integrations::read(graph, &part, &METHOD, Some(NodeKind::RestApi), resource.origin()));
    let missing = || {
        let absent = part.part(&["Integration"]);
        integrations::read(graph, &absent, &METHOD, Some(NodeKind::RestApi), resource.origin())
    };
    let integration = integrations.next().unwrap_or_else(missing);
    integrations::link(links, node.index(), &integration);
    links.details.routes.push(RouteData {
        node: node.index(),
        api,
        method: part.text(&["HttpMethod"]).map(|text| text.to_ascii_uppercase().into()),
        path: path(graph, &part.get(&["ResourceId"]), 0),
        auth,
        authorizer: graph.referred(&part.get(&["AuthorizerId"])).map(NodeRef::index),
        api_key: part.bool_or(&["ApiKeyRequired"], false),
        integration,
        owner: resource.id().into(),
    });
}

/// The path of an `AWS::ApiGateway::Resource`, or `/` for the root.
fn path(graph: &Graph, id: &Eval<'_>, depth: u8) -> Option<Text> {
    if depth > 32 {
        return None;
    }
    let node = graph.referred(id)?;
    let resource = node.resource()?;
    match resource.ty() {
        "AWS::ApiGateway::RestApi" => Some("/".into()),
        "AWS::ApiGateway::Resource" => {
            let parent = path(graph, &resource.property(&["ParentId"]), depth + 1)?;
            let own = resource.property(&["PathPart"]).symbolic()?;
            let own = crate::template::unknown::shown(&own).into_owned();
            Some(format!("{}/{own}", parent.trim_end_matches('/')).into())
        }
        _ => None,
    }
}

fn auth(part: &Part<'_>, place: Origin) -> Setting<Auth> {
    Setting::read(&part.get(&["AuthorizationType"]), Auth::None, place, |eval| {
        Some(match eval.text()?.to_ascii_uppercase().as_str() {
            "NONE" => Auth::None,
            "AWS_IAM" => Auth::Iam,
            "COGNITO_USER_POOLS" => Auth::Cognito,
            "JWT" => Auth::Jwt,
            "CUSTOM" => Auth::Custom,
            _ => return None,
        })
    })
}

fn route(links: &mut Links<'_>, node: NodeRef<'_>, resource: Resource<'_>) {
    let graph = links.graph;
    let part = Part::of(resource);
    let api = contained(links, node, &part.get(&["ApiId"]));
    let kind = api.map(|api| graph.net[api].kind);
    let target = part.get(&["Target"]);
    let holder = target.symbolic().and_then(|text| {
        let found = graph.mentioned(&text, &[NodeKind::Connector]);
        graph.node_ref(*found.first()?).resource()
    });
    let mut integration = match holder {
        Some(holder) => integrations::read(graph, &Part::of(holder), &RESOURCE, kind, holder.origin()),
        None => integrations::read(graph, &part.part(&["Target"]), &RESOURCE, kind, resource.origin()),
    };
    integration.via = holder.map(|holder| holder.id().into());
    integrations::link(links, node.index(), &integration);
    let key = part.text(&["RouteKey"]);
    let (method, path) = match key.as_deref().and_then(|key| key.split_once(' ')) {
        Some((method, path)) => (Some(method.to_ascii_uppercase().into()), Some(path.into())),
        None => (None, key),
    };
    links.details.routes.push(RouteData {
        node: node.index(),
        api,
        method,
        path,
        auth: auth(&part, resource.origin()),
        authorizer: graph.referred(&part.get(&["AuthorizerId"])).map(NodeRef::index),
        api_key: part.bool_or(&["ApiKeyRequired"], false),
        integration,
        owner: resource.id().into(),
    });
}
