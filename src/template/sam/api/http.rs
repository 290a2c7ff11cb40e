//! `AWS::Serverless::HttpApi`

use super::v2::{self, Authorizer};
use super::{document, openapi};
use crate::template::sam::expander::Expander;
use crate::template::sam::function::assign_tags;
use crate::template::sam::include;
use crate::template::sam::intrinsics::{self, is_intrinsic};
use crate::template::sam::location::S3Location;
use crate::template::sam::naming;
use crate::template::sam::property::{Expect, Owner};
use crate::template::sam::python::{self, Lookup};
use crate::template::sam::refusal::Outcome;
use crate::template::sam::resource::{Node, Resource};
use crate::template::value::{Entry, Kind, Maker, Map, Value};

const TAG: &str = "httpapi:createdBy";
const DEFAULT_STAGE: &str = "$default";
const CORS_KEYS: [&str; 6] =
    ["AllowMethods", "AllowHeaders", "AllowOrigins", "MaxAge", "ExposeHeaders", "AllowCredentials"];

/// Expands the API `node`.
pub fn expand(cx: &mut Expander, mut node: Node) -> Outcome<Vec<Resource>> {
    for name in ["CorsConfiguration", "Domain"] {
        if let Some(value) = node.properties.get_mut(name) {
            cx.parameters.resolve(value)?;
        }
    }
    let api = http_api(cx, &node)?;
    let domain = v2::domain(cx, &node, TAG)?;
    let mut permissions = Vec::new();
    if let Some(auth) = node.truthy("Auth").and_then(Value::as_map) {
        for authorizer in authorizers(&node, auth, cx.partition)? {
            if let Some(function) = authorizer.function_to_permit() {
                let id = format!("{}{}AuthorizerPermission", node.id, authorizer.name);
                permissions.push(v2::authorizer_permission(&node, id, authorizer.key_origin, function)?);
            }
        }
    }
    let stage = stage(&node, &api)?;
    let has_body = node.get("DefinitionBody").is_some();
    let mut made = vec![api];
    made.extend(permissions);
    made.extend(domain);
    made.push(stage);
    if has_body && let Some(given) = node.truthy("Tags") {
        let tags = Value::new(Kind::Map(v2::tags(&node, TAG)), given.origin);
        assign_tags(&tags, &mut made);
    }
    Ok(made)
}

fn http_api(cx: &Expander, node: &Node) -> Outcome<Resource> {
    let mut api = node.main("AWS::ApiGatewayV2::Api");
    let uri = node.truthy("DefinitionUri");
    let mut body = node.get("DefinitionBody").cloned().unwrap_or_else(|| node.make().null());
    if let Some(uri) = uri.filter(|_| python::truthy(&body)) {
        return node.refuse(uri.origin, "Specify either 'DefinitionUri' or 'DefinitionBody' property and not both.");
    }
    // What a macro puts into the document is not known here.
    if !include::is_transform(&body) {
        write(cx, node, &mut body)?;
    }
    if node.truthy("FailOnWarnings").is_some() {
        api.copy(&node.properties, &["FailOnWarnings"]);
    }
    if let Some(uri) = uri {
        api.set("BodyS3Location", S3Location::definition(&node.id, uri)?.into_body(Maker::new(uri.origin)));
    } else if python::truthy(&body) {
        let origin = node.properties.entry("DefinitionBody").map_or(body.origin, |entry| entry.key_origin);
        api.properties.insert_at("Body", origin, body);
    } else {
        return node.refuse(
            node.properties_origin,
            "'DefinitionUri' or 'DefinitionBody' are required properties of an 'AWS::Serverless::HttpApi'. Add a value for one of these properties or add a 'HttpApi' event to an 'AWS::Serverless::Function'.",
        );
    }
    Ok(api)
}

fn write(cx: &Expander, node: &Node, body: &mut Value) -> Outcome<()> {
    cors(node, body)?;
    auth(cx, node, body)?;
    tags(node, body)?;
    if let Some(disabled) = node.get("DisableExecuteApiEndpoint") {
        if !python::truthy(body) {
            return node
                .refuse(disabled.origin, "DisableExecuteApiEndpoint works only within 'DefinitionBody' property.");
        }
        openapi::check(body)?;
        openapi::add_endpoint_configuration(body, disabled, Maker::new(disabled.origin))?;
    }
    title(node, body)?;
    description(node, body)?;
    if node.truthy("FailOnWarnings").is_some()
        && let Some(paths) = body.get_mut("paths").and_then(Value::as_map_mut)
        && let Some(key_origin) = paths.entry(DEFAULT_STAGE).map(|entry| entry.key_origin)
        && let Some(value) = paths.remove(DEFAULT_STAGE)
    {
        paths.remove("/$default");
        paths.push(Entry { key: format!("/{DEFAULT_STAGE}").into(), key_origin, value });
    }
    Ok(())
}

