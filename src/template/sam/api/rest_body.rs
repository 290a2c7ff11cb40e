//! What an `AWS::Serverless::Api` writes into its document: CORS, authorizers, media types,
//! models.

use super::authorizer::Authorizer;
use super::document::{self, ANY_METHOD};
use super::{postprocess, resource_policy, swagger};
use crate::template::sam::intrinsics::is_intrinsic;
use crate::template::sam::property::{Expect, Owner};
use crate::template::sam::python::{self, Lookup};
use crate::template::sam::refusal::{self, Outcome};
use crate::template::sam::resource::Node;
use crate::template::value::{Entry, Kind, Maker, Map, Text, Value};

const AUTH_KEYS: [&str; 8] = [
    "Authorizers",
    "DefaultAuthorizer",
    "InvokeRole",
    "AddDefaultAuthorizerToCorsPreflight",
    "AddApiKeyRequiredToCorsPreflight",
    "ApiKeyRequired",
    "ResourcePolicy",
    "UsagePlan",
];
const CORS_KEYS: [&str; 5] = ["AllowMethods", "AllowHeaders", "AllowOrigin", "MaxAge", "AllowCredentials"];
const ALL_METHODS: [&str; 7] = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"];

/// Refuses an API whose document cannot be written into.
pub fn check_body(node: &Node, body: &Value, name: &str, what: &str, given: &Value) -> Outcome<()> {
    if !python::truthy(body) {
        return node.refuse(
            given.origin,
            format!("{name} works only with inline Swagger specified in 'DefinitionBody' property."),
        );
    }
    if !swagger::is_valid(body) {
        return node.refuse(
            given.origin,
            format!("Unable to add {what} because 'DefinitionBody' does not contain a valid Swagger definition."),
        );
    }
    Ok(())
}

/// Adds the preflight methods that `Cors` asks for.
pub fn cors(node: &Node, body: &mut Value) -> Outcome<()> {
    let Some(cors) = node.truthy("Cors") else { return Ok(()) };
    let make = Maker::new(cors.origin);
    if !python::truthy(body) {
        return check_body(node, body, "Cors", "", cors);
    }
    let mut settings = Map::new();
    match &cors.kind {
        Kind::Map(map) if !is_intrinsic(cors) => {
            if let Some(unknown) = map.iter().find(|entry| !CORS_KEYS.contains(&&*entry.key)) {
                return node.refuse(unknown.key_origin, format!("Invalid key '{}' for 'Cors' property.", unknown.key));
            }
            settings = map.clone();
        }
        Kind::Str(_) | Kind::Map(_) => {
            settings.insert("AllowOrigin", cors.clone());
        }
        _ => return node.refuse(cors.origin, "Invalid value for 'Cors' property"),
    }
    let wildcard = settings.get("AllowOrigin").is_none_or(|origin| origin.as_str() == Some("'*'"));
    settings.get_or_insert_with("AllowOrigin", || make.str("'*'"));
    check_body(node, body, "Cors", "Cors configuration", cors)?;
    let credentials = settings.get("AllowCredentials").and_then(Value::as_bool) == Some(true);
    if credentials && wildcard {
        return node.refuse(
            cors.origin,
            "Unable to add Cors configuration because 'AllowCredentials' can not be true when 'AllowOrigin' is \"'*'\" or not set",
        );
    }
    swagger::check(body)?;
    let mut done: Vec<String> = Vec::new();
    for path in document::path_names(body) {
        let normalized = if path == "/" { "/".to_owned() } else { path.trim_end_matches('/').to_owned() };
        if done.contains(&normalized) {
            continue;
        }
        done.push(normalized);
        let Some(item) = document::paths(body)?.get_mut(&path) else { continue };
        for item in document::contents(item)? {
            let item = document::path_item(item, &path)?;
            if item.contains_key("options") {
                continue;
            }
            if settings.truthy("AllowOrigin").is_none() {
                let text =
                    "Structure of the SAM template is invalid. Invalid input. Value for AllowedOrigins is required";
                return node.refuse(cors.origin, text);
            }
            // What the first branch of a path allows holds for its other branches as well.
            if settings.truthy("AllowMethods").is_none() {
                settings.insert("AllowMethods", make.str(format!("'{}'", allowed_methods(item))));
            }
            item.insert("options", preflight(&settings, credentials, make));
        }
        if cors.get("AllowMethods").is_none_or(|methods| !python::truthy(methods)) {
            settings.remove("AllowMethods");
        }
    }
    Ok(())
}

fn allowed_methods(item: &Map) -> String {
    if item.contains_key(ANY_METHOD) {
        return ALL_METHODS.join(",");
    }
    let mut methods: Vec<String> = item.keys().map(str::to_uppercase).chain(["OPTIONS".to_owned()]).collect();
    methods.sort();
    methods.dedup();
    methods.join(",")
}

