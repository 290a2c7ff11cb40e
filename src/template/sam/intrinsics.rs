//! Intrinsic functions as the transform sees them, and the parameters it resolves.

use super::python;
use super::refusal::{self, Outcome};
use crate::template::value::{Kind, Maker, Map, Text, Value};
use std::borrow::Cow;

/// Whether `value` is one call of an intrinsic function.
pub fn is_intrinsic(value: &Value) -> bool {
    value.single().is_some_and(|(key, _)| key == "Ref" || key == "Condition" || key.starts_with("Fn::"))
}

/// The argument of `Fn::If`, if `value` is one.
pub fn if_argument(value: &Value) -> Option<&Value> {
    value.single().and_then(|(key, argument)| (key == "Fn::If").then_some(argument))
}

/// The three arguments of `Fn::If`.
pub fn if_arguments(argument: &Value) -> Option<(&Value, &Value, &Value)> {
    match argument.as_list()? {
        [condition, then, otherwise] => Some((condition, then, otherwise)),
        _ => None,
    }
}

/// What the reference says of an `Fn::If` without three arguments.
pub const IF_ARGUMENTS: &str = "Fn::If requires 3 arguments";

/// Whether `value` is `AWS::NoValue`.
pub fn is_no_value(value: &Value) -> bool {
    value.single().is_some_and(|(key, target)| key == "Ref" && target.as_str() == Some("AWS::NoValue"))
}

/// The logical id that `Ref` or `Fn::GetAtt` names.
pub fn logical_id(value: &Value) -> Option<&str> {
    match value.single()? {
        ("Ref", target) => target.as_str(),
        ("Fn::GetAtt", target) => match &target.kind {
            Kind::List(items) if items.len() == 2 => items.first().and_then(Value::as_str),
            Kind::Str(text) => text.split_once('.').filter(|(_, rest)| !rest.contains('.')).map(|(id, _)| id),
            _ => None,
        },
        _ => None,
    }
}

/// What `Ref` names, or the value itself.
pub fn referenced(value: &Value) -> &Value {
    value.get("Ref").unwrap_or(value)
}

/// `{"Fn::If": [condition, then, AWS::NoValue]}`
pub fn conditional(make: Maker, condition: Value, then: Value) -> Value {
    let otherwise = make.reference("AWS::NoValue");
    either(make, condition, then, otherwise)
}

/// `{"Fn::If": [condition, then, otherwise]}`
pub fn either(make: Maker, condition: Value, then: Value, otherwise: Value) -> Value {
    make.map([("Fn::If", make.list([condition, then, otherwise]))])
}

/// `{"Fn::Sub": [text, variables]}`
pub fn sub_with(make: Maker, text: impl Into<Text>, variables: Vec<(&str, Value)>) -> Value {
    let text = make.str(text);
    let variables = make.map(variables);
    make.map([("Fn::Sub", make.list([text, variables]))])
}

/// `{"Fn::Or": [{"Condition": …}, …]}`
fn or(make: Maker, names: &[String]) -> Value {
    let items = names.iter().map(|name| make.map([("Condition", make.str(name.as_str()))]));
    make.map([("Fn::Or", make.list(items))])
}

/// Conditions that together say "one of `names` holds" under `name`. `Fn::Or` takes ten
/// conditions, so further ones are chained.
pub fn combine(make: Maker, names: &[String], name: &str) -> Vec<(String, Value)> {
    const MOST: usize = 10;
    let mut rest = names.to_vec();
    let mut out = Vec::new();
    if rest.len() < 2 {
        return out;
    }
    let mut number = (rest.len() - 2) / (MOST - 1);
    while rest.len() > 1 {
        let new_name = if number > 0 { format!("{name}{number}") } else { name.to_owned() };
        number = number.saturating_sub(1);
        let later = rest.split_off(rest.len().min(MOST));
        out.push((new_name.clone(), or(make, &rest)));
        rest = later;
        rest.push(new_name);
    }
    out
}

/// Values of template parameters that the transform resolves.
#[derive(Debug, Default)]
pub struct Parameters(Map);

impl Parameters {
    /// Parameters from their values.
    pub fn new(values: Map) -> Self {
        Self(values)
    }

    fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name).filter(|value| !value.as_str().is_some_and(|text| text.starts_with("{{IntrinsicFunction:")))
    }

    /// Replaces references to parameters throughout `value`.
    pub fn resolve(&self, value: &mut Value) -> Outcome<()> {
        if let Some(("Ref", target)) = value.single()
            && let Some(found) = target.as_str().and_then(|name| self.get(name))
        {
            let origin = value.origin;
            *value = found.clone();
            value.origin = origin.generated();
            // A parameter's value is plain data: there is nothing in it to resolve.
            return Ok(());
        }
        if let Some(("Fn::Sub", _)) = value.single()
            && let Some(argument) = value.get_mut("Fn::Sub")
        {
            let text = match &mut argument.kind {
                Kind::List(items) => items.first_mut(),
                _ => Some(&mut *argument),
            };
            if let Some(text) = text {
                let origin = text.origin;
                if let Kind::Str(old) = &mut text.kind {
                    let new = replace_variables(old, |_, name| match self.get(name) {
                        Some(Value { kind: Kind::Str(found), .. }) => Ok(Some(found.to_string())),
                        Some(other) => refusal::document(
                            origin,
                            format!(
                                "Invalid Fn::Sub variable value {}. Fn::Sub expects all variables to be strings.",
                                python::repr(other)
                            ),
                        ),
                        None => Ok(None),
                    })?;
                    if let Cow::Owned(new) = new {
                        *old = new.into();
                    }
                }
            }
        }
        match &mut value.kind {
            Kind::List(items) => items.iter_mut().try_for_each(|item| self.resolve(item)),
            Kind::Map(map) => map.iter_mut().try_for_each(|entry| self.resolve(&mut entry.value)),
            _ => Ok(()),
        }
    }

    /// The resolved value. What stands inside `value` is replaced in place too, as the
    /// reference does it; a reference that is the whole value stays.
    pub fn resolved(&self, value: &mut Value) -> Outcome<Value> {
        if value.single().is_some_and(|(key, _)| key == "Ref") {
            let mut copy = value.clone();
            self.resolve(&mut copy)?;
            return Ok(copy);
        }
        self.resolve(value)?;
        Ok(value.clone())
    }

    /// The resolved value of an entry of `map`, `null` when it is missing.
    pub fn resolved_entry(&self, map: &mut Map, key: &str) -> Outcome<Option<Value>> {
        match map.get_mut(key) {
            Some(value) if !value.is_null() => self.resolved(value).map(Some),
            _ => Ok(None),
        }
    }
}

/// Replaces `${Name}` in `text` by what `replacement` answers for the whole and the name.
fn replace_variables(
    text: &str,
    mut replacement: impl FnMut(&str, &str) -> Outcome<Option<String>>,
) -> Outcome<Cow<'_, str>> {
    if !text.contains("${") {
        return Ok(Cow::Borrowed(text));
    }
    let mut out = String::new();
    let mut changed = false;
    let mut rest = text;
    while let Some(start) = rest.find("${") {
        let (before, from) = rest.split_at(start);
        out.push_str(before);
        let variable = from.find('}').map(|end| (&from[..=end], &from[2..end]));
        match variable.filter(|(_, name)| is_variable(name)) {
            Some((whole, name)) => {
                match replacement(whole, name)? {
                    Some(new) => {
                        out.push_str(&new);
                        changed = true;
                    }
                    None => out.push_str(whole),
                }
                rest = &from[whole.len()..];
            }
            None => {
                out.push_str("${");
                rest = &from[2..];
            }
        }
    }
    out.push_str(rest);
    Ok(if changed { Cow::Owned(out) } else { Cow::Borrowed(text) })
}

fn is_variable(name: &str) -> bool {
    let plain = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.');
    plain
        || name.strip_prefix("AWS::").is_some_and(|rest| {
            rest.starts_with(|c: char| c.is_ascii_uppercase()) && rest.bytes().all(|b| b.is_ascii_alphabetic())
        })
}

/// Resolves `Fn::FindInMap` in `value` where map and keys are literal.
pub fn resolve_mappings(value: &mut Value, mappings: Option<&Value>) -> Outcome<()> {
    if let Some(("Fn::FindInMap", argument)) = value.single() {
        let origin = value.origin;
        let Some([map, top, second]) = argument.as_list() else {
            return refusal::document(
                origin,
                format!(
                    "Invalid FindInMap value {}. FindInMap expects an array with 3 values.",
                    python::repr(argument)
                ),
            );
        };
        let (Some(name), Some(top), Some(second)) = (map.as_str(), top.as_str(), second.as_str()) else {
            return Ok(());
        };
        let not_a_map = || format!("Cannot use Fn::FindInMap on Mapping '{name}' which is not a a two-level map.");
        let Some(found) = mappings.and_then(|mappings| mappings.get(name)) else { return Ok(()) };
        if found.as_map().is_none() {
            return refusal::document(origin, not_a_map());
        }
        let Some(found) = found.get(top) else { return Ok(()) };
        if found.as_map().is_none() {
            return refusal::document(origin, not_a_map());
        }
        if let Some(found) = found.get(second) {
            let mut found = found.clone();
            found.origin = origin.generated();
            *value = found;
        }
        return Ok(());
    }
    match &mut value.kind {
        Kind::List(items) => items.iter_mut().try_for_each(|item| resolve_mappings(item, mappings)),
        Kind::Map(map) => map.iter_mut().try_for_each(|entry| resolve_mappings(&mut entry.value, mappings)),
        _ => Ok(()),
    }
}

