//! Routes of REST APIs.

use super::{Event, rest_auth};
use crate::template::sam::api::document::{self, Route};
use crate::template::sam::api::swagger::{self, LambdaIntegration};
use crate::template::sam::api::swagger_request::{self, RequestParameter};
use crate::template::sam::expander::Expander;
use crate::template::sam::implicit::MANAGED;
use crate::template::sam::include;
use crate::template::sam::intrinsics;
use crate::template::sam::property::{Expect, Owner};
use crate::template::sam::python::{self, Lookup};
use crate::template::sam::refusal::{self, Outcome};
use crate::template::sam::resource::{Resource, Target};
use crate::template::value::{Kind, Maker, Map, Text, Value};

/// Refuses an API that is not in the template; answers what the permission's logical id ends
/// with.
pub fn link_rest_api(cx: &Expander, event: &Event) -> Outcome<String> {
    let Some(api) = event.properties.get("RestApiId") else { return Ok("Prod".to_owned()) };
    let Some(id) = intrinsics::referenced(api).as_str() else { return Ok("AllStages".to_owned()) };
    let Some(resource) = cx.resources.get(id).filter(|resource| resource.as_map().is_some()) else {
        return event.refuse(
            api.origin,
            "RestApiId property of Api event must reference a valid resource in the same template.",
        );
    };
    let Some(properties) = resource.get("Properties") else { return Ok("Stage".to_owned()) };
    if properties.as_map().is_none() {
        return refusal::resource(id, properties.origin, "Attribute 'Properties' should be a map.");
    }
    match properties.get("StageName") {
        Some(Value { kind: Kind::Str(stage), .. }) if !stage.is_empty() => Ok(stage.to_string()),
        Some(stage) if stage.as_str().is_some() => refusal::resource(id, stage.origin, "StageName cannot be empty."),
        _ => Ok("Stage".to_owned()),
    }
}

/// Path and method of an event, with the id of its API.
pub struct RestEvent {
    /// The path.
    pub path: String,
    /// The method, in lower case.
    pub method: String,
    /// The API's logical id.
    pub api: Text,
}

/// Path, method and API of `event`.
pub fn rest_event(event: &Event) -> RestEvent {
    let text = |name: &str| event.properties.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let api = event.properties.get("RestApiId").map(intrinsics::referenced).and_then(Value::as_str);
    RestEvent { path: text("Path"), method: text("Method").to_lowercase(), api: api.unwrap_or_default().into() }
}

impl RestEvent {
    /// The route as it is written.
    pub fn route<'a>(&'a self, event: &Event) -> Route<'a> {
        let origin = |name: &str| event.properties.get(name).map_or(event.origin, |value| value.origin);
        Route { path: &self.path, path_origin: origin("Path"), method: &self.method, method_origin: origin("Method") }
    }
}

/// The permission; the route goes into the document of the API.
pub fn expand(cx: &mut Expander, event: Event, target: &Target) -> Outcome<Vec<Resource>> {
    let rest = rest_event(&event);
    let permission = permission(cx, &event, &rest, target)?;
    let Some(mut api) = cx.resources.get_mut(&rest.api).and_then(|api| api.get_mut("Properties")).map(python::take)
    else {
        return Ok(vec![permission]);
    };
    let outcome = write(cx, &event, &rest, target, &mut api);
    if let Some(place) = cx.resources.get_mut(&rest.api).and_then(|api| api.get_mut("Properties")) {
        *place = api;
    }
    outcome.map(|()| vec![permission])
}

fn write(cx: &Expander, event: &Event, rest: &RestEvent, target: &Target, api: &mut Value) -> Outcome<()> {
    if api.truthy(MANAGED).is_some() || api.truthy("MergeDefinitions").is_some() {
        integrate(cx, event, rest, target, api)?;
    }
    let Some(auth) = event.properties.truthy("Auth").filter(|auth| auth.truthy("OverrideApiAuth").is_some()) else {
        return Ok(());
    };
    if api.truthy("DefinitionBody").is_none() {
        return Ok(());
    }
    if ["Authorizer", "ApiKeyRequired", "ResourcePolicy"].iter().all(|name| auth.truthy(name).is_none()) {
        return event.refuse(
            auth.origin,
            "Must define one of: Authorizer, ApiKeyRequired or ResourcePolicy when using the OverrideApiAuth property.",
        );
    }
    let Some(mut body) = api.get_mut("DefinitionBody").map(python::take) else { return Ok(()) };
    let outcome = swagger::check(&mut body).and_then(|()| rest_auth::write(cx, event, rest, auth, api, &mut body));
    if let Some(place) = api.get_mut("DefinitionBody") {
        *place = body;
    }
    outcome
}

