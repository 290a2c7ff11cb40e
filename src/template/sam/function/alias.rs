//! Published versions, their alias, and gradual deployment.

use super::with;
use crate::template::sam::expander::Expander;
use crate::template::sam::intrinsics;
use crate::template::sam::naming;
use crate::template::sam::python::{self, Lookup};
use crate::template::sam::refusal::Outcome;
use crate::template::sam::resource::{Node, Resource};
use crate::template::value::{Kind, Maker, Map, Origin, Value};

/// Publishes a version under the alias that `AutoPublishAlias` names. The version goes to
/// `made`.
pub fn publish(
    cx: &Expander,
    node: &mut Node,
    function: &mut Resource,
    made: &mut Vec<Resource>,
) -> Outcome<Option<Resource>> {
    if node.truthy("AutoPublishAlias").is_none() {
        return Ok(None);
    }
    let name = cx.parameters.resolved_entry(&mut node.properties, "AutoPublishAlias")?;
    let Some(name) = name else { return Ok(None) };
    if name.as_str().is_none() {
        return node.refuse(name.origin, "'AutoPublishAlias' must be a string or a Ref to a template parameter");
    }
    let mut sha = None;
    if node.truthy("AutoPublishCodeSha256").is_some() {
        let given = cx.parameters.resolved_entry(&mut node.properties, "AutoPublishCodeSha256")?;
        let text = given.as_ref().and_then(Value::as_str).map(str::to_owned);
        let (Some(given), Some(text)) = (given, text) else {
            let place = node.get("AutoPublishCodeSha256").map_or(node.properties_origin, |value| value.origin);
            return node.refuse(place, "AutoPublishCodeSha256 must be a string");
        };
        let make = Maker::new(given.origin);
        let description = cx.parameters.resolved_entry(&mut node.properties, "Description")?;
        function.set(
            "Description",
            match description.filter(python::truthy) {
                None => make.str(text.as_str()),
                Some(Value { kind: Kind::Str(old), .. }) => make.str(format!("{old} {text}")),
                Some(old) => make.join(" ", [old, make.str(text.as_str())]),
            },
        );
        sha = Some(text);
    }
    let version = version(cx, node, function, sha.as_deref(), name.origin)?;
    let alias = alias(node, &name, &version)?;
    made.push(version);
    Ok(Some(alias))
}

fn version(cx: &Expander, node: &Node, function: &mut Resource, sha: Option<&str>, cause: Origin) -> Outcome<Resource> {
    if let Some(code) = function.properties.get_mut("Code") {
        cx.parameters.resolve(code)?;
    }
    let hash = match sha {
        Some(sha) => sha.chars().take(10).collect(),
        None => naming::hash(&Value::new(Kind::Map(content(cx, node, function)), node.origin)),
    };
    let mut version = node.made(format!("{}Version{hash}", node.id), "AWS::Lambda::Version", cause)?;
    let make = version.make();
    if !version.attributes.contains_key("DeletionPolicy") {
        let policy = match node.get("VersionDeletionPolicy") {
            Some(policy) => policy.clone(),
            None if node.get("CapacityProviderConfig").is_some() => make.str("Delete"),
            None => make.str("Retain"),
        };
        version.attributes.insert("DeletionPolicy", policy);
    }
    version.set("FunctionName", make.reference(node.id.clone()));
    version.copy_as(&node.properties, "VersionDescription", "Description");
    if node.get("CapacityProviderConfig").is_some() {
        version.copy(&node.properties, &["FunctionScalingConfig"]);
    }
    Ok(version)
}

