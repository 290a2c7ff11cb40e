//! The `Auth` of routes of REST APIs.

use super::Event;
use super::api::RestEvent;
use crate::template::sam::api::{resource_policy, swagger};
use crate::template::sam::expander::Expander;
use crate::template::sam::property::{Expect, Owner};
use crate::template::sam::python::{self, Lookup};
use crate::template::sam::refusal::Outcome;
use crate::template::value::{Maker, Value};

/// Writes `auth` into `body`. The `Auth` of the API is resolved on the way.
pub fn write(
    cx: &Expander,
    event: &Event,
    rest: &RestEvent,
    auth: &Value,
    api: &mut Value,
    body: &mut Value,
) -> Outcome<()> {
    let make = Maker::new(auth.origin);
    let (path, method) = (rest.path.as_str(), rest.method.as_str());
    if let Some(api_auth) = api.get_mut("Auth") {
        cx.parameters.resolve(api_auth)?;
    }
    let api_auth = api.get("Auth").filter(|auth| python::truthy(auth));
    let Some(map) = auth.as_map() else { return Ok(()) };
    let authorizer = map.truthy("Authorizer");
    if let Some(authorizer) = authorizer {
        check_authorizer(event, rest, authorizer, api_auth)?;
    }
    if let Some(scopes) = map.truthy("AuthorizationScopes") {
        scopes.expect_list(Owner::Event(&event.id), "Auth.AuthorizationScopes")?;
        if authorizer.is_none() {
            return event.refuse(scopes.origin, "AuthorizationScopes works only when Authorizer is set");
        }
    }
    let key = map.some("ApiKeyRequired");
    if let Some(key) = key.filter(|key| !python::truthy(key))
        && api_auth.and_then(|auth| auth.truthy("ApiKeyRequired")).is_none()
    {
        return event.refuse(
            key.origin,
            format!(
                "Unable to set ApiKeyRequired [False] on API method [{method}] for path [{path}] because the related API does not specify any ApiKeyRequired."
            ),
        );
    }
    if authorizer.is_some() || key.is_some() {
        swagger::add_auth(body, path, method, map, api_auth, make)?;
    }
    let Some(policy) = map.truthy("ResourcePolicy") else { return Ok(()) };
    policy.expect_map(Owner::Resource(&event.id), "Auth.ResourcePolicy")?;
    let place = Maker::new(policy.origin);
    resource_policy::add(body, policy, path, &place.str(event.stage.as_str()), place)?;
    if let Some(statements) = policy.truthy("CustomStatements") {
        resource_policy::add_custom(body, statements, place);
    }
    Ok(())
}

fn check_authorizer(event: &Event, rest: &RestEvent, authorizer: &Value, api_auth: Option<&Value>) -> Outcome<()> {
    let (path, method) = (&rest.path, &rest.method);
    let name = python::display(authorizer);
    let authorizers = api_auth.and_then(|auth| auth.truthy("Authorizers"));
    if let Some(authorizers) = authorizers {
        authorizers.expect_map(Owner::Resource(&rest.api), "Auth.Authorizers")?;
    }
    let unable = |more: &str| {
        let text = format!("Unable to set Authorizer [{name}] on API method [{method}] for path [{path}]{more}");
        event.refuse(authorizer.origin, text)
    };
    if name == "AWS_IAM" {
        return Ok(());
    }
    if name == "NONE" {
        if api_auth.and_then(|auth| auth.truthy("DefaultAuthorizer")).is_none() {
            return event.refuse(
                authorizer.origin,
                format!(
                    "Unable to set Authorizer on API method [{method}] for path [{path}] because 'NONE' is only a valid value when a DefaultAuthorizer on the API is specified."
                ),
            );
        }
        return Ok(());
    }
    let Some(authorizers) = authorizers else {
        return unable(" because the related API does not define any Authorizers.");
    };
    if authorizer.as_str().is_none() {
        return unable(
            ". The method authorizer must be a string with a corresponding dict entry in the api authorizer.",
        );
    }
    if authorizers.truthy(&name).is_none() {
        return unable(" because it wasn't defined in the API's Authorizers.");
    }
    Ok(())
}