fn cors(node: &Node, body: &mut Value) -> Outcome<()> {
    let Some(given) = node.truthy("CorsConfiguration") else { return Ok(()) };
    let make = Maker::new(given.origin);
    if !python::truthy(body) {
        return node
            .refuse(given.origin, "Cors works only with inline OpenApi specified in 'DefinitionBody' property.");
    }
    let mut settings = Map::new();
    match &given.kind {
        Kind::Bool(_) => {
            settings.insert("AllowOrigins", make.list([make.str("*")]));
        }
        Kind::Map(_) if is_intrinsic(given) => {
            settings.insert("AllowOrigins", given.clone());
        }
        Kind::Map(map) => {
            if let Some(unknown) = map.iter().find(|entry| !CORS_KEYS.contains(&&*entry.key)) {
                return node.refuse(unknown.key_origin, format!("Invalid key '{}' for 'Cors' property.", unknown.key));
            }
            settings = map.clone();
        }
        _ => return node.refuse(given.origin, "Invalid value for 'Cors' property."),
    }
    if !openapi::is_valid(body) {
        return node.refuse(
            given.origin,
            "Unable to add Cors configuration because 'DefinitionBody' does not contain a valid OpenApi definition.",
        );
    }
    let wildcard = settings.get("AllowOrigins").is_some_and(|origins| *origins == make.list([make.str("*")]));
    if wildcard && settings.get("AllowCredentials").and_then(Value::as_bool) == Some(true) {
        return node.refuse(
            given.origin,
            "Unable to add Cors configuration because 'AllowCredentials' can not be true when 'AllowOrigin' is \"'*'\" or not set.",
        );
    }
    openapi::check(body)?;
    openapi::add_cors(body, &settings, make)
}

fn authorizers<'a>(node: &'a Node, auth: &'a Map, partition: &'static str) -> Outcome<Vec<Authorizer<'a>>> {
    let mut out = Vec::new();
    if let Some(enabled) = auth.get("EnableIamAuthorizer").filter(|enabled| enabled.as_bool() == Some(true)) {
        out.push(Authorizer::iam(&node.id, enabled.origin, partition));
    }
    let Some(given) = auth.truthy("Authorizers") else { return Ok(out) };
    let owner = Owner::Resource(&node.id);
    for entry in given.expect_map(owner, "Auth.Authorizers")? {
        let config = entry.value.expect_map(owner, &format!("Auth.Authorizers.{}", entry.key))?;
        if let Some(url) = config.entry("OpenIdConnectUrl") {
            return node.refuse(
                url.key_origin,
                format!(
                    "'OpenIdConnectUrl' is no longer a supported property for authorizer '{}'. Please refer to the AWS SAM documentation.",
                    entry.key
                ),
            );
        }
        let new = Authorizer::new(&node.id, entry, config, partition)?;
        out.retain(|known: &Authorizer<'_>| known.name != new.name);
        out.push(new);
    }
    Ok(out)
}

fn auth(cx: &Expander, node: &Node, body: &mut Value) -> Outcome<()> {
    let Some(given) = node.truthy("Auth") else { return Ok(()) };
    let Some(map) = given.as_map() else { return Ok(()) };
    let make = Maker::new(given.origin);
    if !python::truthy(body) {
        return node
            .refuse(given.origin, "Auth works only with inline OpenApi specified in the 'DefinitionBody' property.");
    }
    let keys = ["Authorizers", "DefaultAuthorizer", "EnableIamAuthorizer"];
    if let Some(unknown) = map.iter().find(|entry| !keys.contains(&&*entry.key)) {
        return node.refuse(unknown.key_origin, "Invalid value for 'Auth' property");
    }
    if !openapi::is_valid(body) {
        return node.refuse(
            given.origin,
            "Unable to add Auth configuration because 'DefinitionBody' does not contain a valid OpenApi definition.",
        );
    }
    openapi::check(body)?;
    let list = authorizers(node, map, cx.partition)?;
    openapi::add_authorizers(body, &list, make)?;
    let Some(default) = map.truthy("DefaultAuthorizer").filter(|default| !intrinsics::is_no_value(default)) else {
        return Ok(());
    };
    let name = default.expect_str(Owner::Resource(&node.id), "Auth.DefaultAuthorizer")?;
    if !list.iter().any(|authorizer| authorizer.name == name) {
        return node.refuse(
            default.origin,
            format!("Unable to set DefaultAuthorizer because '{name}' was not defined in 'Authorizers'."),
        );
    }
    for path in document::path_names(body) {
        openapi::set_default_authorizer(body, &path, name, &list, Maker::new(default.origin))?;
    }
    Ok(())
}

