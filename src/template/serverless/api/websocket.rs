//! WebSocket APIs, from `websocket` events.

use super::super::custom_resources;
use super::super::naming;
use super::super::output::{Output, Resource, allow, invocation_uri};
use super::super::service::{Event, Service, get, is_unknown, text, truthy};
use crate::template::lowering::Lowering;
use crate::template::problem::{Problem, ProblemKind};
use crate::template::value::{Kind, Maker, Value};

const LOG_FORMAT: [&str; 6] = [
    "$context.identity.sourceIp",
    "$context.identity.caller",
    "$context.identity.user",
    "[$context.requestTime]",
    "\"$context.eventType $context.routeKey $context.connectionId\"",
    "$context.requestId",
];

struct Route<'s> {
    event: Event<'s>,
    key: Value,
    name: String,
    response: bool,
    authorizer: Option<Authorizer>,
}

struct Authorizer {
    name: String,
    /// The ARN to call, when it is no function of the service.
    arn: Option<Value>,
    source: Value,
    maker: Maker,
}

fn routes<'s>(service: &'s Service, cx: &mut Lowering<'_>) -> Vec<Route<'s>> {
    let mut routes = Vec::new();
    for event in service.events("websocket") {
        if is_unknown(event.value) {
            continue;
        }
        let key = match event.value.kind {
            Kind::Map(_) => event.get("route").cloned(),
            _ => Some(event.value.clone()),
        };
        let Some((key, name)) = key.and_then(|key| text(&key).map(|name| (key, name))) else {
            cx.report(
                Problem::new(
                    ProblemKind::FrameworkConfiguration,
                    event.origin,
                    format!("a `websocket` event of the function `{}` has no `route`", event.function.key),
                )
                .help("give a route key such as `$connect`, `$default` or the name of an action"),
            );
            continue;
        };
        let response = event.truthy("routeResponseSelectionExpression").is_some();
        let authorizer = event.truthy("authorizer").and_then(|written| authorizer(written, cx));
        routes.push(Route { event, key, name, response, authorizer });
    }
    routes
}

fn authorizer(written: &Value, cx: &mut Lowering<'_>) -> Option<Authorizer> {
    let maker = Maker::new(written.origin);
    let source = get(written, &["identitySource"])
        .filter(|source| truthy(source))
        .cloned()
        .unwrap_or_else(|| maker.list([maker.str("route.request.header.Auth")]));
    let last = |arn: &str| arn.rsplit(':').next().unwrap_or_default().to_owned();
    if let Some(address) = written.as_str() {
        let elsewhere = address.contains(':') || is_unknown(written);
        let name = if elsewhere { last(address) } else { address.to_owned() };
        return Some(Authorizer { name, arn: elsewhere.then(|| written.clone()), source, maker });
    }
    let name = get(written, &["name"]).filter(|name| truthy(name)).and_then(text);
    match (get(written, &["arn"]).filter(|arn| truthy(arn)), name) {
        (Some(arn), name) => {
            let name = arn.as_str().map(last).or(name);
            let Some(name) = name else {
                cx.report(
                    Problem::new(
                        ProblemKind::FrameworkConfiguration,
                        written.origin,
                        "a WebSocket authorizer whose `arn` is not text has no name",
                    )
                    .help("give the authorizer a `name`")
                    .code("WEBSOCKETS_MISSING_AUTHORIZER_NAME"),
                );
                return None;
            };
            Some(Authorizer { name, arn: Some(arn.clone()), source, maker })
        }
        (None, Some(name)) => Some(Authorizer { name, arn: None, source, maker }),
        (None, None) => None,
    }
}

