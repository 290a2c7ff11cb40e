//! Local code paths become places in S3, as `sam validate` makes them before it asks the
//! transform: on disk the code is a folder, in a deployment it never is.

use crate::template::value::{Kind, Maker, Map, Value};

/// A place of code.
pub const PLACE: &str = "s3://bucket/value";
const IMAGE: &str = "111111111111.dkr.ecr.region.amazonaws.com/repository";

/// Replaces local paths throughout `root`.
pub fn localize(root: &mut Value) {
    let every_zip = every_package_is_zip(root);
    if every_zip && let Some(function) = root.get_mut("Globals").and_then(|globals| globals.get_mut("Function")) {
        let make = Maker::new(function.origin);
        if let Some(map) = function.as_map_mut() {
            replace(map, "CodeUri", make);
        }
    }
    let Some(resources) = root.get_mut("Resources").and_then(Value::as_map_mut) else { return };
    for entry in resources.iter_mut() {
        let make = Maker::new(entry.key_origin);
        let Some(resource) = entry.value.as_map_mut() else { continue };
        let Some(kind) = resource.get("Type").and_then(Value::as_str).map(ToOwned::to_owned) else { continue };
        let has_dockerfile =
            resource.get("Metadata").and_then(|metadata| metadata.get("Dockerfile")).is_some_and(super::python::truthy);
        if kind == "AWS::Serverless::Function" {
            resource.get_or_insert_with("Properties", || Value::new(Kind::Map(Map::new()), make.origin()));
        }
        let Some(properties) = resource.get_mut("Properties").and_then(Value::as_map_mut) else { continue };
        match kind.as_str() {
            "AWS::Serverless::Function" => {
                let package = properties.get("PackageType").map_or(Some("Zip"), Value::as_str);
                if package == Some("Zip") {
                    replace(properties, "CodeUri", make);
                } else if package == Some("Image") && has_dockerfile && !properties.contains_key("ImageUri") {
                    properties.insert("ImageUri", make.str(IMAGE));
                }
            }
            "AWS::Serverless::LayerVersion" => replace(properties, "ContentUri", make),
            "AWS::Serverless::Api" | "AWS::Serverless::HttpApi" | "AWS::Serverless::StateMachine"
                if properties.contains_key("DefinitionUri") =>
            {
                replace(properties, "DefinitionUri", make);
            }
            _ => {}
        }
    }
}

fn replace(map: &mut Map, key: &str, make: Maker) {
    let make = match map.get(key) {
        Some(Value { kind: Kind::Map(_), .. }) => return,
        Some(value) if value.as_str().is_some_and(|text| text.starts_with("s3://")) => return,
        Some(value) => Maker::new(value.origin),
        None => make,
    };
    map.insert(key, make.str(PLACE));
}

fn every_package_is_zip(root: &Value) -> bool {
    let zip = |holder: &Value| holder.get("PackageType").is_none_or(|package| package.as_str() == Some("Zip"));
    let resources = root.get("Resources").and_then(Value::as_map);
    let globals = root.get("Globals").and_then(Value::as_map);
    resources.into_iter().flat_map(Map::values).filter_map(|resource| resource.get("Properties")).all(zip)
        && globals.into_iter().flat_map(Map::values).all(zip)
}