/// What a new version is published for when it changes.
fn content(cx: &Expander, node: &Node, function: &Resource) -> Map {
    if node.truthy("AutoPublishAliasAllProperties").is_some() {
        let mut content = function.properties.clone();
        for layer in function.properties.get("Layers").and_then(Value::as_list).into_iter().flatten() {
            let Some(id) = intrinsics::logical_id(layer) else { continue };
            let properties = cx.output.get(id).and_then(|layer| layer.get("Properties"));
            if let Some(properties) = properties.filter(|layer| layer.truthy("PublishLambdaVersion").is_some()) {
                content.insert(id, properties.clone());
            }
        }
        return content;
    }
    let mut content = match function.properties.get("Code") {
        Some(Value { kind: Kind::Map(code), .. }) => code.clone(),
        _ => Map::new(),
    };
    if let Some(environment) = function.properties.truthy("Environment").and_then(Value::as_map) {
        for entry in environment {
            content.insert(entry.key.clone(), entry.value.clone());
        }
    }
    if let Some(memory) = function.properties.truthy("MemorySize") {
        content = with(content, "MemorySize", memory.clone());
    }
    if let Some(snap_start) = function.properties.truthy("SnapStart")
        && snap_start.get("ApplyOn").is_some_and(|apply| apply.as_str() != Some("None"))
    {
        content = with(content, "SnapStart", snap_start.clone());
    }
    content
}

fn alias(node: &Node, name: &Value, version: &Resource) -> Outcome<Resource> {
    let text = name.as_str().unwrap_or_default();
    if text.is_empty() {
        return node.refuse(name.origin, "Alias name is required to create an alias");
    }
    let is_word = text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
    if !is_word || text.bytes().all(|b| b.is_ascii_digit()) {
        return node.refuse(
            name.origin,
            format!(
                "AutoPublishAlias name ('{text}') must contain only alphanumeric characters, hyphens, or underscores matching (?!^[0-9]+$)([a-zA-Z0-9-_]+) pattern."
            ),
        );
    }
    let suffix = text.replace('-', "D").replace('_', "U");
    let mut alias = node.made(format!("{}Alias{suffix}", node.id), "AWS::Lambda::Alias", name.origin)?;
    let make = alias.make();
    alias.set("Name", name.clone());
    alias.set("FunctionName", make.reference(node.id.clone()));
    alias.set("FunctionVersion", version.get_att("Version"));
    if node.truthy("ProvisionedConcurrencyConfig").is_some() {
        alias.copy(&node.properties, &["ProvisionedConcurrencyConfig"]);
    }
    Ok(alias)
}

/// Notes the gradual deployment of the function and makes its alias follow it.
pub fn deployment(cx: &mut Expander, node: &mut Node, alias: Option<&mut Resource>) -> Outcome<()> {
    if node.truthy("DeploymentPreference").is_none() {
        return Ok(());
    }
    let id = node.id.clone();
    let Some(preference) = node.properties.get_mut("DeploymentPreference") else { return Ok(()) };
    let origin = preference.origin;
    let Some(map) = preference.as_map_mut() else { return Ok(()) };
    for key in ["Enabled", "Type", "PassthroughCondition"] {
        if let Some(value) = map.get_mut(key) {
            cx.parameters.resolve(value)?;
            intrinsics::resolve_mappings(value, cx.mappings.as_ref())?;
        }
    }
    let mut passes_condition = false;
    if let Some(value) = map.get("PassthroughCondition") {
        passes_condition = match &value.kind {
            Kind::Bool(value) => *value,
            Kind::Str(text) if text == "true" || text == "True" => true,
            Kind::Str(text) if text == "false" || text == "False" => false,
            Kind::Int(number @ (0 | 1)) => *number == 1,
            _ if intrinsics::is_intrinsic(value) => {
                let text = "Unsupported intrinsic: the only intrinsic functions supported for property PassthroughCondition are FindInMap and parameter Refs.";
                return crate::template::sam::refusal::resource(&id, value.origin, text);
            }
            _ => {
                let text = "Invalid value for property PassthroughCondition.";
                return crate::template::sam::refusal::resource(&id, value.origin, text);
            }
        };
    }
    let enabled = cx.deployments.add(node, passes_condition)?;
    if !enabled {
        return Ok(());
    }
    let Some(alias) = alias else {
        return node.refuse(origin, "'DeploymentPreference' requires AutoPublishAlias property to be specified.");
    };
    if let Some(policy) = cx.deployments.update_policy(&node.id) {
        alias.attributes.insert("UpdatePolicy", policy);
    }
    Ok(())
}
