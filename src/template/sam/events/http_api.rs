//! Routes of HTTP APIs.

use super::Event;
use super::api::integration_uri;
use crate::template::sam::api::document::{self, ANY_METHOD, Route};
use crate::template::sam::api::openapi::{self, DEFAULT_PATH};
use crate::template::sam::expander::Expander;
use crate::template::sam::implicit::MANAGED;
use crate::template::sam::include;
use crate::template::sam::intrinsics;
use crate::template::sam::property::{Expect, Owner};
use crate::template::sam::python::{self, Lookup};
use crate::template::sam::refusal::{self, Failure, Outcome};
use crate::template::sam::resource::{Resource, Target};
use crate::template::value::{Maker, Text, Value};

/// Refuses an API that is not in the template.
pub fn link(cx: &Expander, event: &Event) -> Outcome<()> {
    let api = event.properties.get("ApiId");
    let known = api.map(intrinsics::referenced).and_then(Value::as_str).is_some_and(|id| cx.resources.contains_key(id));
    if known {
        return Ok(());
    }
    event.refuse(
        api.map_or(event.origin, |api| api.origin),
        "ApiId must be a valid reference to an 'AWS::Serverless::HttpApi' resource in same template.",
    )
}

struct HttpEvent {
    path: String,
    method: String,
    api: Text,
}

/// The permission; the route goes into the document of the API.
pub fn expand(cx: &mut Expander, event: Event, target: &Target) -> Outcome<Vec<Resource>> {
    let text = |name: &str| event.properties.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let api = event.properties.get("ApiId").map(intrinsics::referenced).and_then(Value::as_str).unwrap_or_default();
    let http = HttpEvent { path: text("Path"), method: text("Method").to_lowercase(), api: api.into() };
    let body = cx.resources.get(&http.api).and_then(|api| api.at(&["Properties", "DefinitionBody"]));
    let body = body.filter(|body| python::truthy(body) && !include::is_transform(body));
    let mut made = Vec::new();
    made.extend(permission(&event, &http, target, body)?);
    let Some(mut properties) =
        cx.resources.get_mut(&http.api).and_then(|api| api.get_mut("Properties")).map(python::take)
    else {
        return Ok(made);
    };
    let outcome = write(&event, &http, target, &mut properties);
    if let Some(place) = cx.resources.get_mut(&http.api).and_then(|api| api.get_mut("Properties")) {
        *place = properties;
    }
    outcome.map(|()| made)
}

fn permission(event: &Event, http: &HttpEvent, target: &Target, body: Option<&Value>) -> Outcome<Option<Resource>> {
    let mut path = document::without_trailing_slash(&http.path);
    if let Some(body) = body
        && let Err(Failure::Document(refusals)) = openapi::check(body)
    {
        let texts: Vec<&str> = refusals.iter().map(|refusal| refusal.message.as_str()).collect();
        return refusal::resource(&http.api, body.origin, texts.join(" "));
    }
    if path == DEFAULT_PATH {
        path = "";
    } else if let Some(body) = body
        && openapi::default_route_is(body, &target.id)?
    {
        return Ok(None);
    }
    let path = document::star_parameters(path, false);
    let mut permission = event.permission(target, "apigateway.amazonaws.com")?;
    let make = permission.make();
    let is_any = http.method == "any" || http.method == ANY_METHOD;
    let method = if is_any { "*".to_owned() } else { http.method.to_uppercase() };
    let rest =
        if http.method == "any" && path == format!("/{DEFAULT_PATH}") { path } else { format!("/{method}{path}") };
    let arn = format!(
        "arn:${{AWS::Partition}}:execute-api:${{AWS::Region}}:${{AWS::AccountId}}:${{__ApiId__}}/${{__Stage__}}{rest}"
    );
    let api = event.properties.get("ApiId").cloned().unwrap_or_else(|| make.null());
    let variables = vec![("__ApiId__", api), ("__Stage__", make.str("*"))];
    permission.set("SourceArn", intrinsics::sub_with(make, arn, variables));
    Ok(Some(permission))
}

fn write(event: &Event, http: &HttpEvent, target: &Target, api: &mut Value) -> Outcome<()> {
    let make = event.make();
    let managed = api.truthy(MANAGED).is_some();
    let Some(body) = api.get_mut("DefinitionBody").filter(|body| !body.is_null() && !include::is_transform(body))
    else {
        return Ok(());
    };
    let mut body = python::take(body);
    let outcome = document::undo_on_failure(&mut body, &http.path, |body| {
        write_into(event, http, target, api, body, managed, make)
    });
    if let Some(place) = api.get_mut("DefinitionBody") {
        *place = body;
    }
    outcome
}

