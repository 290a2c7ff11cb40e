//! Writing into the document of an HTTP API.

use super::document::{self, ANY_METHOD, INTEGRATION, Route};
use super::v2::Authorizer;
use crate::template::sam::intrinsics;
use crate::template::sam::python::{self, Lookup};
use crate::template::sam::refusal::{self, Outcome};
use crate::template::value::{Entry, Kind, Maker, Map, Text, Value};

/// The path of the default route.
pub const DEFAULT_PATH: &str = "$default";

/// Whether `body` is a document that can be written into.
pub fn is_valid(body: &Value) -> bool {
    body.get("paths").is_some_and(|paths| paths.as_map().is_some())
        && body.truthy("openapi").is_some_and(document::is_openapi_3)
}

/// Refuses a body that cannot be written into.
pub fn check(body: &Value) -> Outcome<()> {
    if !is_valid(body) {
        return refusal::document(
            body.origin,
            "Invalid OpenApi document. Invalid values or missing keys for 'openapi' or 'paths' in 'DefinitionBody'.",
        );
    }
    for path in [&["components", "securitySchemes"][..], &["definitions"], &["tags"], &["info"]] {
        if let Err(text) = document::deep_get(body, path) {
            return refusal::document(body.origin, format!("Invalid OpenApi document: {text}"));
        }
    }
    Ok(())
}

/// An empty document.
pub fn skeleton(make: Maker) -> Value {
    let info = make.map([("version", make.str("1.0")), ("title", make.reference("AWS::StackName"))]);
    make.map([("openapi", make.str("3.0.1")), ("info", info), ("paths", make.map::<Text>([]))])
}

/// Whether the default route leads to the function `id`.
pub fn default_route_is(body: &Value, id: &str) -> Outcome<bool> {
    if !document::has_integration(body, DEFAULT_PATH, ANY_METHOD)? {
        return Ok(false);
    }
    let mut copy = body.clone();
    let mut same = true;
    document::each_method(&mut copy, DEFAULT_PATH, ANY_METHOD, true, |definition| {
        let Some(integration) = definition.get(INTEGRATION) else {
            same = false;
            return Ok(());
        };
        if integration.as_map().is_none() {
            let text = format!("Value of '{INTEGRATION}' must be a dictionary according to Swagger spec.");
            return refusal::document(integration.origin, text);
        }
        let Some(uri) = integration.get("uri").filter(|uri| uri.as_map().is_some()) else {
            same = false;
            return Ok(());
        };
        for uri in document::contents_of(uri)? {
            let text = uri.text("Fn::Sub").unwrap_or_default();
            let function = text.find(".Arn").map(|end| {
                let before = &text[..end];
                let start = before.rfind(|c: char| !c.is_ascii_alphanumeric()).map_or(0, |at| at + 1);
                before.get(start..).unwrap_or_default()
            });
            same &= function == Some(id);
        }
        Ok(())
    })?;
    Ok(same)
}

/// Adds the integration with a function, unless there is one.
pub fn add_lambda(
    body: &mut Value,
    route: Route<'_>,
    uri: Value,
    condition: Option<&Value>,
    make: Maker,
) -> Outcome<()> {
    let method = document::normalize_method(route.method);
    if document::has_integration(body, route.path, &method)? {
        return Ok(());
    }
    document::add_path(body, route)?;
    let uri = match condition {
        Some(condition) => intrinsics::conditional(make, condition.clone(), uri),
        None => uri,
    };
    let Some(item) = document::paths(body)?.get_mut(route.path) else { return Ok(()) };
    for item in document::contents(item)? {
        let item = document::path_item(item, route.path)?;
        let Some(definition) = item.get_mut(&method) else { continue };
        if definition.is_null() {
            *definition = make.map::<Text>([]);
        }
        let Some(map) = definition.as_map_mut() else { continue };
        map.insert(
            INTEGRATION,
            make.map([
                ("type", make.str("aws_proxy")),
                ("httpMethod", make.str("POST")),
                ("payloadFormatVersion", make.str("2.0")),
                ("uri", uri.clone()),
            ]),
        );
        if route.path == DEFAULT_PATH && method == ANY_METHOD {
            map.insert("isDefaultRoute", make.bool(true));
        }
        map.get_or_insert_with("responses", || make.map::<Text>([]));
        if let Some(condition) = condition {
            let old = std::mem::replace(definition, make.null());
            *definition = intrinsics::conditional(make, condition.clone(), old);
        }
    }
    Ok(())
}