/// The WebSocket API of the service, if it has `websocket` events.
pub fn api(service: &Service, out: &mut Output, cx: &mut Lowering<'_>) {
    let routes = routes(service, cx);
    let Some(first) = routes.first() else { return };
    let maker = ["websocketsApiName", "websocketsApiRouteSelectionExpression", "websocketsDescription", "websocket"]
        .into_iter()
        .find(|name| service.provider.get(name).is_some())
        .map_or(Maker::new(first.event.origin), |name| service.maker_of(name));
    let external = service.setting(&["apiGateway", "websocketApiId"]).filter(|id| truthy(id));
    let api_id = |maker: Maker| external.cloned().unwrap_or_else(|| maker.reference("WebsocketsApi"));
    let description = service
        .setting(&["websocketsDescription"])
        .filter(|value| truthy(value))
        .cloned()
        .unwrap_or_else(|| maker.str("Serverless Websockets"));
    if external.is_none() {
        api_resource(service, description.clone(), maker, out);
    }
    for route in &routes {
        integration(service, route, api_id(route.event.maker()), out);
    }
    for authorizer in routes.iter().filter_map(|route| route.authorizer.as_ref()) {
        authorizer_resource(service, authorizer, api_id(authorizer.maker), out);
    }
    for route in &routes {
        permissions(service, route, external.is_none(), out);
    }
    for route in &routes {
        route_resource(route, &api_id, out);
    }
    let deployment = format!(
        "WebsocketsDeployment{}",
        naming::version_suffix(format!("{}{}", service.instance, routes.len()).as_bytes())
    );
    if external.is_none() {
        stage(service, description.clone(), &deployment, maker, out);
    }
    let mut depends = Vec::new();
    for route in &routes {
        let id = format!("{}WebsocketsRoute", naming::route_key(&route.name));
        if route.response {
            depends.push(format!("{id}Response"));
        }
        depends.push(id);
    }
    out.merge(
        Resource::new(deployment.as_str(), "AWS::ApiGatewayV2::Deployment", maker)
            .set("ApiId", api_id(maker))
            .set("Description", description)
            .opt("StageName", external.map(|_| maker.str(service.stage.as_str())))
            .after_all(depends),
    );
    let address = maker.join(
        "",
        [
            maker.str("wss://"),
            api_id(maker),
            maker.str(".execute-api."),
            maker.reference("AWS::Region"),
            maker.str("."),
            maker.reference("AWS::URLSuffix"),
            maker.str(format!("/{}", service.stage)),
        ],
    );
    out.output("ServiceEndpointWebsocket", maker, Some("URL of the service endpoint"), address);
}

fn api_resource(service: &Service, description: Value, maker: Maker, out: &mut Output) {
    let name = service
        .setting(&["websocketsApiName"])
        .filter(|name| name.as_str().is_some_and(|name| !name.is_empty()))
        .cloned()
        .unwrap_or_else(|| maker.str(format!("{}-{}-websockets", service.stage, service.name)));
    let selection = service
        .setting(&["websocketsApiRouteSelectionExpression"])
        .filter(|value| truthy(value))
        .cloned()
        .unwrap_or_else(|| maker.str("$request.body.action"));
    let tags = service.setting(&["tags"]).filter(|tags| truthy(tags));
    let tags = tags.filter(|_| service.setting(&["websocket", "useProviderTags"]).is_some_and(truthy));
    out.merge(
        Resource::new("WebsocketsApi", "AWS::ApiGatewayV2::Api", maker)
            .set("Name", name)
            .set("RouteSelectionExpression", selection)
            .set("Description", description)
            .set("ProtocolType", maker.str("WEBSOCKET"))
            .opt("Tags", tags.cloned()),
    );
    let connections = maker.sub("arn:${AWS::Partition}:execute-api:*:*:*/@connections/*");
    out.state(allow(maker, &["execute-api:ManageConnections"], vec![connections]));
}

fn integration(service: &Service, route: &Route<'_>, api: Value, out: &mut Output) {
    let (function, maker) = (route.event.function, route.event.maker());
    out.merge(
        Resource::new(integration_id(route), "AWS::ApiGatewayV2::Integration", maker)
            .set("ApiId", api)
            .set("IntegrationType", maker.str("AWS_PROXY"))
            .set("IntegrationUri", invocation_uri(maker, [service.target(function, maker)]))
            .after(function.alias_id()),
    );
}

fn integration_id(route: &Route<'_>) -> String {
    format!("{}WebsocketsIntegration", naming::normalized(&route.event.function.key))
}

fn authorizer_resource(service: &Service, authorizer: &Authorizer, api: Value, out: &mut Output) {
    let maker = authorizer.maker;
    let function = service.function(&authorizer.name);
    let target = match (&authorizer.arn, function) {
        (Some(arn), _) => arn.clone(),
        (None, Some(function)) => service.target(function, maker),
        (None, None) => maker.get_att(naming::function(&authorizer.name), "Arn"),
    };
    out.merge(
        Resource::new(authorizer_id(authorizer), "AWS::ApiGatewayV2::Authorizer", maker)
            .set("ApiId", api)
            .set("Name", maker.str(authorizer.name.as_str()))
            .set("AuthorizerType", maker.str("REQUEST"))
            .set("AuthorizerUri", invocation_uri(maker, [target]))
            .set("IdentitySource", authorizer.source.clone())
            .after(function.and_then(|function| function.alias_id())),
    );
}

fn authorizer_id(authorizer: &Authorizer) -> String {
    format!("{}WebsocketsAuthorizer", naming::normalized(&authorizer.name))
}

