//! What methods of REST APIs say about their requests: models, validators, parameters.

use super::document::{self, INTEGRATION};
use super::swagger::section;
use crate::template::sam::python::Lookup;
use crate::template::sam::refusal::Outcome;
use crate::template::value::{Kind, Maker, Map, Value};

/// Names the model of a method's body.
pub fn add_request_model(
    body: &mut Value,
    path: &str,
    method: &str,
    model: &str,
    required: Option<&Value>,
    make: Maker,
) -> Outcome<()> {
    let model = model.to_lowercase();
    let is_swagger = body.some("swagger").is_some();
    let is_openapi = body.truthy("openapi").is_some_and(document::is_openapi_3);
    document::each_method(body, path, method, false, |definition| {
        let schema = |place: &str| make.map([("$ref", make.str(format!("#/{place}/{model}")))]);
        if is_swagger {
            let mut parameter =
                vec![("in", make.str("body")), ("name", make.str(model.as_str())), ("schema", schema("definitions"))];
            parameter.extend(required.map(|required| ("required", required.clone())));
            push_parameters(definition, vec![make.map(parameter)], make);
        } else if is_openapi {
            let content = make.map([("schema", schema("components/schemas"))]);
            let mut request = vec![("content", make.map([("application/json", content)]))];
            request.extend(required.map(|required| ("required", required.clone())));
            definition.insert("requestBody", make.map(request));
        }
        Ok(())
    })
}

/// Appends to the `parameters` of a method.
pub fn push_parameters(definition: &mut Map, parameters: Vec<Value>, make: Maker) {
    let list = definition.get_or_insert_with("parameters", || make.list([]));
    if let Kind::List(items) = &mut list.kind {
        items.extend(parameters);
    }
}

/// Defines and names the request validator of a method.
pub fn add_request_validator(
    body: &mut Value,
    path: &str,
    method: &str,
    validate_body: bool,
    validate_parameters: bool,
    make: Maker,
) -> Outcome<()> {
    let name = match (validate_body, validate_parameters) {
        (true, true) => "body-and-params",
        (true, false) => "body-only",
        (false, true) => "params-only",
        (false, false) => "no-validation",
    };
    if let Some(validators) = section(body, "x-amazon-apigateway-request-validators", make)
        && validators.truthy(name).is_none()
    {
        validators.insert(
            name,
            make.map([
                ("validateRequestBody", make.bool(validate_body)),
                ("validateRequestParameters", make.bool(validate_parameters)),
            ]),
        );
    }
    document::each_method(body, path, method, false, |definition| {
        definition.insert("x-amazon-apigateway-request-validator", make.str(name));
        Ok(())
    })
}

/// A request parameter of a method.
#[derive(Debug)]
pub struct RequestParameter {
    /// Its full name, `method.request.header.X`.
    pub name: String,
    /// Whether it is required.
    pub required: Value,
    /// Whether responses are cached by it.
    pub cached: bool,
}

/// Adds request parameters to a method.
pub fn add_request_parameters(
    body: &mut Value,
    path: &str,
    method: &str,
    parameters: &[RequestParameter],
    make: Maker,
) -> Outcome<()> {
    document::each_method(body, path, method, false, |definition| {
        for parameter in parameters {
            let place = parameter.name.replace("method.request.", "");
            let Some((location, name)) = place.split_once('.') else { continue };
            let location = if location == "querystring" { "query" } else { location };
            let value = make.map([
                ("in", make.str(location)),
                ("name", make.str(name)),
                ("required", parameter.required.clone()),
                ("type", make.str("string")),
            ]);
            push_parameters(definition, vec![value], make);
            if parameter.cached
                && let Some(integration) = definition.get_mut(INTEGRATION).and_then(Value::as_map_mut)
                && let Kind::List(keys) =
                    &mut integration.get_or_insert_with("cacheKeyParameters", || make.list([])).kind
            {
                keys.push(make.str(parameter.name.as_str()));
            }
        }
        definition.get_or_insert_with("parameters", || make.list([]));
        Ok(())
    })
}
