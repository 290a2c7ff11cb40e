//! What a connector grants, with the two resources put into it.

use super::reference::Reference;
use crate::template::sam::refusal::{self, Outcome};
use crate::template::sam::resource::Node;
use crate::template::value::{Entry, Kind, Maker, Value};

/// `value` with its variables (`%{Source.Arn}`) replaced.
pub fn replace(node: &Node, value: &Value, source: &Reference, destination: &Reference) -> Outcome<Value> {
    let variables = [
        ("Source.Arn", &source.arn),
        ("Destination.Arn", &destination.arn),
        ("Source.ResourceId", &source.resource_id),
        ("Destination.ResourceId", &destination.resource_id),
        ("Source.Name", &source.name),
        ("Destination.Name", &destination.name),
        ("Source.Qualifier", &source.qualifier),
        ("Destination.Qualifier", &destination.qualifier),
    ];
    walk(node, value, &variables)
}

type Variables<'a> = [(&'static str, &'a Option<Value>)];

fn walk(node: &Node, value: &Value, variables: &Variables<'_>) -> Outcome<Value> {
    let kind = match &value.kind {
        Kind::Str(text) => return fill(node, text, value, variables),
        Kind::List(items) => Kind::List(items.iter().map(|item| walk(node, item, variables)).collect::<Outcome<_>>()?),
        Kind::Map(map) => Kind::Map(
            map.iter()
                .map(|entry| {
                    Ok(Entry {
                        key: entry.key.clone(),
                        key_origin: entry.key_origin,
                        value: walk(node, &entry.value, variables)?,
                    })
                })
                .collect::<Outcome<_>>()?,
        ),
        other => other.clone(),
    };
    Ok(Value::new(kind, value.origin))
}

fn fill(node: &Node, text: &str, value: &Value, variables: &Variables<'_>) -> Outcome<Value> {
    let make = Maker::new(value.origin);
    let mut text = text.to_owned();
    let mut used = Vec::new();
    for (name, found) in variables {
        let pattern = format!("%{{{name}}}");
        if !text.contains(&pattern) {
            continue;
        }
        let Some(found) = found else {
            return refusal::resource(&node.id, node.key_origin, format!("{name} is missing."));
        };
        if text == pattern {
            return Ok(found.clone());
        }
        let plain = name.replace('.', "");
        text = text.replace(&pattern, &format!("${{{plain}}}"));
        used.push((plain, found.clone()));
    }
    let has_variable = text.find("${").is_some_and(|at| text[at + 2..].find('}').is_some_and(|end| end > 0));
    Ok(match (has_variable, used.is_empty()) {
        (false, _) => make.str(text),
        (true, true) => make.sub(text),
        (true, false) => {
            let variables = make.map(used);
            make.map([("Fn::Sub", make.list([make.str(text), variables]))])
        }
    })
}
