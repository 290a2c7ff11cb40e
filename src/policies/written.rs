//! How remedies write what the template says already: references, and values that hold anywhere.

use crate::graph::{Resource, Template};
use serde_json::{Value as Json, json};

/// `!Ref`
pub(super) fn reference(id: &str) -> Json {
    json!({ "Ref": id })
}

/// `!GetAtt id.attribute`
pub(super) fn attribute(id: &str, attribute: &str) -> Json {
    json!({ "Fn::GetAtt": [id, attribute] })
}

/// A property as it can be said again: an ARN or a reference.
pub(super) fn said(resource: Resource<'_>, name: &str) -> Option<Json> {
    let said = again(resource.template(), &crate::template::json::to_json(resource.properties()?.get(name)?))?;
    let named = said.get("Ref").and_then(Json::as_str);
    let template = resource.template();
    let exists = |id: &str| {
        template.resource(id).is_some() || template.section("Parameters").is_some_and(|all| all.contains_key(id))
    };
    named.is_none_or(exists).then_some(said)
}

/// A value as it is, if that holds anywhere: in a service file, texts hold only for one stage.
pub(super) fn again(template: &Template, value: &Json) -> Option<Json> {
    let service = template.is_service();
    let known = match value {
        Json::String(text) => text.starts_with("arn:") && !service && !crate::template::unknown::is_unknown(text),
        Json::Object(map) => {
            let mut keys = map.keys().map(String::as_str);
            let key = keys.next().filter(|_| map.len() == 1);
            matches!(key, Some("Ref" | "Fn::GetAtt")) || key == Some("Fn::ImportValue") && !service
        }
        _ => false,
    };
    known.then(|| value.clone())
}