fn preflight(settings: &Map, credentials: bool, make: Maker) -> Value {
    let mut parameters = Vec::new();
    let mut headers = Vec::new();
    let mut add = |name: &str, kind: &str, value: Value| {
        parameters.push((format!("method.response.header.{name}"), value));
        headers.push((name.to_owned(), make.map([("type", make.str(kind))])));
    };
    if let Some(origin) = settings.get("AllowOrigin") {
        add("Access-Control-Allow-Origin", "string", origin.clone());
    }
    if let Some(allowed) = settings.truthy("AllowHeaders") {
        add("Access-Control-Allow-Headers", "string", allowed.clone());
    }
    if let Some(methods) = settings.truthy("AllowMethods") {
        add("Access-Control-Allow-Methods", "string", methods.clone());
    }
    if let Some(age) = settings.some("MaxAge") {
        add("Access-Control-Max-Age", "integer", age.clone());
    }
    if credentials {
        add("Access-Control-Allow-Credentials", "string", make.str("'true'"));
    }
    let json = |text: &str| make.map([("application/json", make.str(text))]);
    let response = make.map([
        ("statusCode", make.str("200")),
        ("responseParameters", make.map(parameters)),
        ("responseTemplates", json("{}\n")),
    ]);
    let integration = make.map([
        ("type", make.str("mock")),
        ("requestTemplates", json("{\n  \"statusCode\" : 200\n}\n")),
        ("responses", make.map([("default", response)])),
    ]);
    let documented =
        make.map([("description", make.str("Default response for CORS method")), ("headers", make.map(headers))]);
    make.map([
        ("summary", make.str("CORS support")),
        ("consumes", make.list([make.str("application/json")])),
        ("produces", make.list([make.str("application/json")])),
        (document::INTEGRATION, integration),
        ("responses", make.map([("200", documented)])),
    ])
}

/// The authorizers that `Auth` defines.
pub fn authorizers(node: &Node, auth: &Map, with_default: bool, partition: &'static str) -> Outcome<Vec<Authorizer>> {
    let mut out = Vec::new();
    if let Some(default) = auth.some("DefaultAuthorizer").filter(|_| with_default)
        && default.as_str() == Some("AWS_IAM")
    {
        out.push(Authorizer::iam(&node.id, default.origin, partition));
    }
    let Some(given) = auth.truthy("Authorizers") else { return Ok(out) };
    let owner = Owner::Resource(&node.id);
    for entry in given.expect_map(owner, "Auth.Authorizers")? {
        let config = entry.value.expect_map(owner, &format!("Auth.Authorizers.{}", entry.key))?;
        let new = Authorizer::new(&node.id, &entry.key, entry.key_origin, config, partition)?;
        out.retain(|known| known.name != new.name);
        out.push(new);
    }
    Ok(out)
}

/// Writes what `Auth` asks for.
pub fn auth(node: &Node, body: &mut Value, partition: &'static str) -> Outcome<()> {
    let Some(given) = node.truthy("Auth") else { return Ok(()) };
    let make = Maker::new(given.origin);
    if !python::truthy(body) {
        return check_body(node, body, "Auth", "", given);
    }
    let Some(map) = given.as_map() else { return Ok(()) };
    if let Some(unknown) = map.iter().find(|entry| !AUTH_KEYS.contains(&&*entry.key)) {
        return node.refuse(unknown.key_origin, "Invalid value for 'Auth' property");
    }
    check_body(node, body, "Auth", "Auth configuration", given)?;
    swagger::check(body)?;
    let list = authorizers(node, map, true, partition)?;
    if !list.is_empty() {
        // A bad section of the author's is the API's fault, not the whole template's.
        swagger::add_authorizers(body, &list, make)?;
        default_authorizer(node, map, &list, body)?;
    }
    if let Some(required) = map.truthy("ApiKeyRequired") {
        let place = Maker::new(required.origin);
        swagger::add_api_key_definition(body, place)?;
        let preflight = map.get("AddApiKeyRequiredToCorsPreflight").is_none_or(python::truthy);
        for path in document::path_names(body) {
            swagger::set_default_api_key(body, &path, preflight, place)?;
        }
    }
    if let Some(policy) = map.truthy("ResourcePolicy") {
        let place = Maker::new(policy.origin);
        if policy.as_map().is_none() {
            return refusal::document(policy.origin, "ResourcePolicy must be a map (ResourcePolicyStatement).");
        }
        let stage = node.get("StageName").cloned().unwrap_or_else(|| place.null());
        for path in document::path_names(body) {
            resource_policy::add(body, policy, &path, &stage, place)?;
        }
        if let Some(statements) = policy.truthy("CustomStatements") {
            resource_policy::add_custom(body, statements, place);
        }
    }
    postprocess::run(body, node.get("OpenApiVersion"))
}

