//! Files that are parts of a Serverless Framework service.
//!
//! Such a file looks like a template, and refers to what the service and its other files
//! declare.

use crate::template::value::{Kind, Value};

/// Beginnings of the framework's variables.
const VARIABLES: [&str; 8] = ["${self:", "${opt:", "${file(", "${env:", "${sls:", "${ssm:", "${param:", "${cf:"];
/// Logical ids that the framework itself gives.
const FRAMEWORK_IDS: [&str; 5] =
    ["ApiGatewayRestApi", "HttpApi", "IamRoleLambdaExecution", "ServerlessDeploymentBucket", "WebsocketsApi"];
/// Values within values; deeper ones are not looked at.
const MAX_DEPTH: u32 = 100;

/// Whether `root` is a part of a service.
pub(super) fn is_fragment(root: &Value) -> bool {
    let own = |id: &str| root.get("Resources").and_then(|resources| resources.get(id)).is_some();
    root.get("AWSTemplateFormatVersion").is_none()
        && root.get("Transform").is_none()
        && mentions_framework(root, &own, 0)
}

/// Whether `text` holds a variable of the framework.
pub(super) fn has_variable(text: &str) -> bool {
    text.contains('{') && text.contains("${") && VARIABLES.iter().any(|variable| text.contains(variable))
}

fn mentions_framework(value: &Value, own: &dyn Fn(&str) -> bool, depth: u32) -> bool {
    if depth > MAX_DEPTH {
        return false;
    }
    match &value.kind {
        Kind::Str(text) => has_variable(text),
        Kind::List(items) => items.iter().any(|item| mentions_framework(item, own, depth + 1)),
        Kind::Map(map) => map.iter().any(|entry| {
            let id = entry.value.as_str().filter(|_| entry.key == "Ref");
            id.is_some_and(|id| FRAMEWORK_IDS.contains(&id) && !own(id))
                || mentions_framework(&entry.value, own, depth + 1)
        }),
        _ => false,
    }
}
