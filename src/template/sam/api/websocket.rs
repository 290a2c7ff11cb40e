//! `AWS::Serverless::WebSocketApi`

use super::v2;
use crate::template::sam::expander::Expander;
use crate::template::sam::function::assign_tags;
use crate::template::sam::intrinsics::{self, is_intrinsic};
use crate::template::sam::naming;
use crate::template::sam::python::{self, Lookup};
use crate::template::sam::refusal::Outcome;
use crate::template::sam::resource::{Node, Resource};
use crate::template::value::{Kind, Maker, Map, Origin, Value};

const TAG: &str = "websocketapi:createdBy";
const DEFAULT_STAGE: &str = "default";
const URI: &str =
    "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${NAME}/invocations";

/// Expands the API `node`.
pub fn expand(cx: &mut Expander, mut node: Node) -> Outcome<Vec<Resource>> {
    for name in ["Auth", "Domain", "Routes"] {
        if let Some(value) = node.properties.get_mut(name) {
            cx.parameters.resolve(value)?;
        }
    }
    // The API's own resources do not inherit the attributes of the SAM resource.
    let attributes = std::mem::take(&mut node.attributes);
    let made = all(cx, &node);
    node.attributes = attributes;
    let mut made = made?;
    if let Some(given) = node.truthy("Tags").filter(|_| node.truthy("PropagateTags").is_some()) {
        let tags = Value::new(Kind::Map(v2::tags(&node, TAG)), given.origin);
        assign_tags(&tags, &mut made);
    }
    Ok(made)
}

fn all(cx: &mut Expander, node: &Node) -> Outcome<Vec<Resource>> {
    let Some(routes) = node.truthy("Routes").and_then(Value::as_map) else {
        let origin = node.get("Routes").map_or(node.properties_origin, |routes| routes.origin);
        return node.refuse(origin, "WebSocket API must have at least one route.");
    };
    if let Some(addresses) = node.get("IpAddressType").filter(|addresses| !is_intrinsic(addresses))
        && !matches!(addresses.as_str(), Some("ipv4" | "dualstack"))
    {
        return node.refuse(addresses.origin, "IpAddressType must be 'ipv4' or 'dualstack'.");
    }
    if let Some(mutual) = node.truthy("Domain").and_then(|domain| domain.truthy("MutualTlsAuthentication")) {
        return node.refuse(mutual.origin, "Mutual TLS domain name association is not supported for Websocket APIs.");
    }
    let api = api(node, routes)?;
    // Record sets are not shared with those of other APIs.
    let shared = std::mem::take(&mut cx.record_sets);
    let domain = v2::domain(cx, node, TAG);
    cx.record_sets = shared;
    let domain = domain?;
    let mut stage = stage(node)?;
    let mut made = vec![api];
    let mut ids = Vec::new();
    let mut authorizer = None;
    for entry in routes {
        let base = format!("{}{}", node.id, clean_key(node, &entry.key, entry.key_origin)?);
        let integration_id = format!("{base}Integration");
        let mut route = route(node, &entry.key, entry.key_origin, &base, &integration_id, &entry.value)?;
        authorizer = authorize(node, &entry.key, &mut route)?.or(authorizer);
        let Some(function) = entry.value.get("FunctionArn") else {
            return node.refuse(entry.value.origin, "Route must have associated function.");
        };
        ids.push(route.make().str(route.id.clone()));
        made.push(route);
        let mut integration = node.made(integration_id, "AWS::ApiGatewayV2::Integration", entry.key_origin)?;
        let make = integration.make();
        integration.set("ApiId", make.reference(node.id.clone()));
        integration.set("IntegrationType", make.str("AWS_PROXY"));
        let uri = URI.replace("NAME", "FunctionArn");
        integration.set("IntegrationUri", intrinsics::sub_with(make, uri, vec![("FunctionArn", function.clone())]));
        integration.set_some("TimeoutInMillis", entry.value.some("IntegrationTimeout"));
        made.push(integration);
        made.push(permission(node, &entry.key, &base, function, entry.key_origin)?);
    }
    made.extend(domain);
    if node.truthy("RouteSettings").is_some() {
        stage.depends_on = Some(stage.make().list(ids));
    }
    made.push(stage);
    if let Some(authorizer) = authorizer {
        made.push(authorizer);
        made.extend(authorizer_permission(node)?);
    }
    Ok(made)
}