fn default_authorizer(node: &Node, auth: &Map, list: &[Authorizer], body: &mut Value) -> Outcome<()> {
    let Some(default) = auth.truthy("DefaultAuthorizer") else { return Ok(()) };
    let Some(name) = default.as_str() else {
        return node.refuse(default.origin, "DefaultAuthorizer is not a string.");
    };
    if name != "AWS_IAM" && !list.iter().any(|authorizer| authorizer.name == name) {
        return node.refuse(
            default.origin,
            format!("Unable to set DefaultAuthorizer because '{name}' was not defined in 'Authorizers'."),
        );
    }
    let preflight = auth.get("AddDefaultAuthorizerToCorsPreflight").is_none_or(python::truthy);
    for path in document::path_names(body) {
        swagger::set_default_authorizer(body, &path, name, list, preflight, Maker::new(default.origin))?;
    }
    Ok(())
}

/// Writes the media types that are binary.
pub fn binary_media_types(types: Option<&Value>, body: &mut Value) -> Outcome<()> {
    let Some(types) = types.filter(|types| python::truthy(types)) else { return Ok(()) };
    if !python::truthy(body) {
        return Ok(());
    }
    swagger::check(body)?;
    if let Some(map) = body.as_map_mut() {
        map.insert("x-amazon-apigateway-binary-media-types", unescape(types));
    }
    Ok(())
}

/// `~1` stands for a slash.
fn unescape(value: &Value) -> Value {
    let kind = match &value.kind {
        Kind::Str(text) => Kind::Str(text.replace("~1", "/").into()),
        Kind::List(items) => Kind::List(items.iter().map(unescape).collect()),
        Kind::Map(map) => Kind::Map(
            map.iter()
                .map(|entry| Entry {
                    key: entry.key.replace("~1", "/").into(),
                    key_origin: entry.key_origin,
                    value: unescape(&entry.value),
                })
                .collect(),
        ),
        other => other.clone(),
    };
    Value::new(kind, value.origin)
}

/// Writes the models.
pub fn models(node: &Node, body: &mut Value) -> Outcome<()> {
    let Some(given) = node.truthy("Models") else { return Ok(()) };
    check_body(node, body, "Models", "Models definitions", given)?;
    let Some(models) = given.as_map() else { return Ok(()) };
    if let Some(entry) = models.iter().find(|entry| entry.value.as_map().is_none()) {
        return node.refuse(entry.value.origin, "Invalid value for 'Models' property");
    }
    swagger::check(body)?;
    let make = Maker::new(given.origin);
    let Some(map) = body.as_map_mut() else { return Ok(()) };
    if map.truthy("definitions").is_none() {
        map.insert("definitions", make.map::<Text>([]));
    }
    if let Some(definitions) = map.get_mut("definitions").and_then(Value::as_map_mut) {
        for entry in models {
            if entry.value.truthy("type").is_none() {
                return refusal::document(entry.value.origin, "'Models' schema is missing 'type'.");
            }
            definitions.insert_at(entry.key.to_lowercase(), entry.key_origin, entry.value.clone());
        }
    }
    postprocess::run(body, node.get("OpenApiVersion"))
}

/// Turns the default endpoint off or on.
pub fn endpoint(node: &Node, body: &mut Value) -> Outcome<()> {
    const KEY: &str = "x-amazon-apigateway-endpoint-configuration";
    let Some(disabled) = node.get("DisableExecuteApiEndpoint") else { return Ok(()) };
    let make = Maker::new(disabled.origin);
    if !python::truthy(body) {
        return node.refuse(disabled.origin, "DisableExecuteApiEndpoint works only within 'DefinitionBody' property.");
    }
    swagger::check(body)?;
    let is_openapi = body.truthy("openapi").is_some_and(document::is_openapi_3);
    let set = |holder: &mut Value, what: &str| -> Outcome<()> {
        let origin = holder.origin;
        let refuse = |path: &str| {
            let text = document::not_a_map(path);
            refusal::document(origin, format!("Invalid OpenAPI definition{what}: {text}."))
        };
        let Some(map) = holder.as_map_mut() else { return refuse("") };
        match map.get_or_insert_with(KEY, || make.map::<Text>([])).as_map_mut() {
            Some(configuration) => {
                configuration.insert("disableExecuteApiEndpoint", disabled.clone());
                Ok(())
            }
            None => refuse(KEY),
        }
    };
    if !is_openapi {
        return set(body, "");
    }
    let Some(map) = body.as_map_mut() else { return Ok(()) };
    let servers = map.get_or_insert_with("servers", || make.list([make.map::<Text>([])]));
    for (index, server) in servers.as_list_mut().into_iter().flatten().enumerate() {
        set(server, &format!(" of 'servers[{index}]'"))?;
    }
    Ok(())
}
