//! How a method reaches what answers it, and how answers are mapped.

use super::endpoint::Endpoint;
use crate::template::serverless::naming;
use crate::template::serverless::output::invocation_uri;
use crate::template::serverless::service::{get, text, truthy};
use crate::template::unknown;
use crate::template::value::{Kind, Maker, Map, Value};

/// The `Integration` of a method.
pub fn integration(endpoint: &Endpoint<'_>, maker: Maker) -> Value {
    let kind = endpoint.integration.as_str();
    let written = endpoint.truthy("integration").map_or(maker, |value| Maker::new(value.origin));
    let mut entries: Vec<(&str, Value)> =
        vec![("IntegrationHttpMethod", maker.str("POST")), ("Type", written.str(kind))];
    match kind {
        "AWS" | "AWS_PROXY" => {
            let mut target = vec![maker.get_att(naming::function(&endpoint.function.key), "Arn")];
            if let Some(alias) = &endpoint.function.alias {
                target.extend([maker.str(":"), maker.str(alias.name)]);
            }
            entries.push(("Uri", invocation_uri(maker, target)));
        }
        "HTTP" | "HTTP_PROXY" => {
            let method = endpoint.request("method").and_then(text).unwrap_or_else(|| endpoint.method.clone());
            entries[0] = ("IntegrationHttpMethod", maker.str(method.to_uppercase()));
            entries.extend(endpoint.request("uri").map(|uri| ("Uri", uri.clone())));
            if let Some(connection) = endpoint.truthy("connectionType") {
                let name = text(connection).unwrap_or_default().to_uppercase().replacen('-', "_", 1);
                entries.push(("ConnectionType", Value::new(Kind::Str(name.into()), connection.origin)));
                entries.extend(get(&endpoint.http, &["connectionId"]).map(|id| ("ConnectionId", id.clone())));
            }
        }
        _ => {}
    }
    if matches!(kind, "AWS" | "HTTP" | "MOCK") {
        let through = match endpoint.request("passThrough") {
            Some(value) => Some(value.clone()),
            None if kind == "AWS" => Some(maker.str("NEVER")),
            None => None,
        };
        entries.extend(through.map(|value| ("PassthroughBehavior", value)));
        entries.extend(endpoint.request("contentHandling").map(|value| ("ContentHandling", value.clone())));
        entries.extend(request_templates(endpoint, maker).map(|templates| ("RequestTemplates", templates)));
        entries.push(("IntegrationResponses", responses(endpoint, maker)));
    }
    let maps_parameters = matches!(kind, "AWS" | "HTTP" | "HTTP_PROXY") && !endpoint.parameters.is_empty();
    if maps_parameters || endpoint.truthy("async").is_some() {
        let mut parameters = Map::new();
        for entry in &endpoint.parameters {
            let name = format!("integration.{}", entry.key.strip_prefix("method.").unwrap_or(&entry.key));
            let value = get(&entry.value, &["mappedValue"])
                .filter(|value| truthy(value))
                .cloned()
                .unwrap_or_else(|| Maker::new(entry.key_origin).str(entry.key.clone()));
            parameters.insert_at(name, entry.key_origin, value);
        }
        if let Some(value) = endpoint.truthy("async") {
            let value = Maker::new(value.origin).str("'Event'");
            parameters.insert("integration.request.header.X-Amz-Invocation-Type", value);
        }
        entries.push(("RequestParameters", Value::new(Kind::Map(parameters), maker.origin())));
    }
    maker.map(entries)
}

fn request_templates(endpoint: &Endpoint<'_>, maker: Maker) -> Option<Value> {
    let mut templates = Map::new();
    if endpoint.integration == "AWS" {
        // The framework's own mapping text: what it says is of no interest, that it exists is.
        for content in ["application/json", "application/x-www-form-urlencoded"] {
            templates.insert(content, maker.str(unknown::mark("framework request template")));
        }
    }
    for entry in endpoint.request("template").and_then(Value::as_map).into_iter().flatten() {
        templates.remove(&entry.key);
        if !entry.value.is_null() {
            templates.insert_at(entry.key.clone(), entry.key_origin, entry.value.clone());
        }
    }
    (!templates.is_empty()).then(|| Value::new(Kind::Map(templates), maker.origin()))
}