fn write_into(
    event: &Event,
    http: &HttpEvent,
    target: &Target,
    api: &Value,
    body: &mut Value,
    managed: bool,
    make: Maker,
) -> Outcome<()> {
    let (path, method) = (http.path.as_str(), http.method.as_str());
    openapi::check(body)?;
    if managed && document::has_integration(body, path, method)? {
        return event
            .refuse(event.key_origin, format!("API method '{method}' defined multiple times for path '{path}'."));
    }
    let origin = |name: &str| event.properties.get(name).map_or(event.key_origin, |value| value.origin);
    let route = Route { path, path_origin: origin("Path"), method, method_origin: origin("Method") };
    let uri = integration_uri(make, target, "${AWS::Partition}", false);
    openapi::add_lambda(body, route, uri, target.condition(), make)?;
    if let Some(auth) = event.properties.truthy("Auth") {
        write_auth(event, http, auth, api, body)?;
    }
    if let Some(timeout) = event.properties.truthy("TimeoutInMillis") {
        document::add_timeout(body, path, method, timeout)?;
    }
    let names: Vec<&str> =
        path.split('{').skip(1).filter_map(|part| part.split_once('}').map(|(name, _)| name)).collect();
    if !names.is_empty() {
        openapi::add_path_parameters(body, path, method, &names, make)?;
    }
    if let Some(version) = event.properties.truthy("PayloadFormatVersion") {
        openapi::add_payload_version(body, path, method, version)?;
    }
    Ok(())
}

fn write_auth(event: &Event, http: &HttpEvent, auth: &Value, api: &Value, body: &mut Value) -> Outcome<()> {
    let (path, method) = (&http.path, &http.method);
    let make = Maker::new(auth.origin);
    let api_auth = api.get("Auth");
    if let Some(api_auth) = api_auth {
        api_auth.expect_map(Owner::Resource(&http.api), "Auth")?;
    }
    let default = api_auth.and_then(|auth| auth.truthy("DefaultAuthorizer"));
    let Some(authorizer) = auth.truthy("Authorizer").or(default) else {
        return event.refuse(
            auth.origin,
            "'Auth' section requires either an explicit 'Authorizer' set or a 'DefaultAuthorizer' configured on the HttpApi.",
        );
    };
    let authorizers = api_auth.and_then(|auth| auth.some("Authorizers"));
    let iam = api_auth.and_then(|auth| auth.get("EnableIamAuthorizer")).and_then(Value::as_bool) == Some(true);
    let name = python::display(authorizer);
    let unable = |more: &str| {
        let text = format!("Unable to set Authorizer [{name}] on API method [{method}] for path [{path}]{more}");
        event.refuse(authorizer.origin, text)
    };
    if name != "NONE" && !(name == "AWS_IAM" && iam) {
        // An API without any `Auth` passes here and is refused for its missing authorizers.
        let is_map = authorizers.is_some_and(|map| map.as_map().is_some()) || !api_auth.is_some_and(python::truthy);
        let fits = authorizer.as_str().is_some() && is_map;
        if !fits {
            return unable(
                ". The method authorizer must be a string with a corresponding dict entry in the api authorizer.",
            );
        }
        let Some(authorizers) = authorizers.filter(|map| python::truthy(map)) else {
            return unable(" because the related API does not define any Authorizers.");
        };
        if authorizers.truthy(&name).is_none() {
            return unable(" because it wasn't defined in the API's Authorizers.");
        }
    } else if name == "NONE" && default.is_none() {
        return event.refuse(
            authorizer.origin,
            format!(
                "Unable to set Authorizer on API method [{method}] for path [{path}] because 'NONE' is only a valid value when a DefaultAuthorizer on the API is specified."
            ),
        );
    }
    let scopes = auth.truthy("AuthorizationScopes");
    if let Some(scopes) = scopes.filter(|scopes| scopes.as_list().is_none()) {
        return event.refuse(
            scopes.origin,
            format!(
                "Unable to set Authorizer on API method [{method}] for path [{path}] because 'AuthorizationScopes' must be a list of strings."
            ),
        );
    }
    openapi::add_auth(body, path, method, authorizer, scopes, authorizers, make)
}
