//! `AWS::Serverless::Application`

use super::function::created_tags_with;
use super::intrinsics::{self, Parameters};
use super::python::{self, Lookup};
use super::refusal::{self, Outcome, Refusals};
use super::resource::{Node, Resource};
use crate::template::value::{Kind, Maker, Map, Value};

/// Where applications of the repository would be fetched from: that place is known only to
/// the service, at the time of deployment.
const REPOSITORY_URL: &str = "https://serverlessrepo.amazonaws.com/applications";

/// Resolves parameters and mappings in the locations of applications.
pub fn resolve_locations(root: &mut Value, parameters: &Parameters, refusals: &mut Refusals) {
    let mappings = root.get("Mappings").cloned();
    for entry in root.get_mut("Resources").and_then(Value::as_map_mut).into_iter().flat_map(Map::iter_mut) {
        if !entry.value.is("Type", "AWS::Serverless::Application") {
            continue;
        }
        let location = entry.value.get_mut("Properties").and_then(|properties| properties.get_mut("Location"));
        let Some(location) = location
            .filter(|location| location.some("ApplicationId").is_some() && location.some("SemanticVersion").is_some())
        else {
            continue;
        };
        for name in ["ApplicationId", "SemanticVersion"] {
            if let Some(value) = location.get_mut(name) {
                let outcome =
                    parameters.resolve(value).and_then(|()| intrinsics::resolve_mappings(value, mappings.as_ref()));
                if let Err(failure) = outcome {
                    refusals.add(failure);
                }
            }
        }
    }
}

/// Sets the `TemplateUrl` of the application `node`.
pub fn locate(node: &mut Node) -> Outcome<()> {
    let missing = |node: &Node, name: &str| {
        node.refuse(node.properties_origin, format!("Resource is missing the required [{name}] property."))
    };
    let Some(location) = node.properties.get("Location").cloned() else {
        return missing(node, "Location");
    };
    let make = Maker::new(location.origin);
    if location.as_map().is_none() {
        node.properties.insert("TemplateUrl", location);
        return Ok(());
    }
    for name in ["ApplicationId", "SemanticVersion"] {
        if location.get(name).is_none() {
            return missing(node, name);
        }
    }
    let Some(id) = location.some("ApplicationId") else {
        return node.refuse(location.origin, "Property 'ApplicationId' is required.");
    };
    let unresolved = |name: &str, value: &Value| {
        node.refuse(
            value.origin,
            format!("Property '{name}' cannot be resolved. Only FindInMap and Ref intrinsic functions are supported."),
        )
    };
    if id.as_map().is_some() {
        return unresolved("ApplicationId", id);
    }
    let Some(version) = location.truthy("SemanticVersion") else {
        return node.refuse(location.origin, "Property 'SemanticVersion' cannot be blank.");
    };
    if version.as_map().is_some() {
        return unresolved("SemanticVersion", version);
    }
    for (name, value) in [("ApplicationId", id), ("SemanticVersion", version)] {
        if value.as_str().is_none() {
            let text = format!("Property 'Location.{name}' should be a string.");
            return refusal::resource(&node.id, value.origin, text);
        }
    }
    if is_parameter_reference(id.as_str().unwrap_or_default()) {
        return node.refuse(
            id.origin,
            "Serverless Application Repostiory does not support dynamic reference in 'ApplicationId' property.",
        );
    }
    node.properties.insert("TemplateUrl", make.str(REPOSITORY_URL));
    Ok(())
}

fn is_parameter_reference(text: &str) -> bool {
    text.find("{{resolve:ssm:").is_some_and(|at| {
        let name = text[at + "{{resolve:ssm:".len()..].split("}}").next().unwrap_or_default();
        text[at..].contains("}}")
            && !name.is_empty()
            && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-' | '/' | ':'))
    })
}

/// Expands the application `node`.
pub fn expand(node: &Node) -> Outcome<Resource> {
    let mut stack = node.main("AWS::CloudFormation::Stack");
    stack.attributes = node.inherited();
    let make = node.make();
    stack.copy(&node.properties, &["Parameters", "NotificationARNs", "TimeoutInMinutes"]);
    let location = node.get("Location").filter(|location| location.as_map().is_some());
    let mut more = Vec::new();
    for (name, key) in
        [("ApplicationId", "serverlessrepo:applicationId"), ("SemanticVersion", "serverlessrepo:semanticVersion")]
    {
        if let Some(value) = location.and_then(|location| location.some(name)) {
            let place = Maker::new(value.origin);
            more.push(place.map([("Key", place.str(key)), ("Value", value.clone())]));
        }
    }
    stack.set("Tags", make.list(created_tags_with(node, more)?));
    let url = node.get("TemplateUrl").filter(|url| python::truthy(url)).cloned();
    let place = url.as_ref().map_or(make.origin(), |url| url.origin);
    stack.set("TemplateURL", url.unwrap_or_else(|| Value::new(Kind::Str("".into()), place)));
    Ok(stack)
}