/// Declares the parameters of a path.
pub fn add_path_parameters(body: &mut Value, path: &str, method: &str, names: &[&str], make: Maker) -> Outcome<()> {
    document::each_method(body, path, method, false, |definition| {
        let Kind::List(parameters) = &mut definition.get_or_insert_with("parameters", || make.list([])).kind else {
            return Ok(());
        };
        for name in names {
            match parameters.iter_mut().find(|known| known.is("name", name)).and_then(Value::as_map_mut) {
                Some(known) => {
                    known.insert("in", make.str("path"));
                    known.insert("required", make.bool(true));
                }
                None => parameters.push(make.map([
                    ("name", make.str(*name)),
                    ("in", make.str("path")),
                    ("required", make.bool(true)),
                ])),
            }
        }
        Ok(())
    })
}

/// Sets the version of the payload.
pub fn add_payload_version(body: &mut Value, path: &str, method: &str, version: &Value) -> Outcome<()> {
    document::each_method(body, path, method, false, |definition| {
        if let Some(integration) = definition.get_mut(INTEGRATION).and_then(Value::as_map_mut) {
            integration.insert("payloadFormatVersion", version.clone());
        }
        Ok(())
    })
}

/// Defines the authorizers.
pub fn add_authorizers(body: &mut Value, authorizers: &[Authorizer<'_>], make: Maker) -> Outcome<()> {
    if authorizers.is_empty() {
        return Ok(());
    }
    let Some(map) = body.as_map_mut() else { return Ok(()) };
    if map.truthy("components").is_none() {
        map.insert("components", make.map::<Text>([]));
    }
    let Some(components) = map.get_mut("components").and_then(Value::as_map_mut) else { return Ok(()) };
    if components.truthy("securitySchemes").is_none() {
        components.insert("securitySchemes", make.map::<Text>([]));
    }
    let Some(schemes) = components.get_mut("securitySchemes").and_then(Value::as_map_mut) else { return Ok(()) };
    for authorizer in authorizers {
        schemes.insert_at(authorizer.name, authorizer.key_origin, authorizer.openapi()?);
    }
    Ok(())
}

/// Gives the methods of the path that say nothing of their own the default authorizer.
pub fn set_default_authorizer(
    body: &mut Value,
    path: &str,
    default: &str,
    authorizers: &[Authorizer<'_>],
    make: Maker,
) -> Outcome<()> {
    let scopes = authorizers
        .iter()
        .find(|authorizer| authorizer.name == default)
        .and_then(|authorizer| authorizer.scopes.cloned())
        .unwrap_or_else(|| make.list([]));
    let Some(item) = document::paths(body)?.get_mut(path) else { return Ok(()) };
    for item in document::contents(item)? {
        let item = document::path_item(item, path)?;
        let names: Vec<Text> = item.iter().map(|entry| entry.key.clone()).collect();
        for name in names {
            let normalized = document::normalize_method(&name);
            if normalized == "parameters" || normalized == "options" {
                continue;
            }
            if !item.contains_key(&normalized) {
                let text = format!("Could not find {normalized} in {path} within DefinitionBody.");
                return refusal::document(make.origin(), text);
            }
            let Some(definition) = item.get_mut(&name) else { continue };
            for definition in document::contents(definition)? {
                let definition = document::method_definition(definition, path, &name)?;
                if definition.truthy(INTEGRATION).is_some() && definition.truthy("security").is_none() {
                    definition.insert("security", make.list([make.map([(default, scopes.clone())])]));
                }
            }
        }
    }
    Ok(())
}

/// Sets the authorizer an event asks for.
pub fn add_auth(
    body: &mut Value,
    path: &str,
    method: &str,
    authorizer: &Value,
    scopes: Option<&Value>,
    authorizers: Option<&Value>,
    make: Maker,
) -> Outcome<()> {
    let name = python::display(authorizer);
    let place = Maker::new(authorizer.origin);
    document::each_method(body, path, method, false, |definition| {
        let mut chosen = place.list([]);
        if name != "NONE" && name != "AWS_IAM" {
            let defined = authorizers.and_then(|authorizers| authorizers.get(&name));
            if let Some(defined) = defined {
                if defined.as_map().is_none() {
                    let text = format!("Type of authorizer '{name}' must be a dictionary");
                    return refusal::document(defined.origin, text);
                }
                let scopes = scopes.or_else(|| defined.truthy("AuthorizationScopes"));
                if let Some(scopes) = scopes.filter(|_| python::truthy(defined)) {
                    chosen = scopes.clone();
                }
            }
        }
        let mut security = document::security(definition, path, method)?;
        security.push(place.map([(name.as_str(), chosen)]));
        definition.insert("security", make.list(security));
        Ok(())
    })
}

/// Adds tags.
pub fn add_tags(body: &mut Value, tags: &Map, make: Maker) -> Outcome<()> {
    const VALUE: &str = "x-amazon-apigateway-tag-value";
    let Some(map) = body.as_map_mut() else { return Ok(()) };
    if map.truthy("tags").is_none() {
        map.insert("tags", make.list([]));
    }
    let Some(existing) = map.get_mut("tags") else { return Ok(()) };
    if existing.as_list().is_none() {
        return refusal::document(
            existing.origin,
            format!(
                "Tags in OpenApi DefinitionBody needs to be a list. {} is a {} not a list.",
                python::display(existing),
                python::type_name(existing)
            ),
        );
    }
    let Some(items) = existing.as_list_mut() else { return Ok(()) };
    for tag in tags {
        match items.iter_mut().find(|known| known.is("name", &tag.key)).and_then(Value::as_map_mut) {
            Some(known) => {
                known.insert(VALUE, tag.value.clone());
            }
            None => {
                let place = Maker::new(tag.key_origin);
                items.push(place.map([("name", place.str(tag.key.clone())), (VALUE, tag.value.clone())]));
            }
        }
    }
    Ok(())
}

/// Turns the default endpoint off or on.
pub fn add_endpoint_configuration(body: &mut Value, disabled: &Value, make: Maker) -> Outcome<()> {
    const CONFIGURATION: &str = "x-amazon-apigateway-endpoint-configuration";
    let Some(map) = body.as_map_mut() else { return Ok(()) };
    let servers = map.get_or_insert_with("servers", || make.list([make.map::<Text>([])]));
    for server in servers.as_list_mut().into_iter().flatten() {
        let origin = server.origin;
        let Some(server) = server.as_map_mut() else {
            return refusal::document(
                origin,
                "Value of 'servers' item must be a dictionary according to Swagger spec.",
            );
        };
        let configuration = server.get_or_insert_with(CONFIGURATION, || make.map::<Text>([]));
        if let Some(configuration) = configuration.as_map_mut() {
            configuration.insert("disableExecuteApiEndpoint", disabled.clone());
        }
    }
    Ok(())
}

/// The names of CORS settings in SAM and in the document.
const CORS: [(&str, &str); 6] = [
    ("AllowOrigins", "allowOrigins"),
    ("AllowHeaders", "allowHeaders"),
    ("AllowMethods", "allowMethods"),
    ("ExposeHeaders", "exposeHeaders"),
    ("MaxAge", "maxAge"),
    ("AllowCredentials", "allowCredentials"),
];

/// Writes the CORS configuration.
pub fn add_cors(body: &mut Value, cors: &Map, make: Maker) -> Outcome<()> {
    const KEY: &str = "x-amazon-apigateway-cors";
    let Some(map) = body.as_map_mut() else { return Ok(()) };
    let configuration = map.get_or_insert_with(KEY, || make.map::<Text>([]));
    let origin = configuration.origin;
    let Some(configuration) = configuration.as_map_mut() else {
        return refusal::document(origin, format!("Value of '{KEY}' must be a dictionary according to Swagger spec."));
    };
    if let Some(origins) = cors.truthy("AllowOrigins").filter(|origins| intrinsics::is_intrinsic(origins)) {
        if let Value { kind: Kind::Map(renamed), .. } = rename_cors(origins) {
            for entry in renamed {
                configuration.insert_at(entry.key, entry.key_origin, entry.value);
            }
        }
        return Ok(());
    }
    for (name, key) in CORS {
        let Some(entry) = cors.entry(name) else { continue };
        let keep = match name {
            "MaxAge" => !entry.value.is_null(),
            "AllowCredentials" => entry.value.as_bool() == Some(true),
            _ => python::truthy(&entry.value),
        };
        if keep {
            configuration.insert_at(key, entry.key_origin, entry.value.clone());
        }
    }
    Ok(())
}

/// The reference renames the settings in the JSON text, so that they change wherever they
/// stand.
fn rename_cors(value: &Value) -> Value {
    let rename = |text: &str| CORS.iter().fold(text.to_owned(), |text, (name, key)| text.replace(name, key));
    let kind = match &value.kind {
        Kind::Str(text) => Kind::Str(rename(text).into()),
        Kind::List(items) => Kind::List(items.iter().map(rename_cors).collect()),
        Kind::Map(map) => Kind::Map(
            map.iter()
                .map(|entry| Entry {
                    key: rename(&entry.key).into(),
                    key_origin: entry.key_origin,
                    value: rename_cors(&entry.value),
                })
                .collect(),
        ),
        other => other.clone(),
    };
    Value::new(kind, value.origin)
}