fn permission(cx: &Expander, event: &Event, rest: &RestEvent, target: &Target) -> Outcome<Resource> {
    let mut permission = event.permission_with(target, "apigateway.amazonaws.com", &event.full_id, &event.stage)?;
    let make = permission.make();
    let path = document::star_parameters(document::without_trailing_slash(&rest.path), true);
    let method = if rest.method == "any" { "*".to_owned() } else { rest.method.to_uppercase() };
    let arn = format!(
        "arn:{}:execute-api:${{AWS::Region}}:${{AWS::AccountId}}:${{__ApiId__}}/${{__Stage__}}/{method}{path}",
        cx.partition
    );
    let api = event.properties.get("RestApiId").cloned().unwrap_or_else(|| make.null());
    let variables = vec![("__ApiId__", api), ("__Stage__", make.str("*"))];
    permission.set("SourceArn", intrinsics::sub_with(make, arn, variables));
    Ok(permission)
}

/// The URI of an integration with `target`.
pub fn integration_uri(make: Maker, target: &Target, partition: &str, streamed: bool) -> Value {
    let (version, path) =
        if streamed { ("2021-11-15", "/response-streaming-invocations") } else { ("2015-03-31", "/invocations") };
    let function = match target.arn.single() {
        Some(("Ref", id)) => id.as_str().unwrap_or_default().to_owned(),
        Some((_, parts)) => {
            let parts: Vec<&str> = parts.as_list().into_iter().flatten().filter_map(Value::as_str).collect();
            parts.join(".")
        }
        None => String::new(),
    };
    make.sub(format!(
        "arn:{partition}:apigateway:${{AWS::Region}}:lambda:path/{version}/functions/${{{function}}}{path}"
    ))
}

fn integrate(cx: &Expander, event: &Event, rest: &RestEvent, target: &Target, api: &mut Value) -> Outcome<()> {
    let merges = api.truthy("MergeDefinitions").is_some();
    let Some(body) = api.get_mut("DefinitionBody").filter(|body| !body.is_null()) else { return Ok(()) };
    if include::is_transform(body) {
        return Ok(());
    }
    let mut body = python::take(body);
    let outcome = if merges {
        let mut made = swagger::skeleton(event.make());
        integrate_into(cx, event, rest, target, api, &mut made)
            .and_then(|()| merge_body(&rest.api, &mut body, &made, rest))
    } else {
        document::undo_on_failure(&mut body, &rest.path, |body| integrate_into(cx, event, rest, target, api, body))
    };
    if let Some(place) = api.get_mut("DefinitionBody") {
        *place = body;
    }
    outcome
}

fn integrate_into(
    cx: &Expander,
    event: &Event,
    rest: &RestEvent,
    target: &Target,
    api: &mut Value,
    body: &mut Value,
) -> Outcome<()> {
    let make = event.make();
    swagger::check(body)?;
    if document::has_integration(body, &rest.path, &rest.method)? {
        return event.refuse(
            event.key_origin,
            format!("API method \"{}\" defined multiple times for path \"{}\".", rest.method, rest.path),
        );
    }
    let event_auth = match event.properties.truthy("Auth") {
        Some(auth) => Some(auth.expect_map(Owner::Event(&event.id), "Auth")?),
        None => None,
    };
    let api_auth = match api.truthy("Auth") {
        Some(auth) => Some(auth.expect_map(Owner::Resource(&rest.api), "Auth")?),
        None => None,
    };
    let streamed = event.properties.is("ResponseTransferMode", "RESPONSE_STREAM");
    LambdaIntegration {
        route: rest.route(event),
        uri: integration_uri(make, target, cx.partition, streamed),
        event_auth,
        api_auth,
        condition: target.condition(),
        streamed,
        partition: cx.partition,
    }
    .write(body, make)?;
    if let Some(auth) = event.properties.truthy("Auth") {
        rest_auth::write(cx, event, rest, auth, api, body)?;
    }
    if let Some(timeout) = event.properties.truthy("TimeoutInMillis") {
        document::add_timeout(body, &rest.path, &rest.method, timeout)?;
    }
    if let Some(model) = event.properties.truthy("RequestModel") {
        request_model(event, rest, model, api, body)?;
    }
    if let Some(parameters) = event.properties.truthy("RequestParameters") {
        let parameters = request_parameters(event, parameters)?;
        swagger_request::add_request_parameters(body, &rest.path, &rest.method, &parameters, make)?;
    }
    Ok(())
}

