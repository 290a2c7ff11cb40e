//! Resources that would be one and the same.

use super::Validation;
use super::call::{Presence, is_macro_key, presence, value_call};
use super::worlds::exist_together;
use crate::schema::ResourceType;
use crate::template::value::{Entry, Kind, Map, Value};
use crate::template::{ProblemKind, unknown};
use std::collections::BTreeMap;

/// What a resource is known by at its service.
type Identity<'v> = Vec<&'v Value>;

impl<'v> Validation<'_, 'v> {
    /// Reports resources of one type whose identifying properties are all the same.
    pub(super) fn duplicates(&mut self) {
        if self.index.open {
            return;
        }
        let mut seen: BTreeMap<&str, Vec<(&'v Entry, Identity<'v>)>> = BTreeMap::new();
        for entry in self.root.get("Resources").and_then(Value::as_map).into_iter().flat_map(Map::iter) {
            if is_macro_key(&entry.key) || entry.value.origin.is_incomplete() {
                continue;
            }
            let Some(kind) = entry.value.get("Type").and_then(Value::as_str) else { continue };
            let schema = self.index.resources.get(&*entry.key).filter(|known| known.kind == Some(kind));
            let Some(schema) = schema.and_then(|known| known.schema) else { continue };
            let Some(identity) = identity(schema, &entry.value) else {
                continue;
            };
            let condition = |entry: &'v Entry| entry.value.get("Condition").and_then(Value::as_str);
            let known = seen.entry(kind).or_default();
            let first = known
                .iter()
                .find(|(other, same)| *same == identity && exist_together(self, condition(other), condition(entry)));
            let Some((first, _)) = first else {
                known.push((entry, identity));
                continue;
            };
            let names: Vec<&str> = schema.primary_identifier().texts().collect();
            let message =
                format!("`{}` and `{}` are the same {kind}: {} are equal", first.key, entry.key, names.join(" and "));
            let message = if names.len() == 1 { message.replace(" are equal", " is equal") } else { message };
            let properties = entry.value.as_map().and_then(|body| body.entry("Properties"));
            let origin = properties
                .and_then(|given| given.value.as_map()?.entry(names.first()?))
                .map_or(entry.key_origin, |property| property.key_origin);
            self.resource = Some(&entry.key);
            self.report(ProblemKind::DuplicateIdentifier, origin, message, "rename one of the two, or remove it");
            if let Some(problem) = self.problems.last_mut() {
                problem.related.push((first.key_origin, "the same resource".to_owned()));
            }
            self.resource = None;
        }
    }
}

/// The values of the properties that identify a resource, when the author sets all of them.
fn identity(kind: ResourceType, body: &Value) -> Option<Identity<'_>> {
    let properties = body.get("Properties")?;
    if properties.origin.is_incomplete() {
        return None;
    }
    let paths = kind.primary_identifier();
    if paths.is_empty() || paths.texts().any(|path| kind.read_only().has(path)) {
        return None;
    }
    paths
        .texts()
        .map(|path| path.split('.').try_fold(properties, |value, step| value.get(step)))
        .map(|value| value.filter(|value| is_settled(value, 0)))
        .collect()
}

/// Whether equal values are equal in the deployment: no macro makes them, and nothing chooses.
fn is_settled(value: &Value, depth: u32) -> bool {
    if presence(value) != Presence::Sure || depth > 20 {
        return false;
    }
    match value_call(value) {
        Some(call) => {
            matches!(call.name, "Ref" | "Fn::GetAtt" | "Fn::Sub" | "Fn::Join" | "Fn::ImportValue")
                && match call.argument().as_list() {
                    Some(items) => items.iter().all(|item| is_settled(item, depth + 1)),
                    None => true,
                }
        }
        None => match &value.kind {
            Kind::Str(text) => !unknown::is_unknown(text) && !text.is_empty(),
            Kind::List(items) => items.iter().all(|item| is_settled(item, depth + 1)),
            Kind::Map(map) => map.values().all(|item| is_settled(item, depth + 1)),
            Kind::Null => false,
            _ => true,
        },
    }
}
