//! What an `http` event says, with its defaults.

use super::authorizer::{self, Authorizer};
use super::cors::Cors;
use crate::template::lowering::Lowering;
use crate::template::problem::{Problem, ProblemKind};
use crate::template::serverless::naming;
use crate::template::serverless::service::{Event, Function, Service, get, is_unknown, text, truthy};
use crate::template::value::{Kind, Map, Origin, Value};

/// One path and method.
pub struct Endpoint<'s> {
    /// The function behind it.
    pub function: &'s Function,
    /// Where the event stands.
    pub origin: Origin,
    /// The event's settings; an empty map for the short form.
    pub http: Value,
    /// Without slashes at its ends.
    pub path: String,
    /// In lower case.
    pub method: String,
    /// Where path and method are written.
    pub written: Origin,
    /// Who may call it.
    pub authorizer: Option<Authorizer>,
    /// What browsers of other origins may do.
    pub cors: Option<Cors>,
    /// `AWS_PROXY`, `AWS`, `HTTP`, `HTTP_PROXY` or `MOCK`.
    pub integration: String,
    /// Request parameters by their full name.
    pub parameters: Map,
    /// Request settings that remain after the integration took away what it does not use.
    pub request: Option<Value>,
    /// Response settings, with their status codes; only where an integration has them.
    pub response: Option<Value>,
}

impl Endpoint<'_> {
    /// The setting `name`, if it counts as true.
    pub fn truthy(&self, name: &str) -> Option<&Value> {
        get(&self.http, &[name]).filter(|value| truthy(value))
    }

    /// A request setting.
    pub fn request(&self, name: &str) -> Option<&Value> {
        self.request.as_ref().and_then(|request| get(request, &[name])).filter(|value| truthy(value))
    }
}

/// All `http` events.
pub fn endpoints<'s>(service: &'s Service, cx: &mut Lowering<'_>) -> Vec<Endpoint<'s>> {
    service.events("http").filter_map(|event| endpoint(service, event, cx)).collect()
}

fn endpoint<'s>(service: &'s Service, event: Event<'s>, cx: &mut Lowering<'_>) -> Option<Endpoint<'s>> {
    let (http, method, path, written) = if let Kind::Str(short) = &event.value.kind {
        let mut words = short.split(' ');
        let method = words.next().unwrap_or_default().to_owned();
        (
            Value::new(Kind::Map(Map::new()), event.origin),
            Some(method),
            words.next().map(str::to_owned),
            event.value.origin,
        )
    } else {
        let part = |name: &str| get(event.value, &[name]).and_then(text);
        let written = event.value.get("path").map_or(event.origin, |path| path.origin);
        (event.value.clone(), part("method"), part("path"), written)
    };
    let (Some(method), Some(path)) = (method, path) else {
        if !is_unknown(event.value) && !event.value.origin.is_incomplete() {
            let missing = if event.value.get("path").is_none() { "path" } else { "method" };
            cx.report(
                Problem::new(
                    ProblemKind::FrameworkConfiguration,
                    event.origin,
                    format!("an `http` event of the function `{}` has no `{missing}`", event.function.key),
                )
                .help("write `http: GET /path`, or give `path` and `method`")
                .resource(naming::function(&event.function.key)),
            );
        }
        return None;
    };
    let path = path.strip_prefix('/').unwrap_or(&path);
    let path = path.strip_suffix('/').unwrap_or(path).to_owned();
    let method = method.to_lowercase();
    let integration = integration(&http);
    let authorizer = get(&http, &["authorizer"])
        .filter(|value| truthy(value))
        .and_then(|value| authorizer::read(service, value, event, cx));
    let cors = get(&http, &["cors"]).filter(|value| truthy(value)).map(|value| Cors::new(value, &method));
    let request = get(&http, &["request"]).filter(|value| truthy(value)).cloned();
    let request = request.and_then(|request| usable_request(request, &integration));
    if integration.starts_with("HTTP") && request.as_ref().and_then(|r| get(r, &["uri"])).is_none() {
        cx.report(
            Problem::new(
                ProblemKind::FrameworkConfiguration,
                event.origin,
                format!("the `{integration}` integration of `{path}` has no `request.uri`"),
            )
            .help("give the address to forward to in `request.uri`")
            .code("API_GATEWAY_MISSING_REQUEST_URI"),
        );
    }
    let parameters = request.as_ref().map(|request| parameters(request, &integration)).unwrap_or_default();
    let response = matches!(integration.as_str(), "AWS" | "HTTP" | "MOCK")
        .then(|| response(get(&http, &["response"]).filter(|value| truthy(value)), &integration, event.origin))
        .flatten();
    Some(Endpoint {
        function: event.function,
        origin: event.origin,
        http,
        path,
        method,
        written,
        authorizer,
        cors,
        integration,
        parameters,
        request,
        response,
    })
}

