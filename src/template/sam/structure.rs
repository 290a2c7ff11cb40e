//! What a template must be before anything can be expanded.

use super::python;
use super::refusal::{self, Failure, Outcome, Refusal};
use crate::template::value::{Map, Value};

/// Types that the reference knows as SAM resources while it looks for APIs and globals.
const TYPES: [&str; 12] = [
    "Api",
    "Function",
    "WebFunction",
    "SimpleTable",
    "Application",
    "LayerVersion",
    "HttpApi",
    "WebSocketApi",
    "StateMachine",
    "CapacityProvider",
    "MicrovmImage",
    "NetworkConnector",
];

/// The short type of a SAM resource.
pub fn short_type(resource: &Value) -> Option<&str> {
    resource.get("Type")?.as_str()?.strip_prefix("AWS::Serverless::").filter(|kind| TYPES.contains(kind))
}

/// Refuses a template without resources, with resources that are no maps, with conditions
/// that are no text.
pub fn check(root: &Value) -> Outcome<()> {
    let resources = root.get("Resources").and_then(Value::as_map).filter(|map| !map.is_empty());
    let Some(resources) = resources else {
        return refusal::document(root.origin, "'Resources' section is required");
    };
    // A loop that is left could not be unrolled here; AWS unrolls it before its transform runs.
    let is_loop = |key: &str| key.starts_with("Fn::ForEach::");
    let odd = resources.iter().find(|entry| entry.value.as_map().is_none() && !is_loop(&entry.key));
    if let Some(entry) = odd {
        return refusal::document(
            entry.value.origin,
            "All 'Resources' must be Objects. If you're using YAML, this may be an indentation issue.",
        );
    }
    check_resources(resources)
}

fn check_resources(resources: &Map) -> Outcome<()> {
    for entry in resources {
        let condition = entry.value.get("Condition").filter(|condition| python::truthy(condition));
        if let Some(condition) = condition.filter(|condition| condition.as_str().is_none()) {
            return refusal::document(condition.origin, "Every Condition member must be a string.");
        }
        if short_type(&entry.value).is_none() {
            continue;
        }
        if let Some(properties) = entry.value.get("Properties").filter(|properties| properties.as_map().is_none()) {
            let text = "Attribute 'Properties' should be a map.";
            return Err(Failure::Document(vec![Refusal::resource(&entry.key, properties.origin, text)]));
        }
    }
    Ok(())
}