fn request_model(event: &Event, rest: &RestEvent, model: &Value, api: &Value, body: &mut Value) -> Outcome<()> {
    let make = Maker::new(model.origin);
    let map = model.expect_map(Owner::Event(&event.id), "RequestModel")?;
    let Some(name) = map.truthy("Model") else { return Ok(()) };
    let shown = python::display(name);
    let refuse = |text: &str| {
        event.refuse(
            name.origin,
            format!(
                "Unable to set RequestModel [{shown}] on API method [{}] for path [{}] because {text}",
                rest.method, rest.path
            ),
        )
    };
    let Some(models) = api.truthy("Models") else {
        return refuse("the related API does not define any Models.");
    };
    if models.as_map().is_none() {
        return refuse("the related API Models defined is of invalid type.");
    }
    let Some(text) = name.as_str() else {
        return refuse("the related API does not contain valid Models.");
    };
    if models.truthy(text).is_none() {
        return refuse("it wasn't defined in the API's Models.");
    }
    swagger_request::add_request_model(body, &rest.path, &rest.method, text, map.some("Required"), make)?;
    let (in_body, in_parameters) = (map.some("ValidateBody"), map.some("ValidateParameters"));
    if in_body.is_none() && in_parameters.is_none() {
        return Ok(());
    }
    let flag = |value: Option<&Value>| value.map_or(Some(false), Value::as_bool);
    let (Some(in_body), Some(in_parameters)) = (flag(in_body), flag(in_parameters)) else {
        return event.refuse(
            model.origin,
            format!(
                "Unable to set Validator to RequestModel [{shown}] on API method [{}] for path [{}] ValidateBody and ValidateParameters must be a boolean type, strings or intrinsics are not supported.",
                rest.method, rest.path
            ),
        );
    };
    swagger_request::add_request_validator(body, &rest.path, &rest.method, in_body, in_parameters, make)
}

fn request_parameters(event: &Event, parameters: &Value) -> Outcome<Vec<RequestParameter>> {
    let mut out = Vec::new();
    for item in parameters.as_list().into_iter().flatten() {
        let make = Maker::new(item.origin);
        let (name, settings) = match &item.kind {
            Kind::Str(name) => (name.as_str(), None),
            Kind::Map(map) => match map.iter().next() {
                Some(entry) => (entry.key.as_str(), Some(&entry.value)),
                None => continue,
            },
            _ => {
                return event.refuse(
                    item.origin,
                    "Invalid value for 'RequestParameters' property. Property must be either a string or an object",
                );
            }
        };
        let is_place = ["querystring.", "path.", "header."]
            .iter()
            .any(|place| name.strip_prefix("method.request.").is_some_and(|rest| rest.starts_with(place)));
        if !is_place {
            return event.refuse(
                item.origin,
                "Invalid value for 'RequestParameters' property. Keys must be in the format 'method.request.[querystring|path|header].{value}', e.g 'method.request.header.Authorization'.",
            );
        }
        if let Some(settings) = settings {
            let fits = settings.as_map().is_some_and(|map| map.keys().all(|key| matches!(key, "Required" | "Caching")));
            if !fits {
                return event.refuse(
                    settings.origin,
                    "Invalid value for 'RequestParameters' property. Values must be an object, e.g { Required: true, Caching: false }",
                );
            }
        }
        let setting = |key: &str| settings.and_then(|settings| settings.get(key));
        out.push(RequestParameter {
            name: name.to_owned(),
            required: setting("Required").cloned().unwrap_or_else(|| make.bool(false)),
            cached: setting("Caching").is_some_and(python::truthy),
        });
    }
    Ok(out)
}

/// The author's document with the route that events made beside it.
fn merge_body(api: &str, source: &mut Value, made: &Value, rest: &RestEvent) -> Outcome<()> {
    let make = Maker::new(made.origin);
    let existing = match source.truthy("paths") {
        Some(paths) => match document::deep_get(paths, &[&rest.path, &rest.method]) {
            Ok(found) => found.cloned(),
            Err(text) => {
                return refusal::resource(api, paths.origin, format!("Property 'DefinitionBody' is invalid: {text}"));
            }
        },
        None => None,
    };
    let existing = existing.filter(python::truthy);
    if let Some(existing) = &existing {
        existing.expect_map(Owner::Resource(api), &format!("DefinitionBody.paths.{}.{}", rest.path, rest.method))?;
    }
    let mut merged = match existing {
        Some(Value { kind: Kind::Map(map), .. }) => map,
        _ => Map::new(),
    };
    let normalized = document::normalize_method(&rest.method);
    let new = made.at(&["paths", &rest.path, &normalized]).and_then(Value::as_map);
    for entry in new.into_iter().flatten() {
        merged.insert_at(entry.key.clone(), entry.key_origin, entry.value.clone());
    }
    let merged = Value::new(Kind::Map(merged), make.origin());
    // A document without paths keeps none: the reference writes into a copy it forgets.
    if source.truthy("paths").is_some()
        && let Some(paths) = source.get_mut("paths").and_then(Value::as_map_mut)
        && let Some(item) = paths.get_or_insert_with(&rest.path, || make.map::<Text>([])).as_map_mut()
    {
        item.insert(rest.method.as_str(), merged);
    }
    Ok(())
}