fn integration(http: &Value) -> String {
    match get(http, &["integration"]).filter(|value| truthy(value)).and_then(text) {
        Some(written) => match written.to_uppercase().replacen('-', "_", 1).as_str() {
            "LAMBDA" => "AWS".into(),
            "LAMBDA_PROXY" => "AWS_PROXY".into(),
            other => other.to_owned(),
        },
        None if get(http, &["async"]).is_some_and(truthy) => "AWS".into(),
        None => "AWS_PROXY".into(),
    }
}

/// Proxy integrations pass requests through and use few settings.
fn usable_request(mut request: Value, integration: &str) -> Option<Value> {
    let kept: &[&str] = match integration {
        "AWS_PROXY" => &["parameters", "schema", "schemas"],
        "HTTP_PROXY" => &["parameters", "uri", "schema", "schemas"],
        _ => return Some(request),
    };
    let map = request.as_map_mut()?;
    map.retain(|entry| kept.contains(&&*entry.key));
    (!map.is_empty()).then_some(request)
}

fn parameters(request: &Value, integration: &str) -> Map {
    let Some(all) = get(request, &["parameters"]).and_then(Value::as_map) else { return Map::new() };
    if integration == "MOCK" {
        return all.clone();
    }
    let mut named = Map::new();
    for (location, singular) in [("querystrings", "querystring"), ("paths", "path"), ("headers", "header")] {
        for entry in all.get(location).and_then(Value::as_map).into_iter().flatten() {
            let name = format!("method.request.{singular}.{}", entry.key);
            named.insert_at(name, entry.key_origin, entry.value.clone());
        }
    }
    named
}

/// Status codes with the patterns that choose them, where the author gives none.
const STATUS_CODES: [(&str, &str); 9] = [
    ("200", ""),
    ("400", "[\\s\\S]*\\[400\\][\\s\\S]*"),
    ("401", "[\\s\\S]*\\[401\\][\\s\\S]*"),
    ("403", "[\\s\\S]*\\[403\\][\\s\\S]*"),
    ("404", "[\\s\\S]*\\[404\\][\\s\\S]*"),
    ("422", "[\\s\\S]*\\[422\\][\\s\\S]*"),
    ("500", "[\\s\\S]*(Process\\s?exited\\s?before\\s?completing\\s?request|\\[500\\])[\\s\\S]*"),
    ("502", "[\\s\\S]*\\[502\\][\\s\\S]*"),
    ("504", "([\\s\\S]*\\[504\\][\\s\\S]*)|(.*Task timed out after \\d+\\.\\d+ seconds$)"),
];

fn response(written: Option<&Value>, integration: &str, origin: Origin) -> Option<Value> {
    use crate::template::value::Maker;
    let maker = Maker::new(written.map_or(origin, |value| value.origin));
    let code = |pattern: &str| maker.map([("pattern", maker.str(pattern))]);
    let defaults = || maker.map(STATUS_CODES.map(|(status, pattern)| (status, code(pattern))));
    if integration == "MOCK" {
        return written.cloned();
    }
    let Some(written) = written else {
        return (integration == "AWS").then(|| maker.map([("statusCodes", defaults())]));
    };
    let mut response = written.clone();
    let map = response.as_map_mut()?;
    let codes = match map.get("statusCodes").filter(|value| truthy(value)) {
        Some(codes) => {
            let mut codes = codes.clone();
            let has_default = codes.as_map().is_some_and(|codes| {
                codes.values().any(|code| code.get("pattern").and_then(Value::as_str) == Some(""))
            });
            if let Some(codes) = codes.as_map_mut().filter(|_| !has_default) {
                codes.insert("200", code(""));
            }
            codes
        }
        None => defaults(),
    };
    map.insert("statusCodes", codes);
    Some(response)
}