fn api(node: &Node, routes: &Map) -> Outcome<Resource> {
    let mut api = node.main("AWS::ApiGatewayV2::Api");
    let make = node.make();
    if let Some(auth) = node.truthy("Auth").filter(|_| !routes.contains_key("$connect")) {
        return node.refuse(auth.origin, "Authorization is only available if there is a $connect route.");
    }
    api.copy(
        &node.properties,
        &[
            "ApiKeySelectionExpression",
            "Description",
            "DisableExecuteApiEndpoint",
            "DisableSchemaValidation",
            "IpAddressType",
            "RouteSelectionExpression",
        ],
    );
    api.set("Name", node.get("Name").cloned().unwrap_or_else(|| make.str(node.id.clone())));
    api.set("Tags", Value::new(Kind::Map(v2::tags(node, TAG)), make.origin()));
    api.set("ProtocolType", make.str("WEBSOCKET"));
    Ok(api)
}

fn clean_key(node: &Node, key: &str, origin: Origin) -> Outcome<String> {
    let name = match key {
        "$connect" | "$disconnect" | "$default" => &key[1..],
        _ if naming::is_alphanumeric(key) => key,
        _ => {
            return node.refuse(
                origin,
                format!(
                    "Route key '{key}' must be alphanumeric. Only $connect, $disconnect, and $default special routes are supported."
                ),
            );
        }
    };
    let mut chars = name.chars();
    let first = chars.next().map(|first| first.to_uppercase().collect::<String>()).unwrap_or_default();
    Ok(format!("{first}{}", chars.as_str().to_lowercase()))
}

fn route(node: &Node, key: &str, cause: Origin, base: &str, integration: &str, spec: &Value) -> Outcome<Resource> {
    let mut route = node.made(format!("{base}Route"), "AWS::ApiGatewayV2::Route", cause)?;
    let make = route.make();
    route.set("RouteKey", make.str(key));
    route.set("ApiId", make.reference(node.id.clone()));
    if let Some(map) = spec.as_map() {
        route.copy(
            map,
            &[
                "ApiKeyRequired",
                "ModelSelectionExpression",
                "OperationName",
                "RequestModels",
                "RouteResponseSelectionExpression",
            ],
        );
    }
    if let Some(parameters) = spec.truthy("RequestParameters") {
        if key != "$connect" {
            return node.refuse(
                parameters.origin,
                "Request parameters are only supported for the $connect route in WebSocket APIs.",
            );
        }
        route.set("RequestParameters", parameters.clone());
    }
    route.set("Target", make.join("/", [make.str("integrations"), make.reference(integration)]));
    Ok(route)
}

