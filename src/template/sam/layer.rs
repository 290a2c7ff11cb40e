//! `AWS::Serverless::LayerVersion`

use super::expander::Expander;
use super::intrinsics::is_intrinsic;
use super::location::S3Location;
use super::naming;
use super::python::{self, Lookup};
use super::refusal::{self, Outcome};
use super::resource::{Node, Resource};
use super::specification::resources::LAYER_VERSION;
use crate::template::value::{Kind, Maker, Map, Value};

/// Expands the layer `node`. Its logical id changes with its content, since a layer version
/// never does.
pub fn expand(cx: &Expander, mut node: Node) -> Outcome<Resource> {
    for name in ["LayerName", "LicenseInfo", "Description", "RetentionPolicy"] {
        let Some(value) = node.properties.get_mut(name).filter(|value| python::truthy(value)) else { continue };
        cx.parameters.resolve(value)?;
        if value.as_str().is_none() && value.as_map().is_none() {
            let origin = value.origin;
            let text = format!("Could not resolve parameter for '{name}' or parameter is not a String.");
            return node.refuse(origin, text);
        }
    }
    let retention = retention(&node)?;
    let id = format!("{}{}", node.id, naming::hash(&hashed(&node)));
    let mut layer = node.main("AWS::Lambda::LayerVersion");
    layer.attributes = node.inherited();
    layer.id = id.into();
    let make = node.make();
    match retention {
        Some(policy) => {
            layer.attributes.insert("DeletionPolicy", policy);
        }
        None => {
            layer.attributes.get_or_insert_with("DeletionPolicy", || make.str("Retain"));
        }
    }
    if node.truthy("LayerName").is_some() {
        layer.copy(&node.properties, &["LayerName"]);
    } else {
        layer.set("LayerName", make.str(node.id.clone()));
    }
    layer.copy(&node.properties, &["Description", "CompatibleArchitectures", "CompatibleRuntimes", "LicenseInfo"]);
    if let Some(uri) = node.get("ContentUri") {
        let location = S3Location::code(&layer.id, uri, "ContentUri")?;
        layer.set("Content", location.into_code(Maker::new(uri.origin)));
    }
    let architectures = node.truthy("CompatibleArchitectures").filter(|list| !is_intrinsic(list));
    for item in architectures.and_then(Value::as_list).into_iter().flatten() {
        if !is_intrinsic(item) && !matches!(item.as_str(), Some("arm64" | "x86_64")) {
            return refusal::resource(
                &layer.id,
                item.origin,
                "CompatibleArchitectures needs to be a list of 'x86_64' or 'arm64'",
            );
        }
    }
    Ok(layer)
}

fn retention(node: &Node) -> Outcome<Option<Value>> {
    let Some(policy) = node.get("RetentionPolicy") else { return Ok(None) };
    if is_intrinsic(policy) {
        return node.refuse(
            policy.origin,
            "'RetentionPolicy' does not accept intrinsic functions, please use one of the following options: ['Retain', 'Delete']",
        );
    }
    let Some(text) = policy.as_str() else {
        return node.refuse(
            policy.origin,
            "Invalid 'RetentionPolicy' type, please use one of the following options: ['Retain', 'Delete']",
        );
    };
    let known = ["Retain", "Delete"].into_iter().find(|known| known.eq_ignore_ascii_case(text));
    match known {
        Some(known) => Ok(Some(Maker::new(policy.origin).str(known))),
        None => {
            node.refuse(policy.origin, "'RetentionPolicy' must be one of the following options: ['Retain', 'Delete'].")
        }
    }
}

/// The resource without what does not change its content.
fn hashed(node: &Node) -> Value {
    let make = node.make();
    let mut body = Map::new();
    body.insert("Type", make.str("AWS::Serverless::LayerVersion"));
    if let Some(depends_on) = node.depends_on.as_ref().filter(|depends_on| python::truthy(depends_on)) {
        body.insert("DependsOn", depends_on.clone());
    }
    for entry in &node.attributes {
        if !matches!(&*entry.key, "DeletionPolicy" | "UpdateReplacePolicy" | "Metadata") {
            body.insert(entry.key.clone(), entry.value.clone());
        }
    }
    let properties = LAYER_VERSION
        .iter()
        .filter_map(|property| node.properties.some(property.name).map(|value| (property.name, value.clone())));
    body.insert("Properties", make.map(properties));
    make.map([(node.id.clone(), Value::new(Kind::Map(body), make.origin()))])
}
