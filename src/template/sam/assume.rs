//! What is not in the template and will be there when it is deployed: values of parameters,
//! images and code that a build makes. A refusal that goes away with them is not certain.

use super::intrinsics::Parameters;
use super::localize;
use super::python;
use crate::template::lowering::Inputs;
use crate::template::value::{Kind, Maker, Map, Value};
use std::collections::BTreeMap;

/// A text that any parameter may have and that can be a part of names.
const TEXT: &str = "a";
/// An image in a registry.
const IMAGE: &str = "111111111111.dkr.ecr.us-east-1.amazonaws.com/repository";

/// Whether something about `root` is only known at deployment.
pub fn is_open(root: &Value, inputs: &Inputs) -> bool {
    let mut built = images(root).chain(code(root).map(|(id, _)| id));
    has_extensions(root) || open_parameters(root, inputs).next().is_some() || built.next().is_some()
}

/// `root` and `inputs` with everything that is not known filled in.
pub fn filled(mut root: Value, inputs: &Inputs) -> (Value, Inputs) {
    let values: BTreeMap<String, String> = open_parameters(&root, inputs).collect();
    let mut inputs = inputs.clone();
    inputs.parameters.extend(values);
    let images: Vec<String> = images(&root).map(str::to_owned).collect();
    let code: Vec<(String, &str)> = code(&root).map(|(id, key)| (id.to_owned(), key)).collect();
    let extensions = has_extensions(&root);
    let parameters = parameters(&root, &inputs);
    let Some(resources) = root.get_mut("Resources").and_then(Value::as_map_mut) else { return (root, inputs) };
    for entry in resources.iter_mut() {
        // The other transform runs first and resolves what it can.
        if extensions {
            let _ = parameters.resolve(&mut entry.value);
        }
        let make = Maker::new(entry.key_origin);
        if images.iter().any(|id| *id == *entry.key)
            && let Some(properties) = entry.value.get_mut("Properties").and_then(Value::as_map_mut)
        {
            properties.insert("ImageUri", make.str(IMAGE));
        }
        for (_, key) in code.iter().filter(|(id, _)| *id == *entry.key) {
            if let Some(properties) = entry.value.get_mut("Properties").and_then(Value::as_map_mut) {
                properties.insert(*key, make.str(localize::PLACE));
            }
        }
    }
    (root, inputs)
}

fn has_extensions(root: &Value) -> bool {
    let section = root.get("Transform");
    let list = section.and_then(Value::as_list).unwrap_or_default();
    section.into_iter().chain(list).any(|name| name.as_str() == Some("AWS::LanguageExtensions"))
}

/// Parameters without a value, and one they may get.
fn open_parameters(root: &Value, inputs: &Inputs) -> impl Iterator<Item = (String, String)> {
    let declared = root.get("Parameters").and_then(Value::as_map).into_iter().flatten();
    declared.filter(|entry| entry.value.get("Default").is_none() && !inputs.parameters.contains_key(&*entry.key)).map(
        |entry| {
            let allowed = entry.value.get("AllowedValues").and_then(Value::as_list).and_then(<[Value]>::first);
            let number = entry.value.get("Type").and_then(Value::as_str) == Some("Number");
            let value = match allowed.and_then(Value::as_str) {
                Some(allowed) => allowed,
                None if number => "1",
                None => TEXT,
            };
            (entry.key.to_string(), value.to_owned())
        },
    )
}

fn parameters(root: &Value, inputs: &Inputs) -> Parameters {
    let make = Maker::new(root.origin);
    let mut values = Map::new();
    for entry in root.get("Parameters").and_then(Value::as_map).into_iter().flatten() {
        let given = inputs.parameters.get(&*entry.key).map(|value| make.str(value.as_str()));
        if let Some(value) = given.or_else(|| entry.value.get("Default").cloned()) {
            values.insert(entry.key.clone(), value);
        }
    }
    Parameters::new(values)
}

/// Resources whose code a parameter names, and the property that does: the transform takes no
/// reference there, but a build that is given the value puts the place of its result.
fn code(root: &Value) -> impl Iterator<Item = (&str, &'static str)> {
    let declared = root.get("Parameters").and_then(Value::as_map);
    let resources = root.get("Resources").and_then(Value::as_map).into_iter().flatten();
    resources.filter_map(move |entry| {
        let key = match entry.value.get("Type")?.as_str()? {
            "AWS::Serverless::Function" => "CodeUri",
            "AWS::Serverless::LayerVersion" => "ContentUri",
            _ => return None,
        };
        let (function, name) = entry.value.at(&["Properties", key])?.single()?;
        (function == "Ref" && declared?.contains_key(name.as_str()?)).then_some((&*entry.key, key))
    })
}

/// Functions whose image is built from a Dockerfile.
fn images(root: &Value) -> impl Iterator<Item = &str> {
    let resources = root.get("Resources").and_then(Value::as_map).into_iter().flatten();
    resources
        .filter(|entry| {
            let built = entry.value.at(&["Metadata", "Dockerfile"]).is_some_and(python::truthy);
            built && matches!(entry.value.get("Properties").map(|value| &value.kind), Some(Kind::Map(_)))
        })
        .map(|entry| &*entry.key)
}