/// Sets who may connect; answers the authorizer that is made for it.
fn authorize(node: &Node, key: &str, route: &mut Resource) -> Outcome<Option<Resource>> {
    let Some(auth) = node.truthy("Auth") else { return Ok(None) };
    let make = Maker::new(auth.origin);
    let Some(kind) = auth.truthy("AuthType") else {
        return node.refuse(auth.origin, "AuthType must be specified for additional auth configurations.");
    };
    let more = auth.as_map().is_some_and(|map| map.len() > 1);
    match kind.as_str() {
        Some("CUSTOM") if auth.truthy("AuthArn").is_none() => {
            return node.refuse(auth.origin, "AuthArn must be specified if AuthType is CUSTOM.");
        }
        Some(name @ ("AWS_IAM" | "NONE")) if more => {
            let text = format!("No additional configurations supported for AuthType {name}.");
            return node.refuse(auth.origin, text);
        }
        Some("CUSTOM" | "AWS_IAM" | "NONE") => {}
        _ => {
            let text = format!("AuthType '{}' is not one of AWS_IAM, CUSTOM or NONE.", python::display(kind));
            return node.refuse(kind.origin, text);
        }
    }
    if key != "$connect" {
        return Ok(None);
    }
    route.set("AuthorizationType", kind.clone());
    if kind.as_str() != Some("CUSTOM") {
        return Ok(None);
    }
    let id = format!("{}ConnectAuthorizer", node.id);
    let mut authorizer = node.made(id.as_str(), "AWS::ApiGatewayV2::Authorizer", auth.origin)?;
    authorizer.set("ApiId", make.reference(node.id.clone()));
    authorizer.set_some("AuthorizerCredentialsArn", auth.some("InvokeRole"));
    authorizer.set("AuthorizerType", make.str("REQUEST"));
    if let Some(function) = auth.get("AuthArn") {
        let uri = URI.replace("NAME", "AuthArn");
        authorizer.set("AuthorizerUri", intrinsics::sub_with(make, uri, vec![("AuthArn", function.clone())]));
    }
    authorizer.set_some("IdentitySource", auth.some("IdentitySource"));
    authorizer.set("Name", auth.truthy("Name").cloned().unwrap_or_else(|| make.str(id)));
    route.set("AuthorizerId", authorizer.reference());
    Ok(Some(authorizer))
}

fn authorizer_permission(node: &Node) -> Outcome<Option<Resource>> {
    let Some(auth) = node.truthy("Auth").filter(|auth| auth.is("AuthType", "CUSTOM")) else { return Ok(None) };
    let Some(function) = auth.truthy("AuthArn").filter(|_| auth.truthy("InvokeRole").is_none()) else {
        return Ok(None);
    };
    let id = format!("{}AuthorizerPermission", node.id);
    v2::authorizer_permission(node, id, auth.origin, function).map(Some)
}

fn permission(node: &Node, key: &str, base: &str, function: &Value, cause: Origin) -> Outcome<Resource> {
    let mut permission = node.made(format!("{base}Permission"), "AWS::Lambda::Permission", cause)?;
    let make = permission.make();
    permission.set("Action", make.str("lambda:InvokeFunction"));
    permission.set("FunctionName", function.clone());
    permission.set("Principal", make.str("apigateway.amazonaws.com"));
    let arn = |stage: &str| {
        format!(
            "arn:${{AWS::Partition}}:execute-api:${{AWS::Region}}:${{AWS::AccountId}}:${{{}.ApiId}}/{stage}/{key}",
            node.id
        )
    };
    let source = match node.get("StageName") {
        None => make.sub(arn(DEFAULT_STAGE)),
        Some(Value { kind: Kind::Str(stage), .. }) => make.sub(arn(stage)),
        Some(stage) => intrinsics::sub_with(make, arn("${__StageName__}"), vec![("__StageName__", stage.clone())]),
    };
    permission.set("SourceArn", source);
    Ok(permission)
}

fn stage(node: &Node) -> Outcome<Resource> {
    let make = node.make();
    let name = node.get("StageName").cloned().unwrap_or_else(|| make.str(DEFAULT_STAGE));
    let id = match name.as_str() {
        Some("$default") => {
            return node.refuse(name.origin, "Stages cannot be named $default for WebSocket APIs.");
        }
        Some(DEFAULT_STAGE) => format!("{}DefaultStage", node.id),
        Some(text) => format!("{}{text}Stage", node.id),
        None => format!("{}Stage", node.id),
    };
    let mut stage = node.made(id, "AWS::ApiGatewayV2::Stage", name.origin)?;
    let make = stage.make();
    stage.set("ApiId", make.reference(node.id.clone()));
    stage.set("StageName", name);
    stage.copy(&node.properties, &["StageVariables", "AccessLogSettings", "DefaultRouteSettings", "RouteSettings"]);
    stage.set("Tags", make.map([(TAG, make.str("SAM"))]));
    stage.set("AutoDeploy", make.bool(true));
    Ok(stage)
}
