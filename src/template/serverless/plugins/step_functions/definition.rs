//! A machine's definition as the text that `CloudFormation` takes.

use crate::template::json;
use crate::template::serverless::naming;
use crate::template::serverless::output::Output;
use crate::template::serverless::service::{Service, get, truthy};
use crate::template::value::{Kind, Maker, Value};

/// Whether `value` is an intrinsic function.
pub fn is_intrinsic(value: &Value) -> bool {
    value.as_map().is_some_and(|map| map.keys().any(|key| key == "Ref" || key.starts_with("Fn::")))
}

/// `value` with function keys of the service in place of logical ids replaced by their ids.
pub fn translate(service: &Service, value: &Value, out: &Output) -> Value {
    let id = |value: &Value| {
        let key = value.as_str()?;
        (!out.resources.contains_key(key) && service.function(key).is_some())
            .then(|| Value::new(Kind::Str(naming::function(key).into()), value.origin))
    };
    let mut value = value.clone();
    if let Some(reference) = value.get_mut("Ref")
        && let Some(known) = id(reference)
    {
        *reference = known;
    }
    if let Some(first) = value.get_mut("Fn::GetAtt").and_then(Value::as_list_mut).and_then(|list| list.first_mut())
        && let Some(known) = id(first)
    {
        *first = known;
    }
    value
}

/// The `DefinitionString`: plain text, or a `Fn::Sub` that fills intrinsic functions in.
pub fn text(service: &Service, written: &Value, out: &Output) -> Value {
    let maker = Maker::new(written.origin);
    if written.as_str().is_some() {
        return written.clone();
    }
    let mut definition = written.clone();
    if get(&service.config, &["stepFunctions", "validate"]).is_some_and(truthy) {
        name_language(&mut definition, 0);
    }
    let mut parameters: Vec<(String, Value, bool)> = Vec::new();
    extract(&mut definition, &mut parameters, 0);
    let mut text = serde_json::to_string_pretty(&json::to_json(&definition)).unwrap_or_default();
    let pseudo = text.contains("#{");
    if pseudo {
        text = text.replace("#{", "${");
    }
    for (name, _, number) in &parameters {
        if *number {
            text = text.replace(&format!("\"${{{name}}}\""), &format!("${{{name}}}"));
        }
    }
    if parameters.is_empty() {
        return if pseudo { maker.sub(text) } else { maker.str(text) };
    }
    let mut map = crate::template::value::Map::new();
    for (name, value, _) in &parameters {
        map.insert(name.as_str(), translate(service, value, out));
    }
    let parameters = Value::new(Kind::Map(map), maker.origin());
    maker.map([("Fn::Sub", maker.list([maker.str(text), parameters]))])
}

/// Names the query language of every state, as validation by the plugin does on its way.
fn name_language(value: &mut Value, depth: usize) {
    if depth > 300 {
        return;
    }
    match &mut value.kind {
        Kind::Map(map) => {
            for entry in map.iter_mut() {
                if entry.key == "States"
                    && let Some(states) = entry.value.as_map_mut()
                {
                    for state in states.iter_mut() {
                        let maker = Maker::new(state.key_origin);
                        if let Some(state) = state.value.as_map_mut() {
                            state.get_or_insert_with("QueryLanguage", || maker.str("JSONPath"));
                        }
                    }
                }
                name_language(&mut entry.value, depth + 1);
            }
        }
        Kind::List(items) => items.iter_mut().for_each(|item| name_language(item, depth + 1)),
        _ => {}
    }
}

/// Takes intrinsic functions out, leaving references to parameters in their places. The last
/// part says that a number is wanted.
fn extract(value: &mut Value, parameters: &mut Vec<(String, Value, bool)>, depth: usize) {
    if depth > 300 {
        return;
    }
    let waits = value.get("Type").and_then(Value::as_str) == Some("Wait");
    let replace = |value: &mut Value, number: bool, parameters: &mut Vec<(String, Value, bool)>| {
        let name = naming::md5(&json::to_json(value).to_string());
        let taken = std::mem::replace(value, Maker::new(value.origin).str(format!("${{{name}}}")));
        parameters.push((name, taken, number));
    };
    match &mut value.kind {
        Kind::Map(map) => {
            for entry in map.iter_mut() {
                if is_intrinsic(&entry.value) {
                    replace(&mut entry.value, waits && entry.key == "Seconds", parameters);
                } else {
                    extract(&mut entry.value, parameters, depth + 1);
                }
            }
        }
        Kind::List(items) => {
            for item in items {
                if is_intrinsic(item) {
                    replace(item, false, parameters);
                } else {
                    extract(item, parameters, depth + 1);
                }
            }
        }
        _ => {}
    }
}
