//! Definitions written in the template, as the text CloudFormation takes.

use crate::template::sam::intrinsics::is_intrinsic;
use crate::template::sam::python::{self, INDENTED};
use crate::template::value::{Kind, Maker, Map, Value};

/// The definition as lines to join, and what its intrinsic functions are substituted by.
pub fn text(definition: &Value) -> (Value, Map) {
    let mut definition = definition.clone();
    let mut substitutions = Map::new();
    replace(&mut definition, &mut substitutions);
    let make = Maker::new(definition.origin);
    let json = python::json(&definition, INDENTED);
    let lines: Vec<Value> = json.split('\n').map(|line| make.str(line)).collect();
    (make.join("\n", lines), substitutions)
}

/// Replaces intrinsic functions and dynamic references, in the order of sorted keys.
fn replace(value: &mut Value, substitutions: &mut Map) {
    match &mut value.kind {
        Kind::List(items) => items.iter_mut().for_each(|item| visit(item, substitutions)),
        Kind::Map(map) => {
            let mut entries: Vec<_> = map.iter_mut().collect();
            entries.sort_by(|a, b| a.key.cmp(&b.key));
            for entry in entries {
                visit(&mut entry.value, substitutions);
            }
        }
        _ => {}
    }
}

fn visit(value: &mut Value, substitutions: &mut Map) {
    if !is_intrinsic(value) && !is_dynamic_reference(value) {
        replace(value, substitutions);
        return;
    }
    let make = Maker::new(value.origin);
    let name = format!("definition_substitution_{}", substitutions.len() + 1);
    let text = make.str(format!("${{{name}}}"));
    let old = std::mem::replace(value, text);
    substitutions.insert(name, old);
}

fn is_dynamic_reference(value: &Value) -> bool {
    let inner = value.as_str().and_then(|text| text.strip_prefix("{{resolve:")?.strip_suffix("}}"));
    inner.and_then(|inner| inner.split_once(':')).is_some_and(|(service, rest)| {
        !service.is_empty() && service.bytes().all(|b| b.is_ascii_lowercase() || b == b'-') && !rest.is_empty()
    })
}