fn tags(node: &Node, body: &mut Value) -> Outcome<()> {
    let given = node.truthy("Tags");
    if !python::truthy(body) {
        return match given {
            Some(given) => node.refuse(
                given.origin,
                "Tags works only with inline OpenApi specified in the 'DefinitionBody' property.",
            ),
            None => Ok(()),
        };
    }
    if !openapi::is_valid(body) {
        return match given {
            Some(given) => node.refuse(
                given.origin,
                "Unable to add `Tags` because 'DefinitionBody' does not contain a valid OpenApi definition.",
            ),
            None => Ok(()),
        };
    }
    openapi::check(body)?;
    openapi::add_tags(body, &v2::tags(node, TAG), node.make())
}

fn title(node: &Node, body: &mut Value) -> Outcome<()> {
    let Some(name) = node.truthy("Name") else { return Ok(()) };
    if !python::truthy(body) {
        return node
            .refuse(name.origin, "Name works only with inline OpenApi specified in the 'DefinitionBody' property.");
    }
    let current = match document::deep_get(body, &["info", "title"]) {
        Ok(current) => current,
        Err(text) => return node.refuse(body.origin, format!("Invalid 'DefinitionBody': {text}.")),
    };
    let make = Maker::new(name.origin);
    if current != Some(&make.reference("AWS::StackName")) {
        return node.refuse(
            name.origin,
            "Unable to set Name because it is already defined within inline OpenAPI specified in the 'DefinitionBody' property.",
        );
    }
    openapi::check(body)?;
    if let Some(info) = body.get_mut("info").and_then(Value::as_map_mut) {
        info.insert("title", name.clone());
    }
    Ok(())
}

fn description(node: &Node, body: &mut Value) -> Outcome<()> {
    let Some(given) = node.truthy("Description") else { return Ok(()) };
    if !python::truthy(body) {
        return node.refuse(
            given.origin,
            "Description works only with inline OpenApi specified in the 'DefinitionBody' property.",
        );
    }
    match document::deep_get(body, &["info", "description"]) {
        Ok(current) if current.is_some_and(python::truthy) => {
            return node.refuse(
                given.origin,
                "Unable to set Description because it is already defined within inline OpenAPI specified in the 'DefinitionBody' property.",
            );
        }
        Ok(_) => {}
        Err(text) => return node.refuse(body.origin, format!("Invalid 'DefinitionBody': {text}'.")),
    }
    openapi::check(body)?;
    let make = Maker::new(given.origin);
    if let Some(map) = body.as_map_mut()
        && let Some(info) = map.get_or_insert_with("info", || make.map::<crate::template::value::Text>([])).as_map_mut()
    {
        info.insert("description", given.clone());
    }
    Ok(())
}

fn stage(node: &Node, api: &Resource) -> Outcome<Resource> {
    let make = node.make();
    let name = node.truthy("StageName").cloned().unwrap_or_else(|| make.str(DEFAULT_STAGE));
    let text = name.as_str().unwrap_or_default();
    let id = if naming::is_alphanumeric(text) {
        format!("{}{text}Stage", node.id)
    } else if text == DEFAULT_STAGE {
        format!("{}ApiGatewayDefaultStage", node.id)
    } else {
        naming::suffixed(&format!("{}Stage", node.id), text)
    };
    let mut stage = node.made(id, "AWS::ApiGatewayV2::Stage", name.origin)?;
    let make = stage.make();
    stage.set("ApiId", make.reference(node.id.clone()));
    stage.set("StageName", name.clone());
    stage.copy(&node.properties, &["StageVariables", "AccessLogSettings", "DefaultRouteSettings", "RouteSettings"]);
    stage.set("AutoDeploy", make.bool(true));
    let writes_tags = api.properties.get("Body").is_some_and(openapi::is_valid);
    if writes_tags {
        stage.set("Tags", Value::new(Kind::Map(v2::tags(node, TAG)), make.origin()));
    } else {
        stage.copy(&node.properties, &["Tags"]);
    }
    Ok(stage)
}
