//! Gateway responses of REST APIs.

use super::rest_body::check_body;
use super::swagger;
use crate::template::sam::intrinsics::is_intrinsic;
use crate::template::sam::property::{Expect, Owner};
use crate::template::sam::python::{self, Lookup};
use crate::template::sam::refusal::Outcome;
use crate::template::sam::resource::Node;
use crate::template::value::{Entry, Kind, Maker, Map, Text, Value};

/// Writes the gateway responses.
pub fn write(node: &Node, body: &mut Value) -> Outcome<()> {
    const KEY: &str = "x-amazon-apigateway-gateway-responses";
    let Some(given) = node.truthy("GatewayResponses") else { return Ok(()) };
    let make = Maker::new(given.origin);
    if !python::truthy(body) {
        return check_body(node, body, "GatewayResponses", "", given);
    }
    let Some(responses) = given.as_map() else { return Ok(()) };
    for entry in responses {
        if is_intrinsic(&entry.value) {
            return node.refuse(
                entry.value.origin,
                "Unable to set GatewayResponses attribute because intrinsic functions are not supported for this field.",
            );
        }
        let Some(response) = entry.value.as_map() else {
            return node.refuse(
                entry.value.origin,
                format!(
                    "Invalid property type '{}' for GatewayResponses. Expected an object of type 'GatewayResponse'.",
                    python::template_type_name(&entry.value)
                ),
            );
        };
        let known = ["ResponseParameters", "ResponseTemplates", "StatusCode"];
        if let Some(unknown) = response.iter().find(|property| !known.contains(&&*property.key)) {
            return node.refuse(
                unknown.key_origin,
                format!("Invalid property '{}' in 'GatewayResponses' property '{}'.", unknown.key, entry.key),
            );
        }
    }
    // The reference names `Auth` here.
    check_body(node, body, "GatewayResponses", "Auth configuration", given)?;
    swagger::check(body)?;
    let mut written = Vec::new();
    for entry in responses {
        written.push((entry.key.clone(), entry.key_origin, response(node, entry)?));
    }
    let Some(map) = body.as_map_mut() else { return Ok(()) };
    if map.truthy(KEY).is_none() {
        map.insert(KEY, make.map::<Text>([]));
    }
    if let Some(section) = map.get_mut(KEY).and_then(Value::as_map_mut) {
        for (name, origin, response) in written {
            section.insert_at(name, origin, response);
        }
    }
    Ok(())
}

fn response(node: &Node, entry: &Entry) -> Outcome<Value> {
    let make = Maker::new(entry.key_origin);
    let owner = Owner::Resource(&node.id);
    let response = entry.value.expect_map(owner, &format!("GatewayResponses.{}", entry.key))?;
    let mut parameters = Map::new();
    if let Some(given) = response.truthy("ResponseParameters") {
        let given = given.expect_map(owner, &format!("GatewayResponses.{}.ResponseParameters", entry.key))?;
        const PLACES: [(&str, &str); 3] =
            [("Headers", "header."), ("Paths", "path."), ("QueryStrings", "querystring.")];
        if let Some(unknown) = given.iter().find(|place| !PLACES.iter().any(|(name, _)| *name == place.key)) {
            let text = format!("Invalid gateway response parameter '{}'", unknown.key);
            return node.refuse(unknown.key_origin, text);
        }
        check_status(node, response)?;
        for (name, prefix) in PLACES {
            let Some(values) = given.get(name) else { continue };
            for value in values.expect_map(owner, &format!("ResponseParameters.{name}"))? {
                let key = format!("gatewayresponse.{prefix}{}", value.key);
                parameters.insert_at(key, value.key_origin, value.value.clone());
            }
        }
    }
    check_status(node, response)?;
    let mut out = vec![
        ("responseParameters", Value::new(Kind::Map(parameters), make.origin())),
        ("responseTemplates", response.truthy("ResponseTemplates").cloned().unwrap_or_else(|| make.map::<Text>([]))),
    ];
    if let Some(status) = response.some("StatusCode") {
        let text = python::display(status);
        if !text.is_empty() {
            out.push(("statusCode", Value::new(Kind::Str(text.into()), status.origin)));
        }
    }
    Ok(make.map(out))
}

fn check_status(node: &Node, response: &Map) -> Outcome<()> {
    let Some(status) = response.truthy("StatusCode") else { return Ok(()) };
    let text = python::display(status);
    let fits = (1..=3).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    if fits { Ok(()) } else { node.refuse(status.origin, "Property 'StatusCode' must be numeric") }
}
