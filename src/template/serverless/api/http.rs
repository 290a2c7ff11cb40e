//! HTTP APIs, from `httpApi` events.

use super::super::naming;
use super::super::output::{Output, Resource, execute_api_arn, invocation_uri, permission};
use super::super::service::{Event, Function, Service, get, is_unknown, text, truthy};
use super::super::url::unique;
use crate::template::lowering::Lowering;
use crate::template::problem::{Problem, ProblemKind};
use crate::template::value::{Entry, Kind, Maker, Value};

const METHODS: [&str; 7] = ["GET", "POST", "PUT", "PATCH", "OPTIONS", "HEAD", "DELETE"];
const HEADERS: [&str; 7] = [
    "Content-Type",
    "X-Amz-Date",
    "Authorization",
    "X-Api-Key",
    "X-Amz-Security-Token",
    "X-Amz-User-Agent",
    "X-Amzn-Trace-Id",
];
const LOG_FIELDS: [(&str, &str); 8] = [
    ("requestId", "$context.requestId"),
    ("ip", "$context.identity.sourceIp"),
    ("requestTime", "$context.requestTime"),
    ("httpMethod", "$context.httpMethod"),
    ("routeKey", "$context.routeKey"),
    ("status", "$context.status"),
    ("protocol", "$context.protocol"),
    ("responseLength", "$context.responseLength"),
];

/// One route.
struct Route<'s> {
    event: Event<'s>,
    /// `GET /path`, or `*`.
    key: String,
    method: String,
    written: Value,
}

fn route<'s>(event: Event<'s>, cx: &mut Lowering<'_>) -> Option<Route<'s>> {
    let value = event.value;
    if is_unknown(value) || value.origin.is_incomplete() {
        return None;
    }
    let (method, path, written) = if let Kind::Map(_) = &value.kind {
        let part = |name: &str| get(value, &[name]).and_then(text);
        (part("method"), part("path"), get(value, &["path"]).unwrap_or(value).clone())
    } else {
        let short = text(value)?;
        match short.split_once(' ') {
            Some((method, path)) => (Some(method.to_owned()), Some(path.trim().to_owned()), value.clone()),
            None if short == "*" => (None, Some(short), value.clone()),
            None => (Some(short), None, value.clone()),
        }
    };
    let mut complain = |code: &'static str, message: String| {
        cx.report(
            Problem::new(ProblemKind::FrameworkConfiguration, written.origin, message)
                .help("write `httpApi: GET /path`, `httpApi: '*'`, or give `method` and `path`")
                .code(code)
                .resource(naming::function(&event.function.key)),
        );
    };
    let key = &event.function.key;
    let Some(path) = path else {
        complain("INVALID_HTTP_API_PATH", format!("an `httpApi` event of the function `{key}` has no path"));
        return None;
    };
    if path == "*" {
        if method.is_some_and(|method| method != "*") {
            complain(
                "INVALID_HTTP_API_PATH",
                format!("an `httpApi` event of the function `{key}` has a method beside the path `*`"),
            );
        }
        return Some(Route { event, key: "*".into(), method: "ANY".into(), written });
    }
    let Some(method) = method else {
        complain("MISSING_HTTP_API_METHOD", format!("an `httpApi` event of the function `{key}` has no method"));
        return None;
    };
    let upper = method.to_uppercase();
    let method = if upper == "*" { "ANY".to_owned() } else { upper };
    if method != "ANY" && !METHODS.contains(&method.as_str()) {
        complain("INVALID_HTTP_API_METHOD", format!("`{method}` is no method of an HTTP API"));
        return None;
    }
    Some(Route { event, key: format!("{method} {path}"), method, written })
}

/// The HTTP API of the service, if it has `httpApi` events.
pub fn api(service: &Service, out: &mut Output, cx: &mut Lowering<'_>) {
    let mut routes: Vec<Route<'_>> = Vec::new();
    for event in service.events("httpApi") {
        let Some(route) = route(event, cx) else { continue };
        match routes.iter_mut().find(|known| known.key == route.key) {
            Some(known) if route.key != "*" => {
                cx.report(
                    Problem::new(
                        ProblemKind::FrameworkConfiguration,
                        route.written.origin,
                        format!("the route `{}` is taken by the function `{}`", route.key, known.event.function.key),
                    )
                    .help("give each route to one function")
                    .code("DUPLICATE_HTTP_API_ROUTE")
                    .related(known.written.origin, "first used here"),
                );
            }
            Some(known) => *known = route,
            None => routes.push(route),
        }
    }
    let Some(first) = routes.first() else { return };
    let maker = if service.provider.get("httpApi").is_some() {
        service.maker_of("httpApi")
    } else {
        Maker::new(first.event.origin)
    };
    let log_format = log_format(service);
    if setting(service, "id").is_none() {
        out.put(api_resource(service, &routes, maker));
        stage(service, log_format.as_ref(), maker, out);
    }
    if log_format.is_some() {
        let maker = service.setting(&["logs", "httpApi"]).map_or(maker, |logs| Maker::new(logs.origin));
        let mut group = Resource::new("HttpApiLogGroup", "AWS::Logs::LogGroup", maker)
            .set("LogGroupName", maker.str(format!("/aws/http-api/{}", service.stack())));
        for (property, value) in service.log_settings(None) {
            group = group.opt(property, value);
        }
        out.put(group);
    }
    for entry in authorizers(service) {
        authorizer(service, entry, out, cx);
    }
    for route in &routes {
        endpoint(service, route, out, cx);
    }
}