/// Logical ids that changed, and properties of resources that stand for other resources
/// (`Function.Version`).
#[derive(Debug, Default)]
pub struct Rewrites {
    /// Old and new logical id.
    pub ids: Vec<(Text, Text)>,
    /// Logical id, property, the resource it stands for.
    pub properties: Vec<(Text, &'static str, Text)>,
}

impl Rewrites {
    fn id(&self, id: &str) -> Option<&Text> {
        self.ids.iter().find(|(old, _)| old == id).map(|(_, new)| new)
    }

    fn property(&self, id: &str, property: &str) -> Option<&Text> {
        self.properties.iter().find(|(known, name, _)| known == id && *name == property).map(|(_, _, target)| target)
    }

    /// Rewrites references and dependencies throughout `value`.
    pub fn apply(&self, value: &mut Value) {
        if self.ids.is_empty() && self.properties.is_empty() {
            return;
        }
        self.walk(value);
    }

    fn walk(&self, value: &mut Value) {
        match value.single() {
            Some(("Ref", target)) => {
                if let Some(text) = target.as_str() {
                    let new = match text.split_once('.') {
                        Some((id, property)) => self.property(id, property),
                        None => self.id(text),
                    };
                    if let (Some(new), Some(target)) = (new.cloned(), value.get_mut("Ref")) {
                        target.kind = Kind::Str(new);
                    }
                }
                return;
            }
            Some(("Fn::GetAtt", _)) => {
                if let Some(target) = value.get_mut("Fn::GetAtt") {
                    self.get_att(target);
                }
            }
            Some(("Fn::Sub", _)) => {
                let text = value.get_mut("Fn::Sub").and_then(|argument| match &mut argument.kind {
                    Kind::Str(text) => Some(text),
                    Kind::List(items) => match items.first_mut().map(|item| &mut item.kind) {
                        Some(Kind::Str(text)) => Some(text),
                        _ => None,
                    },
                    _ => None,
                });
                if let Some(text) = text {
                    self.sub(text);
                }
            }
            _ => {}
        }
        match &mut value.kind {
            Kind::List(items) => items.iter_mut().for_each(|item| self.walk(item)),
            Kind::Map(map) => {
                if let Some(depends_on) = map.get_mut("DependsOn") {
                    self.depends_on(depends_on);
                }
                map.iter_mut().for_each(|entry| self.walk(&mut entry.value));
            }
            _ => {}
        }
    }

    fn depends_on(&self, value: &mut Value) {
        match &mut value.kind {
            Kind::Str(id) => {
                if let Some(new) = self.id(id) {
                    *id = new.clone();
                }
            }
            Kind::List(items) => items.iter_mut().for_each(|item| {
                if let Kind::Str(id) = &mut item.kind
                    && let Some(new) = self.id(id)
                {
                    *id = new.clone();
                }
            }),
            _ => {}
        }
    }

    fn get_att(&self, target: &mut Value) {
        let origin = target.origin;
        let Some(items) = target.as_list() else { return };
        if items.len() < 2 || items.iter().any(|item| item.as_str().is_none()) {
            return;
        }
        let joined = items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(".");
        let mut parts: Vec<&str> = joined.split('.').collect();
        let mut changed = false;
        if let Some(new) = parts.first().and_then(|id| self.id(id)) {
            parts[0] = new;
            changed = true;
        }
        if let [id, property, ..] = parts.as_slice()
            && let Some(new) = self.property(id, property)
        {
            parts.remove(1);
            parts[0] = new;
            changed = true;
        }
        if changed {
            let make = Maker::new(origin);
            *target = make.list(parts.into_iter().map(|part| make.str(part)));
        }
    }

    fn sub(&self, text: &mut Text) {
        let ids = replace_variables(text, |whole, name| {
            let id = name.split('.').next().unwrap_or(name);
            Ok(self.id(id).map(|new| whole.replace(id, new)))
        });
        let Ok(ids) = ids else { return };
        let properties = replace_variables(&ids, |whole, name| {
            let mut parts = name.split('.');
            let (Some(id), Some(property)) = (parts.next(), parts.next()) else { return Ok(None) };
            Ok(self.property(id, property).map(|new| whole.replace(&format!("{id}.{property}"), new)))
        });
        let Ok(properties) = properties else { return };
        if *properties != **text {
            *text = Text::from(&*properties);
        }
    }
}