fn permissions(service: &Service, route: &Route<'_>, own_api: bool, out: &mut Output) {
    let (function, maker) = (route.event.function, route.event.maker());
    let api = own_api.then(|| "WebsocketsApi".to_owned());
    let target = function.alias_id().map_or_else(|| naming::function(&function.key), str::to_owned);
    let mut depends: Vec<String> = api.iter().cloned().collect();
    depends.push(target);
    let id = |name: &str| format!("{}LambdaPermissionWebsockets", naming::normalized(name));
    let permit = |id: String, maker: Maker, target: Value, depends: Vec<String>| {
        super::super::output::permission(id, maker, target, maker.str("apigateway.amazonaws.com")).after_all(depends)
    };
    out.merge(permit(id(&function.key), maker, service.target(function, maker), depends));
    let Some(authorizer) = &route.authorizer else { return };
    let maker = authorizer.maker;
    let mut depends: Vec<String> = api.into_iter().collect();
    let target = match (&authorizer.arn, service.function(&authorizer.name)) {
        (Some(arn), _) => arn.clone(),
        (None, Some(function)) => {
            depends.push(naming::function(&function.key));
            depends.extend(function.alias_id().map(str::to_owned));
            service.target(function, maker)
        }
        (None, None) => maker.get_att(naming::function(&authorizer.name), "Arn"),
    };
    out.merge(permit(id(&authorizer.name), maker, target, depends));
}

fn route_resource(route: &Route<'_>, api_id: &dyn Fn(Maker) -> Value, out: &mut Output) {
    let maker = route.event.maker();
    let id = format!("{}WebsocketsRoute", naming::route_key(&route.name));
    let expression = route.event.get("routeResponseSelectionExpression").filter(|_| route.response);
    let mut resource = Resource::new(id.as_str(), "AWS::ApiGatewayV2::Route", maker)
        .set("ApiId", api_id(maker))
        .set("RouteKey", route.key.clone())
        .set("AuthorizationType", maker.str("NONE"))
        .set("Target", maker.join("/", [maker.str("integrations"), maker.reference(integration_id(route))]))
        .opt("RouteResponseSelectionExpression", expression.cloned());
    if let Some(authorizer) = &route.authorizer {
        resource = resource
            .set("AuthorizationType", authorizer.maker.str("CUSTOM"))
            .set("AuthorizerId", authorizer.maker.reference(authorizer_id(authorizer)));
    }
    out.merge(resource);
    if route.response {
        out.put(
            Resource::new(format!("{id}Response"), "AWS::ApiGatewayV2::RouteResponse", maker)
                .set("ApiId", api_id(maker))
                .set("RouteId", maker.reference(id))
                .set("RouteResponseKey", maker.str("$default")),
        );
    }
}

fn stage(service: &Service, description: Value, deployment: &str, maker: Maker, out: &mut Output) {
    let mut stage = Resource::new("WebsocketsDeploymentStage", "AWS::ApiGatewayV2::Stage", maker)
        .set("ApiId", maker.reference("WebsocketsApi"))
        .set("StageName", maker.str(service.stage.as_str()))
        .set("Description", description)
        .set("DeploymentId", maker.reference(deployment));
    let Some(logs) = service.setting(&["logs", "websocket"]).filter(|logs| truthy(logs)) else {
        out.put(stage);
        return;
    };
    let maker = Maker::new(logs.origin);
    let on = |name: &str| get(logs, &[name]).is_none_or(truthy);
    let level = if on("executionLogging") {
        get(logs, &["level"]).filter(|level| truthy(level)).cloned().unwrap_or_else(|| maker.str("INFO"))
    } else {
        maker.str("OFF")
    };
    stage = stage.set(
        "DefaultRouteSettings",
        maker.map([("DataTraceEnabled", maker.bool(on("fullExecutionData"))), ("LoggingLevel", level)]),
    );
    if on("accessLogging") {
        let format = get(logs, &["format"])
            .filter(|format| truthy(format))
            .cloned()
            .unwrap_or_else(|| maker.str(LOG_FORMAT.join(" ")));
        let arn =
            maker.sub("arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:${WebsocketsLogGroup}");
        stage = stage.set("AccessLogSettings", maker.map([("DestinationArn", arn), ("Format", format)]));
    }
    out.put(stage);
    let mut group = Resource::new("WebsocketsLogGroup", "AWS::Logs::LogGroup", maker)
        .set("LogGroupName", maker.str(format!("/aws/websocket/{}-{}", service.name, service.stage)));
    for (property, value) in service.log_settings(None) {
        group = group.opt(property, value);
    }
    out.put(group);
    custom_resources::cloud_watch_role(service, maker, out);
}
