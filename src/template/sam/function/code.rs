//! Where a function's code comes from.

use crate::template::sam::location::S3Location;
use crate::template::sam::python;
use crate::template::sam::refusal::Outcome;
use crate::template::sam::resource::Node;
use crate::template::value::{Entry, Maker, Map, Value};

/// The `Code` of the function `node`.
pub fn code(node: &Node) -> Outcome<Value> {
    let package = node.truthy("PackageType");
    match package.map_or(Some("Zip"), Value::as_str) {
        Some("Zip") => zip(node),
        Some("Image") => {
            let Some(uri) = node.properties.entry("ImageUri").filter(|entry| !entry.value.is_null()) else {
                return node.refuse(node.properties_origin, "'ImageUri' must be set.");
            };
            if !python::truthy(&uri.value) {
                let text = "'ImageUri' requires that a image hosted at a registry be specified.";
                return node.refuse(uri.value.origin, text);
            }
            Ok(single(uri, "ImageUri"))
        }
        _ => node.refuse(
            package.map_or(node.properties_origin, |package| package.origin),
            format!("invalid 'PackageType' : {}", python::display_some(package)),
        ),
    }
}

fn zip(node: &Node) -> Outcome<Value> {
    let mut code = if let Some(inline) = node.properties.entry("InlineCode").filter(|entry| !entry.value.is_null()) {
        single(inline, "ZipFile")
    } else if let Some(uri) = node.get("CodeUri") {
        S3Location::code(&node.id, uri, "CodeUri")?.into_code(Maker::new(uri.origin))
    } else {
        return node.refuse(node.properties_origin, "Only one of 'InlineCode' or 'CodeUri' can be set.");
    };
    if let (Some(key), Some(map)) = (node.truthy("SourceKMSKeyArn"), code.as_map_mut()) {
        map.insert("SourceKMSKeyArn", key.clone());
    }
    Ok(code)
}

/// A map of one entry that is written under another name.
fn single(entry: &Entry, name: &'static str) -> Value {
    let mut map = Map::new();
    map.insert_at(name, entry.key_origin, entry.value.clone());
    Value::new(crate::template::value::Kind::Map(map), entry.value.origin.generated())
}
