//! What rules are run over: the expanded template, with every function evaluated whose value is
//! known, and beside it what the graph knows, under the key `Dewline`.

use super::facts;
use crate::graph::Graph;
use crate::policy::{Meta, OptionDefault, Options};
use crate::template::value::{Kind, Map, Value};
use crate::template::{Eval, Template, json};
use serde_json::{Value as Json, json};

/// The key under which rules find what the graph knows.
pub(super) const KEY: &str = "Dewline";

/// The tree that rules see, for finding places again, and its JSON with the facts.
pub(super) fn of(graph: &Graph, parameters: Json) -> (Value, Json) {
    let template = graph.template();
    let tree = evaluated_root(template);
    let mut data = json::to_json(&tree);
    if let Some(resources) = data.get_mut("Resources").and_then(Json::as_object_mut) {
        for (id, resource) in resources.iter_mut() {
            if let (Some(resource), Some(node)) = (resource.as_object_mut(), graph.node(id)) {
                resource.insert(KEY.to_owned(), facts::of(graph, node));
            }
        }
    }
    let inputs = template.inputs();
    let regions =
        if inputs.regions.is_empty() { inputs.region.iter().cloned().collect() } else { inputs.regions.clone() };
    if let Some(data) = data.as_object_mut() {
        data.insert(KEY.to_owned(), json!({ "Regions": regions, "Stage": inputs.stage, "Parameters": parameters }));
    }
    (tree, data)
}

/// The parameters of a rule: as configured, or its defaults.
pub(super) fn parameters(meta: &Meta, options: &Options) -> Json {
    let values = meta.options.iter().map(|spec| {
        let value = match &spec.default {
            OptionDefault::Int(_) => options.int(meta.options, spec.name).into(),
            OptionDefault::Bool(_) => options.bool(meta.options, spec.name).into(),
            OptionDefault::Text(_) => options.text(meta.options, spec.name).into(),
            OptionDefault::List(_) => options.list(meta.options, spec.name).into(),
        };
        (spec.name.to_owned(), value)
    });
    Json::Object(values.collect())
}

/// The template without resources that surely do not exist.
fn evaluated_root(template: &Template) -> Value {
    let mut root = template.root.clone();
    let Some(sections) = root.as_map_mut() else { return root };
    for section in ["Resources", "Outputs"] {
        let Some(entries) = sections.get_mut(section).and_then(Value::as_map_mut) else { continue };
        entries.retain(|entry| {
            section != "Resources"
                || template.resource(&entry.key).is_none_or(|resource| resource.exists() != Some(false))
        });
        for entry in entries.iter_mut() {
            if let Some(value) = evaluated(template, &entry.value) {
                entry.value = value;
            }
        }
    }
    root
}

/// `value` with the functions in it evaluated that are known; those that are not stay as they
/// are written. `None` where nothing is deployed.
fn evaluated(template: &Template, value: &Value) -> Option<Value> {
    match template.eval(value) {
        Eval::Absent => None,
        Eval::Known(known) => Some(match &known.kind {
            Kind::List(items) => {
                let items = items.iter().filter_map(|item| evaluated(template, item));
                Value::new(Kind::List(items.collect()), known.origin)
            }
            Kind::Map(map) => {
                let mut kept = Map::new();
                for entry in map {
                    if let Some(value) = evaluated(template, &entry.value) {
                        kept.insert_at(entry.key.clone(), entry.key_origin, value);
                    }
                }
                Value::new(Kind::Map(kept), known.origin)
            }
            _ => known.into_owned(),
        }),
        Eval::Symbolic(..) | Eval::Unknown(_) => Some(value.clone()),
    }
}
