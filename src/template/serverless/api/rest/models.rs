//! Request validation: models of bodies, and the validator.

use super::Api;
use super::endpoint::Endpoint;
use crate::template::serverless::naming;
use crate::template::serverless::output::{Output, Resource};
use crate::template::serverless::service::{get, is_object, text, truthy};
use crate::template::value::{Kind, Maker, Map, Text, Value};

/// Gives methods whose request is described a validator, and their models.
pub fn validators(api: &Api<'_>, out: &mut Output) {
    for endpoint in &api.endpoints {
        let method = api.resources.method_id(&endpoint.path, &endpoint.method);
        let required = endpoint
            .parameters
            .values()
            .any(|value| if is_object(value) { get(value, &["required"]).is_none_or(truthy) } else { truthy(value) });
        let schemas = endpoint.request("schemas").and_then(Value::as_map);
        let mut models: Vec<(Text, String)> = Vec::new();
        for entry in schemas.into_iter().flatten() {
            models.push((entry.key.clone(), model(api, endpoint, &entry.key, &entry.value, out)));
        }
        if !required && schemas.is_none_or(Map::is_empty) {
            continue;
        }
        let origin = endpoint.request.as_ref().map_or(endpoint.origin, |request| request.origin);
        let maker = Maker::new(origin);
        let validator = validator(api, maker, out);
        let Some(properties) = out.properties(&method) else { continue };
        properties.insert("RequestValidatorId", maker.reference(validator));
        if !models.is_empty() {
            let empty = || Value::new(Kind::Map(Map::new()), maker.origin());
            if let Some(all) = properties.get_or_insert_with("RequestModels", empty).as_map_mut() {
                for (content, id) in models {
                    all.insert(content, maker.reference(id));
                }
            }
        }
    }
}

fn validator(api: &Api<'_>, maker: Maker, out: &mut Output) -> String {
    let service = api.service;
    let id = format!("ApiGateway{}RequestValidator", naming::alphanumeric(&service.name));
    if !out.resources.contains_key(&id) {
        let name = format!("{}-{} | Validate request body and querystring parameters", service.name, service.stage);
        out.put(
            Resource::new(id.as_str(), "AWS::ApiGateway::RequestValidator", maker)
                .set("RestApiId", api.id(maker))
                .set("ValidateRequestBody", maker.bool(true))
                .set("ValidateRequestParameters", maker.bool(true))
                .set("Name", maker.str(name)),
        );
    }
    id
}

/// Adds the model of one content type; answers its id.
fn model(api: &Api<'_>, endpoint: &Endpoint<'_>, content: &str, written: &Value, out: &mut Output) -> String {
    let maker = Maker::new(written.origin);
    let shared = text(written)
        .filter(|_| !is_object(written))
        .and_then(|name| Some((api.service.setting(&["apiGateway", "request", "schemas", &name])?, name)));
    let (id, source, content) = if let Some((schema, name)) = shared {
        (format!("ApiGateway{}Model", naming::upper_camel(&name)), schema, "application/json".to_owned())
    } else {
        let method = api.resources.method_id(&endpoint.path, &endpoint.method);
        (format!("{method}{}Model", naming::start_case(content)), written, content.to_owned())
    };
    let described = get(source, &["schema"]).filter(|schema| truthy(schema));
    let setting = |name: &str| described.and_then(|_| get(source, &[name])).filter(|value| truthy(value)).cloned();
    let shared_setting = |name: &str| get(source, &[name]).filter(|value| truthy(value)).cloned();
    let (name, description) = if shared_of(api, written).is_some() {
        (shared_setting("name"), shared_setting("description"))
    } else {
        (setting("name"), setting("description"))
    };
    out.put(
        Resource::new(id.as_str(), "AWS::ApiGateway::Model", maker)
            .set("RestApiId", api.id(maker))
            .set("ContentType", maker.str(content))
            .set("Schema", described.unwrap_or(source).clone())
            .opt("Name", name)
            .opt("Description", description),
    );
    id
}

fn shared_of<'a>(api: &'a Api<'_>, written: &Value) -> Option<&'a Value> {
    let name = text(written).filter(|_| !is_object(written))?;
    api.service.setting(&["apiGateway", "request", "schemas", &name])
}