fn setting<'s>(service: &'s Service, name: &str) -> Option<&'s Value> {
    service.setting(&["httpApi", name]).filter(|value| truthy(value))
}

fn api_id(service: &Service, maker: Maker) -> Value {
    setting(service, "id").cloned().unwrap_or_else(|| maker.reference("HttpApi"))
}

fn shared_tags(service: &Service) -> Option<Value> {
    service.setting(&["tags"]).filter(|tags| truthy(tags)).cloned()
}

fn api_resource(service: &Service, routes: &[Route<'_>], maker: Maker) -> Resource {
    let name = setting(service, "name").cloned().unwrap_or_else(|| {
        let service_first = setting(service, "shouldStartNameWithService").is_some();
        let (a, b) = if service_first { (&service.name, &service.stage) } else { (&service.stage, &service.name) };
        maker.str(format!("{a}-{b}"))
    });
    Resource::new("HttpApi", "AWS::ApiGatewayV2::Api", maker)
        .set("Name", name)
        .set("ProtocolType", maker.str("HTTP"))
        .opt("DisableExecuteApiEndpoint", service.setting(&["httpApi", "disableDefaultEndpoint"]).cloned())
        .opt("Tags", shared_tags(service))
        .opt("CorsConfiguration", setting(service, "cors").map(|cors| cross_origin(cors, routes)))
}

fn cross_origin(cors: &Value, routes: &[Route<'_>]) -> Value {
    let maker = Maker::new(cors.origin);
    let written = |name: &str| get(cors, &[name]).filter(|value| truthy(value)).map(unique);
    let strings = |items: &[&str]| maker.list(items.iter().map(|item| maker.str(*item)));
    let methods = written("allowedMethods").unwrap_or_else(|| {
        let mut methods = vec!["OPTIONS"];
        for route in routes {
            let own = std::slice::from_ref(&route.method);
            let own: Vec<&str> =
                if route.method == "ANY" { METHODS.to_vec() } else { own.iter().map(String::as_str).collect() };
            for method in own {
                if !methods.contains(&method) {
                    methods.push(method);
                }
            }
        }
        strings(&methods)
    });
    let mut entries = Vec::new();
    let credentials = get(cors, &["allowCredentials"]).filter(|value| truthy(value));
    entries.extend(credentials.map(|value| ("AllowCredentials", value.clone())));
    entries.push(("AllowHeaders", written("allowedHeaders").unwrap_or_else(|| strings(&HEADERS))));
    entries.push(("AllowMethods", methods));
    entries.push(("AllowOrigins", written("allowedOrigins").unwrap_or_else(|| strings(&["*"]))));
    entries.extend(written("exposedResponseHeaders").map(|value| ("ExposeHeaders", value)));
    entries.extend(get(cors, &["maxAge"]).map(|value| ("MaxAge", value.clone())));
    maker.map(entries)
}

fn log_format(service: &Service) -> Option<Value> {
    let logs = service.setting(&["logs", "httpApi"]).filter(|logs| truthy(logs))?;
    Some(get(logs, &["format"]).filter(|format| truthy(format)).cloned().unwrap_or_else(|| {
        let fields: serde_json::Map<String, serde_json::Value> =
            LOG_FIELDS.iter().map(|(name, value)| ((*name).to_owned(), (*value).into())).collect();
        Maker::new(logs.origin).str(serde_json::Value::Object(fields).to_string())
    }))
}

fn stage(service: &Service, log_format: Option<&Value>, maker: Maker, out: &mut Output) {
    let metrics = service.setting(&["httpApi", "metrics"]).filter(|value| truthy(value)).cloned();
    let mut stage = Resource::new("HttpApiStage", "AWS::ApiGatewayV2::Stage", maker)
        .set("ApiId", maker.reference("HttpApi"))
        .set("StageName", maker.str("$default"))
        .set("AutoDeploy", maker.bool(true))
        .set(
            "DefaultRouteSettings",
            maker.map([("DetailedMetricsEnabled", metrics.unwrap_or_else(|| maker.bool(false)))]),
        )
        .opt("Tags", shared_tags(service));
    if let Some(format) = log_format {
        let maker = Maker::new(format.origin);
        stage = stage
            .set(
                "AccessLogSettings",
                maker.map([("DestinationArn", maker.get_att("HttpApiLogGroup", "Arn")), ("Format", format.clone())]),
            )
            .after(Some("HttpApiLogGroup"));
    }
    out.put(stage);
    out.output("HttpApiId", maker, Some("Id of the HTTP API"), maker.reference("HttpApi"));
    let address = maker.join(
        "",
        [
            maker.str("https://"),
            maker.reference("HttpApi"),
            maker.str(".execute-api."),
            maker.reference("AWS::Region"),
            maker.str("."),
            maker.reference("AWS::URLSuffix"),
        ],
    );
    out.output("HttpApiUrl", maker, Some("URL of the HTTP API"), address);
}

fn authorizers(service: &Service) -> impl Iterator<Item = &Entry> {
    service.setting(&["httpApi", "authorizers"]).and_then(Value::as_map).into_iter().flatten()
}

fn authorizer_name(entry: &Entry) -> String {
    get(&entry.value, &["name"]).filter(|name| truthy(name)).and_then(text).unwrap_or_else(|| entry.key.to_string())
}

fn authorizer_id(name: &str) -> String {
    format!("HttpApiAuthorizer{}", naming::normalized(name))
}

fn authorizer(service: &Service, entry: &Entry, out: &mut Output, cx: &mut Lowering<'_>) {
    let maker = Maker::new(entry.key_origin);
    let config = &entry.value;
    let setting = |name: &str| get(config, &[name]).filter(|value| truthy(value)).cloned();
    let name = authorizer_name(entry);
    let source = match setting("identitySource") {
        Some(value) if value.as_list().is_some() => value,
        Some(value) => maker.list([value]),
        None => maker.list([]),
    };
    let mut resource = Resource::new(authorizer_id(&name), "AWS::ApiGatewayV2::Authorizer", maker)
        .set("ApiId", api_id(service, maker))
        .set("Name", maker.str(name.as_str()))
        .set("IdentitySource", source);
    if config.get("type").and_then(Value::as_str) == Some("request") {
        let function_name = setting("functionName").and_then(|name| text(&name));
        let function = function_name.as_deref().and_then(|name| service.function(name));
        let target = match (setting("functionArn"), function, &function_name) {
            (Some(arn), _, None) => Some(arn),
            (None, Some(function), _) => Some(service.target(function, maker)),
            _ => {
                let (problem, code) = match &function_name {
                    Some(name) if setting("functionArn").is_none() => {
                        let message =
                            format!("the authorizer `{}` uses the function `{name}`, which does not exist", entry.key);
                        (message, "HTTP_API_CUSTOM_AUTHORIZER_FUNCTION_NOT_FOUND_IN_SERVICE")
                    }
                    Some(_) => (
                        format!("the authorizer `{}` has both `functionArn` and `functionName`", entry.key),
                        "HTTP_API_CUSTOM_AUTHORIZER_BOTH_FUNCTION_ARN_AND_FUNCTION_NAME_DEFINED",
                    ),
                    None => (
                        format!("the authorizer `{}` has no function", entry.key),
                        "HTTP_API_CUSTOM_AUTHORIZER_NEITHER_FUNCTION_ARN_NOR_FUNCTION_NAME_DEFINED",
                    ),
                };
                cx.report(
                    Problem::new(ProblemKind::FrameworkConfiguration, entry.key_origin, problem)
                        .help("give either `functionName` or `functionArn`")
                        .code(code),
                );
                function_name.as_ref().map(|name| maker.get_att(naming::function(name), "Arn"))
            }
        };
        resource = resource
            .set("AuthorizerType", maker.str("REQUEST"))
            .opt("EnableSimpleResponses", get(config, &["enableSimpleResponses"]).cloned())
            .opt("AuthorizerResultTtlInSeconds", get(config, &["resultTtlInSeconds"]).cloned())
            .set("AuthorizerPayloadFormatVersion", setting("payloadVersion").unwrap_or_else(|| maker.str("2.0")))
            .after(function.and_then(Function::alias_id));
        if let Some(target) = target {
            resource = resource.set("AuthorizerUri", invocation_uri(maker, [target.clone()]));
            if setting("managedExternally").is_none() {
                let id = format!("{}LambdaAuthorizerPermissionHttpApi", naming::normalized(&name));
                out.put(
                    permission(id, maker, target, maker.str("apigateway.amazonaws.com"))
                        .set("SourceArn", execute_api_arn(maker, api_id(service, maker), "/*"))
                        .after(function.and_then(Function::alias_id)),
                );
            }
        }
    } else {
        let audience = match get(config, &["audience"]) {
            Some(value) if value.as_list().is_some() => unique(value),
            Some(value) => maker.list([value.clone()]),
            None => maker.list([]),
        };
        let mut jwt = vec![("Audience", audience)];
        jwt.extend(get(config, &["issuerUrl"]).map(|issuer| ("Issuer", issuer.clone())));
        resource = resource.set("AuthorizerType", maker.str("JWT")).set("JwtConfiguration", maker.map(jwt));
    }
    out.put(resource);
}

fn endpoint(service: &Service, route: &Route<'_>, out: &mut Output, cx: &mut Lowering<'_>) {
    let (event, maker) = (&route.event, route.event.maker());
    let function = event.function;
    let normalized = naming::normalized(&function.key);
    out.put(
        permission(
            format!("{normalized}LambdaPermissionHttpApi"),
            maker,
            service.target(function, maker),
            maker.str("apigateway.amazonaws.com"),
        )
        .set("SourceArn", execute_api_arn(maker, api_id(service, maker), "/*"))
        .after(function.alias_id()),
    );
    let payload = get(&function.config, &["httpApi", "payload"])
        .filter(|value| truthy(value))
        .or_else(|| setting(service, "payload"))
        .cloned()
        .unwrap_or_else(|| maker.str("2.0"));
    let integration = format!("HttpApiIntegration{normalized}");
    out.put(
        Resource::new(integration.as_str(), "AWS::ApiGatewayV2::Integration", maker)
            .set("ApiId", api_id(service, maker))
            .set("IntegrationType", maker.str("AWS_PROXY"))
            .set("IntegrationUri", service.target(function, maker))
            .set("PayloadFormatVersion", payload)
            .set("TimeoutInMillis", maker.int(30000))
            .after(function.alias_id()),
    );
    let id = if route.key == "*" {
        "HttpApiRouteDefault".to_owned()
    } else {
        format!("HttpApiRoute{}", naming::path(&route.key))
    };
    let key = if route.key == "*" { "$default" } else { route.key.as_str() };
    let mut resource = Resource::new(id, "AWS::ApiGatewayV2::Route", maker)
        .set("ApiId", api_id(service, maker))
        .set("RouteKey", Maker::new(route.written.origin).str(key))
        .set("Target", maker.join("/", [maker.str("integrations"), maker.reference(integration.as_str())]))
        .after(Some(&integration));
    if let Some(written) = event.truthy("authorizer") {
        for (name, value) in authorization(service, written, cx) {
            resource = resource.set(name, value);
        }
    }
    out.put(resource);
}

fn authorization(service: &Service, written: &Value, cx: &mut Lowering<'_>) -> Vec<(&'static str, Value)> {
    let maker = Maker::new(written.origin);
    let setting = |name: &str| get(written, &[name]).filter(|value| truthy(value)).cloned();
    let object = written.as_map().is_some();
    let name = if object { setting("name").and_then(|name| text(&name)) } else { text(written) };
    let own_kind = setting("type").and_then(|kind| text(&kind));
    if own_kind.as_deref() == Some("aws_iam") {
        return vec![("AuthorizationType", maker.str("AWS_IAM"))];
    }
    let (id, kind) = if let Some(id) = setting("id") {
        (Some(id), own_kind)
    } else if let Some(entry) = name.as_deref().and_then(|name| authorizers(service).find(|entry| entry.key == name)) {
        let kind = entry.value.get("type").and_then(text);
        (Some(maker.reference(authorizer_id(&authorizer_name(entry)))), kind)
    } else {
        if !is_unknown(written) && !written.origin.is_incomplete() {
            let shown = name.unwrap_or_default();
            cx.report(
                Problem::new(
                    ProblemKind::FrameworkConfiguration,
                    written.origin,
                    format!("the authorizer `{shown}` is not defined"),
                )
                .help("define it in `provider.httpApi.authorizers`")
                .code("UNRECOGNIZED_HTTP_API_AUTHORIZER"),
            );
        }
        (None, own_kind)
    };
    let kind = if kind.as_deref() == Some("request") { "CUSTOM" } else { "JWT" };
    let mut properties = vec![("AuthorizationType", maker.str(kind))];
    properties.extend(id.map(|id| ("AuthorizerId", id)));
    let scopes = setting("scopes").map(|scopes| match scopes.as_list() {
        Some(_) => unique(&scopes),
        None => maker.list([scopes]),
    });
    properties.extend(scopes.map(|scopes| ("AuthorizationScopes", scopes)));
    properties
}
