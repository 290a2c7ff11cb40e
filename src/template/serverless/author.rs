//! What the author writes as `CloudFormation`, laid over what is generated.

use super::merge::{assign, merge_into, strip_nulls};
use super::output::Output;
use super::service::Service;
use crate::template::lowering::Lowering;
use crate::template::problem::{Problem, ProblemKind};
use crate::template::value::{Kind, Map, Value};

const REPLACED: [&str; 5] = ["Condition", "CreationPolicy", "DeletionPolicy", "UpdatePolicy", "UpdateReplacePolicy"];

/// The whole template: generated parts, then `resources` over them, then `extensions`.
pub fn template(service: &Service, out: Output, cx: &mut Lowering<'_>) -> Value {
    let maker = service.maker();
    let (resources_origin, outputs_origin) = (maker.origin(), maker.origin());
    let Output { resources, mut outputs } = out;
    for entry in outputs.iter_mut() {
        let name = format!("sls-{}-{}-{}", service.name, service.stage, entry.key);
        let maker = crate::template::value::Maker::new(entry.key_origin);
        if let Some(map) = entry.value.as_map_mut()
            && !map.contains_key("Export")
        {
            map.insert("Export", maker.map([("Name", maker.str(name))]));
        }
    }
    let mut root = Map::new();
    root.insert("AWSTemplateFormatVersion", maker.str("2010-09-09"));
    root.insert("Description", maker.str("The AWS CloudFormation template for this Serverless application"));
    root.insert("Resources", Value::new(Kind::Map(resources), resources_origin));
    root.insert("Outputs", Value::new(Kind::Map(outputs), outputs_origin));

    let mut extensions = None;
    let written = service.config.get("resources");
    match written.map(|value| &value.kind) {
        Some(Kind::Map(map)) => {
            let mut map = map.clone();
            extensions = map.remove("extensions");
            // A section left empty changes nothing.
            map.retain(|entry| !(entry.value.is_null() && matches!(&*entry.key, "Resources" | "Outputs")));
            merge_into(&mut root, map);
        }
        Some(Kind::Null) | None => {}
        Some(_) => {
            if let Some(value) = written.filter(|value| !super::service::is_unknown(value)) {
                let message = format!("`resources` is {}, not a map of CloudFormation sections", value.type_name());
                cx.report(
                    Problem::new(ProblemKind::FrameworkConfiguration, value.origin, message)
                        .help("write `Resources` and `Outputs` below it"),
                );
            }
        }
    }
    let unknown = written.is_some_and(|value| value.origin.is_incomplete() || super::service::is_unknown(value));
    if let Some(resources) = root.get_mut("Resources") {
        if unknown {
            resources.origin = resources.origin.incomplete();
        }
        if let Some(extensions) = extensions.as_ref().and_then(Value::as_map) {
            extend(resources, extensions, cx);
        }
        clean(resources);
    }
    let origin = service.config.origin.generated();
    Value::new(Kind::Map(root), if unknown { origin.incomplete() } else { origin })
}

fn clean(resources: &mut Value) {
    let Some(resources) = resources.as_map_mut() else { return };
    for entry in resources.iter_mut() {
        let Some(resource) = entry.value.as_map_mut() else { continue };
        match resource.get_mut("Properties") {
            Some(properties) if properties.is_null() => {
                resource.remove("Properties");
            }
            Some(properties) => strip_nulls(properties),
            None => {}
        }
    }
}

fn extend(resources: &mut Value, extensions: &Map, cx: &mut Lowering<'_>) {
    let Some(resources) = resources.as_map_mut() else { return };
    for extension in extensions {
        let id = &extension.key;
        let Some(resource) = resources.get_mut(id).and_then(Value::as_map_mut) else {
            cx.report(
                Problem::new(
                    ProblemKind::FrameworkConfiguration,
                    extension.key_origin,
                    format!("`extensions` changes `{id}`, which this service does not make"),
                )
                .help("check the logical id against the expanded template")
                .code("RESOURCE_EXTENSION_NOT_EXISTING"),
            );
            continue;
        };
        for entry in extension.value.as_map().into_iter().flatten() {
            let origin = entry.value.origin;
            match &*entry.key {
                "Properties" | "Metadata" => {
                    let empty = || Value::new(Kind::Map(Map::new()), origin);
                    let known = resource.get_or_insert_with(&entry.key, empty);
                    if let (Some(known), Some(new)) = (known.as_map_mut(), entry.value.as_map()) {
                        assign(known, new);
                    }
                }
                "DependsOn" => {
                    let known = resource.get_or_insert_with("DependsOn", || Value::new(Kind::List(Vec::new()), origin));
                    if known.as_str().is_some() {
                        *known = Value::new(Kind::List(vec![known.clone()]), known.origin);
                    }
                    if let Some(items) = known.as_list_mut() {
                        match entry.value.as_list() {
                            Some(more) => items.extend(more.iter().cloned()),
                            None => items.push(entry.value.clone()),
                        }
                    }
                }
                name if REPLACED.contains(&name) => {
                    resource.remove(name);
                    resource.insert_at(entry.key.clone(), entry.key_origin, entry.value.clone());
                }
                name => cx.report(
                    Problem::new(
                        ProblemKind::FrameworkConfiguration,
                        entry.key_origin,
                        format!("`extensions` cannot change `{name}` of `{id}`"),
                    )
                    .help("it changes Properties, Metadata, DependsOn, Condition and the update and deletion policies")
                    .code("RESOURCE_EXTENSION_UNSUPPORTED_ATTRIBUTE"),
                ),
            }
        }
    }
}
