//! Function URLs.

use super::naming;
use super::output::{Output, Resource};
use super::service::{Function, Service, get, truthy};
use crate::template::value::{Maker, Value};

const HEADERS: [&str; 6] =
    ["Content-Type", "X-Amz-Date", "Authorization", "X-Api-Key", "X-Amz-Security-Token", "X-Amzn-Trace-Id"];

/// The URL of `function`, if it has one.
pub fn url(service: &Service, function: &Function, out: &mut Output) {
    let Some(entry) = function.config.as_map().and_then(|map| map.entry("url")) else { return };
    let url = &entry.value;
    if !truthy(url) {
        return;
    }
    let maker = Maker::new(entry.key_origin);
    let open = get(url, &["authorizer"]).and_then(Value::as_str) != Some("aws_iam");
    let auth = get(url, &["authorizer"])
        .filter(|_| !open)
        .map_or_else(|| maker.str("NONE"), |value| Maker::new(value.origin).str("AWS_IAM"));
    let id = format!("{}LambdaFunctionUrl", naming::normalized(&function.key));
    let mut resource = Resource::new(id.as_str(), "AWS::Lambda::Url", maker)
        .set("AuthType", auth.clone())
        .set("TargetFunctionArn", service.target(function, maker))
        .after(function.alias_id());
    if let Some(cors) = get(url, &["cors"]).filter(|cors| truthy(cors)) {
        resource = resource.set("Cors", cross_origin(cors));
    }
    let mode = get(url, &["invokeMode"]).filter(|mode| mode.as_str() == Some("RESPONSE_STREAM"));
    out.put(resource.opt("InvokeMode", mode.cloned()));
    out.output(&id, maker, Some("Lambda Function URL"), maker.get_att(id.as_str(), "FunctionUrl"));
    if open {
        out.put(
            Resource::new(
                format!("{}LambdaPermissionFnUrl", naming::normalized(&function.key)),
                "AWS::Lambda::Permission",
                maker,
            )
            .set("FunctionName", service.target(function, maker))
            .set("Action", maker.str("lambda:InvokeFunctionUrl"))
            .set("Principal", maker.str("*"))
            .set("FunctionUrlAuthType", auth)
            .after(function.alias_id()),
        );
    }
}

fn cross_origin(cors: &Value) -> Value {
    let maker = Maker::new(cors.origin);
    let strings = |items: &[&str]| maker.list(items.iter().map(|item| maker.str(*item)));
    let mut entries: Vec<(&str, Value)> = Vec::new();
    for (name, property, default) in [
        ("allowedOrigins", "AllowOrigins", &["*"][..]),
        ("allowedHeaders", "AllowHeaders", &HEADERS[..]),
        ("allowedMethods", "AllowMethods", &["*"][..]),
    ] {
        match cors.get(name) {
            Some(value) if value.is_null() => {}
            Some(value) if truthy(value) => entries.push((property, unique(value))),
            _ => entries.push((property, strings(default))),
        }
    }
    let credentials = get(cors, &["allowCredentials"]).filter(|value| truthy(value));
    entries.extend(credentials.map(|value| ("AllowCredentials", value.clone())));
    let exposed = get(cors, &["exposedResponseHeaders"]).filter(|value| truthy(value));
    entries.extend(exposed.map(|value| ("ExposeHeaders", unique(value))));
    entries.extend(get(cors, &["maxAge"]).map(|value| ("MaxAge", value.clone())));
    maker.map(entries)
}

/// A list without repetitions.
pub fn unique(value: &Value) -> Value {
    let Some(items) = value.as_list() else { return value.clone() };
    let mut kept: Vec<Value> = Vec::new();
    for item in items {
        if !kept.contains(item) {
            kept.push(item.clone());
        }
    }
    Value::new(crate::template::value::Kind::List(kept), value.origin)
}