/// Headers that every response carries: those for browsers, and those of the author.
fn shared_headers(endpoint: &Endpoint<'_>, response: &Value, maker: Maker) -> Map {
    let mut headers = Map::new();
    for (name, value) in endpoint.cors.iter().flat_map(|cors| cors.response_headers(maker)) {
        headers.insert(name, value);
    }
    for entry in get(response, &["headers"]).and_then(Value::as_map).into_iter().flatten() {
        headers.insert_at(entry.key.clone(), entry.key_origin, entry.value.clone());
    }
    headers
}

fn status_codes(response: &Value) -> impl Iterator<Item = &crate::template::value::Entry> {
    // Codes are numbers, which scripts keep in rising order.
    let mut codes: Vec<_> = get(response, &["statusCodes"]).and_then(Value::as_map).into_iter().flatten().collect();
    codes.sort_by_key(|entry| entry.key.parse::<u32>().unwrap_or(u32::MAX));
    codes.into_iter()
}

fn responses(endpoint: &Endpoint<'_>, maker: Maker) -> Value {
    let Some(response) = &endpoint.response else { return maker.list([]) };
    let shared = shared_headers(endpoint, response, maker);
    let mut all = Vec::new();
    for code in status_codes(response) {
        let maker = Maker::new(code.key_origin);
        let setting = |name: &str| get(&code.value, &[name]).filter(|value| truthy(value));
        let mut parameters = Map::new();
        for entry in shared.iter().chain(setting("headers").and_then(Value::as_map).into_iter().flatten()) {
            let name = format!("method.response.header.{}", entry.key);
            parameters.insert_at(name, entry.key_origin, entry.value.clone());
        }
        let mut templates = Map::new();
        if let Some(template) = get(response, &["template"]).filter(|value| truthy(value)) {
            templates.insert("application/json", template.clone());
        }
        match setting("template") {
            Some(template) if template.as_map().is_some() => {
                super::super::super::merge::merge_into(&mut templates, template.as_map().cloned().unwrap_or_default());
            }
            Some(template) => {
                templates.insert("application/json", template.clone());
            }
            None => {}
        }
        let pattern = setting("pattern").cloned().unwrap_or_else(|| maker.str(""));
        let mut entries = vec![
            ("StatusCode", maker.str(code.key.clone())),
            ("SelectionPattern", pattern),
            ("ResponseParameters", Value::new(Kind::Map(parameters), maker.origin())),
            ("ResponseTemplates", Value::new(Kind::Map(templates), maker.origin())),
        ];
        if code.key.starts_with('2') {
            entries.extend(get(response, &["contentHandling"]).map(|value| ("ContentHandling", value.clone())));
        }
        all.push(maker.map(entries));
    }
    maker.list(all)
}

/// The responses a method declares.
pub fn method_responses(endpoint: &Endpoint<'_>, maker: Maker) -> Value {
    let Some(response) = &endpoint.response else { return maker.list([]) };
    let shared = shared_headers(endpoint, response, maker);
    let mut all = Vec::new();
    for code in status_codes(response) {
        let maker = Maker::new(code.key_origin);
        let own = get(&code.value, &["headers"]).and_then(Value::as_map);
        let mut parameters = Map::new();
        for entry in shared.iter().chain(own.into_iter().flatten()) {
            parameters.insert_at(
                format!("method.response.header.{}", entry.key),
                entry.key_origin,
                Maker::new(entry.key_origin).bool(true),
            );
        }
        all.push(maker.map([
            ("ResponseParameters", Value::new(Kind::Map(parameters), maker.origin())),
            ("ResponseModels", maker.map::<&str>([])),
            ("StatusCode", maker.str(code.key.clone())),
        ]));
    }
    maker.list(all)
}
