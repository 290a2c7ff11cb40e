//! What differs in documents of `OpenAPI` 3.

use super::document;
use crate::template::sam::python::{self, Lookup};
use crate::template::sam::refusal::{self, Outcome};
use crate::template::value::{Maker, Text, Value};

/// Moves the parts of Swagger 2 to where `OpenAPI` 3 has them. `asked` is the version that the
/// API asks for.
pub fn run(body: &mut Value, asked: Option<&Value>) -> Outcome<()> {
    if body.some("swagger").is_some() {
        return Ok(());
    }
    let version = asked.or_else(|| body.some("openapi")).filter(|version| python::truthy(version));
    if !version.is_some_and(document::is_openapi_3) {
        return Ok(());
    }
    let make = Maker::new(body.origin);
    for (old, new) in [("securityDefinitions", "securitySchemes"), ("definitions", "schemas")] {
        let Some(map) = body.as_map_mut() else { return Ok(()) };
        if map.truthy(old).is_none() {
            continue;
        }
        let Some(moved) = map.remove(old) else { continue };
        if map.truthy("components").is_none() {
            map.insert("components", make.map::<Text>([]));
        }
        if let Some(components) = map.get_mut("components").and_then(Value::as_map_mut) {
            components.insert(new, moved);
        }
    }
    let Some(paths) = body.get_mut("paths").filter(|paths| python::truthy(paths)) else { return Ok(()) };
    let origin = paths.origin;
    let Some(paths) = paths.as_map_mut() else {
        return refusal::document(origin, "Value of paths must be a dictionary according to Swagger spec.");
    };
    for entry in paths.iter_mut() {
        let path = entry.key.clone();
        let item = document::path_item(&mut entry.value, &path)?;
        let Some(options) = item.get_mut("options").filter(|options| python::truthy(options)) else { continue };
        preflight(options, &path)?;
    }
    Ok(())
}

fn preflight(options: &mut Value, path: &str) -> Outcome<()> {
    let origin = options.origin;
    let Some(map) = options.as_map_mut() else {
        let text = format!("Value of options method for path {path} must be a dictionary according to Swagger spec.");
        return refusal::document(origin, text);
    };
    map.remove("produces");
    map.remove("consumes");
    let Some(responses) = map.get_mut("responses") else { return Ok(()) };
    match document::deep_get(responses, &["200", "headers"]) {
        Ok(Some(headers)) if python::truthy(headers) => {
            if headers.as_map().is_none() {
                return refusal::document(
                    headers.origin,
                    format!(
                        "Value of response's headers in options method for path {path} must be a dictionary according to Swagger spec."
                    ),
                );
            }
        }
        Ok(_) => return Ok(()),
        Err(text) => {
            let text = format!("Invalid responses in options method for path {path}: {text}.");
            return refusal::document(responses.origin, text);
        }
    }
    let headers = responses.get_mut("200").and_then(|response| response.get_mut("headers"));
    for header in headers.and_then(Value::as_map_mut).into_iter().flat_map(|map| map.iter_mut()) {
        let make = Maker::new(header.value.origin);
        let old = python::take(&mut header.value);
        header.value = make.map([("schema", old)]);
    }
    Ok(())
}
