//! Shapes of nested properties, and how the reference reads values into them.
//!
//! Newer resource types are read into models, which turn values of other types into the ones
//! they ask for where that is possible, and list everything that is wrong at once.

use super::python;
use super::refusal::Outcome;
use super::resource::Node;
use crate::template::value::{Kind, Map, Origin, Text, Value};

/// The shape of a value.
#[derive(Debug)]
pub enum Shape {
    /// Anything but `null`.
    Any,
    /// Text, or a number or boolean that is taken for text.
    Text,
    /// An integer, or what is taken for one.
    Integer,
    /// A number, or what is taken for one.
    Number,
    /// A boolean, or what is taken for one.
    Flag,
    /// One of these texts.
    Enum(&'static [&'static str]),
    /// Any map.
    Map,
    /// A map of known keys.
    Fields(&'static [Field]),
    /// A map of values of one shape.
    Each(&'static Shape),
    /// A list of values of one shape.
    List(&'static Shape),
    /// The first of these shapes that fits.
    Either(&'static [Shape]),
}

/// A key: its name, whether it must be there, its shape.
#[derive(Debug)]
pub struct Field(pub &'static str, pub bool, pub Shape);

/// The key may be missing.
pub const MAY: bool = false;
/// The key must be there.
pub const MUST: bool = true;

/// Text, or an intrinsic function.
pub const TEXT: Shape = Shape::Either(&[Shape::Map, Shape::Text]);
/// An integer, or an intrinsic function.
pub const INTEGER: Shape = Shape::Either(&[Shape::Map, Shape::Integer]);
/// A number, or an intrinsic function.
pub const NUMBER: Shape = Shape::Either(&[Shape::Map, Shape::Number]);
/// A list of texts and intrinsic functions.
pub const TEXTS: Shape = Shape::List(&TEXT);

/// What is wrong with a value.
#[derive(Debug)]
pub struct Fault {
    /// The keys and indices that lead to it.
    pub path: Vec<Text>,
    /// Where it stands.
    pub origin: Origin,
    /// What is wrong, in the words of the reference's models.
    pub text: String,
    /// The name the models have for it.
    pub kind: &'static str,
}

impl Shape {
    /// `value` read into the shape, or everything that is wrong with it.
    pub fn read(&self, value: &Value, path: &[Text]) -> Result<Value, Vec<Fault>> {
        let fault = |text: String, kind| Err(vec![Fault { path: path.to_vec(), origin: value.origin, text, kind }]);
        let made = |kind: Option<Kind>, text: &str, name| match kind {
            Some(kind) => Ok(Value::new(kind, value.origin)),
            None => fault(text.to_owned(), name),
        };
        if value.is_null() && !matches!(self, Self::Either(_)) {
            return fault("none is not an allowed value".to_owned(), "type_error.none.not_allowed");
        }
        match self {
            Self::Any => Ok(value.clone()),
            Self::Text => made(text(value), "str type expected", "type_error.str"),
            Self::Integer => made(integer(value), "value is not a valid integer", "type_error.integer"),
            Self::Number => made(number(value), "value is not a valid float", "type_error.float"),
            Self::Flag => made(flag(value), "value could not be parsed to a boolean", "type_error.bool"),
            Self::Enum(texts) if value.as_str().is_some_and(|text| texts.contains(&text)) => Ok(value.clone()),
            Self::Enum(texts) => {
                let known: Vec<String> = texts.iter().map(|text| format!("'{text}'")).collect();
                fault(format!("unexpected value; permitted: {}", known.join(", ")), "value_error.const")
            }
            Self::Map => made(map(value).map(Kind::Map), "value is not a valid dict", "type_error.dict"),
            Self::Fields(fields) => match map(value) {
                Some(map) => read_fields(fields, &map, value.origin, path),
                None => fault("value is not a valid dict".to_owned(), "type_error.dict"),
            },
            Self::Each(shape) => match map(value) {
                Some(map) => read_each(shape, map, value.origin, path),
                None => fault("value is not a valid dict".to_owned(), "type_error.dict"),
            },
            Self::List(shape) => match value.as_list() {
                Some(items) => read_list(shape, items, value.origin, path),
                None => fault("value is not a valid list".to_owned(), "type_error.list"),
            },
            Self::Either(shapes) => {
                if value.is_null() {
                    return fault("none is not an allowed value".to_owned(), "type_error.none.not_allowed");
                }
                let mut faults = Vec::new();
                for shape in *shapes {
                    match shape.read(value, path) {
                        Ok(value) => return Ok(value),
                        Err(found) => faults.extend(found),
                    }
                }
                Err(faults)
            }
        }
    }
}

fn below(path: &[Text], key: impl Into<Text>) -> Vec<Text> {
    path.iter().cloned().chain([key.into()]).collect()
}

/// Reads `map`, which stands at `origin`, into `fields`.
pub fn read_fields(fields: &[Field], map: &Map, origin: Origin, path: &[Text]) -> Result<Value, Vec<Fault>> {
    let mut out = Map::new();
    let mut faults = Vec::new();
    for Field(name, needed, shape) in fields {
        let path = below(path, *name);
        match map.entry(name) {
            Some(entry) if entry.value.is_null() && !needed => {}
            Some(entry) => match shape.read(&entry.value, &path) {
                Ok(value) => {
                    out.insert_at(*name, entry.key_origin, value);
                }
                Err(found) => faults.extend(found),
            },
            None if *needed => {
                faults.push(Fault { path, origin, text: "field required".to_owned(), kind: "value_error.missing" });
            }
            None => {}
        }
    }
    let unknown = |entry: &&crate::template::value::Entry| !fields.iter().any(|Field(name, ..)| *name == entry.key);
    let mut unknown: Vec<_> = map.iter().filter(unknown).collect();
    unknown.sort_by(|a, b| a.key.cmp(&b.key));
    faults.extend(unknown.into_iter().map(|entry| Fault {
        path: below(path, entry.key.clone()),
        origin: entry.key_origin,
        text: "extra fields not permitted".to_owned(),
        kind: "value_error.extra",
    }));
    if faults.is_empty() { Ok(Value::new(Kind::Map(out), origin)) } else { Err(faults) }
}

fn read_each(shape: &Shape, map: Map, origin: Origin, path: &[Text]) -> Result<Value, Vec<Fault>> {
    let mut out = Map::new();
    let mut faults = Vec::new();
    for entry in map {
        match shape.read(&entry.value, &below(path, entry.key.clone())) {
            Ok(value) => {
                out.insert_at(entry.key, entry.key_origin, value);
            }
            Err(found) => faults.extend(found),
        }
    }
    if faults.is_empty() { Ok(Value::new(Kind::Map(out), origin)) } else { Err(faults) }
}

fn read_list(shape: &Shape, items: &[Value], origin: Origin, path: &[Text]) -> Result<Value, Vec<Fault>> {
    let mut out = Vec::with_capacity(items.len());
    let mut faults = Vec::new();
    for (index, item) in items.iter().enumerate() {
        match shape.read(item, &below(path, index.to_string())) {
            Ok(value) => out.push(value),
            Err(found) => faults.extend(found),
        }
    }
    if faults.is_empty() { Ok(Value::new(Kind::List(out), origin)) } else { Err(faults) }
}

fn text(value: &Value) -> Option<Kind> {
    match &value.kind {
        Kind::Str(_) => Some(value.kind.clone()),
        Kind::Int(_) | Kind::Float(_) | Kind::Bool(_) => Some(Kind::Str(python::display(value).into())),
        _ => None,
    }
}

fn integer(value: &Value) -> Option<Kind> {
    match &value.kind {
        Kind::Int(_) => Some(value.kind.clone()),
        Kind::Bool(value) => Some(Kind::Int(i64::from(*value))),
        Kind::Float(number) if number.is_finite() => Some(Kind::Int(number.trunc() as i64)),
        Kind::Str(text) => text.trim().parse().ok().map(Kind::Int),
        _ => None,
    }
}

fn number(value: &Value) -> Option<Kind> {
    match &value.kind {
        Kind::Float(_) => Some(value.kind.clone()),
        Kind::Int(number) => Some(Kind::Float(*number as f64)),
        Kind::Bool(value) => Some(Kind::Float(f64::from(*value))),
        Kind::Str(text) => text.trim().parse().ok().map(Kind::Float),
        _ => None,
    }
}

fn flag(value: &Value) -> Option<Kind> {
    let found = match &value.kind {
        Kind::Bool(value) => *value,
        Kind::Int(number @ (0 | 1)) => *number == 1,
        Kind::Float(number) if number.abs() < f64::EPSILON => false,
        Kind::Float(number) if (number - 1.0).abs() < f64::EPSILON => true,
        Kind::Str(text) => match text.to_lowercase().as_str() {
            "true" | "yes" | "on" | "t" | "y" | "1" => true,
            "false" | "no" | "off" | "f" | "n" | "0" => false,
            _ => return None,
        },
        _ => return None,
    };
    Some(Kind::Bool(found))
}

/// A map, or what is taken for one: a list of pairs, which an empty list and text are as well.
fn map(value: &Value) -> Option<Map> {
    let items = match &value.kind {
        Kind::Map(map) => return Some(map.clone()),
        Kind::Str(text) if text.is_empty() => return Some(Map::new()),
        Kind::List(items) => items,
        _ => return None,
    };
    let mut out = Map::new();
    for item in items {
        let (key, value) = match &item.kind {
            Kind::List(pair) => match pair.as_slice() {
                [key, value] if text(key).is_some() => (python::display(key), value.clone()),
                _ => return None,
            },
            Kind::Str(pair) => {
                let mut chars = pair.chars();
                let (Some(key), Some(value), None) = (chars.next(), chars.next(), chars.next()) else { return None };
                (key.to_string(), Value::new(Kind::Str(value.to_string().into()), item.origin))
            }
            _ => return None,
        };
        out.insert_at(key, item.origin, value);
    }
    Some(out)
}

/// The properties of `node` read into `fields`, and the rest as they are written. Everything
/// that is wrong is refused in one message.
pub fn read_all(node: &Node, fields: &[Field]) -> Outcome<Map> {
    read_properties(node, fields).or_else(|faults| {
        let origin = faults.first().map_or(node.properties_origin, |fault| fault.origin);
        node.refuse(origin, describe(&faults))
    })
}

/// The same, of which only the first fault is named.
pub fn read_first(node: &Node, fields: &[Field]) -> Outcome<Map> {
    read_properties(node, fields).or_else(|faults| {
        let origin = faults.first().map_or(node.properties_origin, |fault| fault.origin);
        let path = faults.first().map(|fault| fault.path.join(".")).unwrap_or_default();
        node.refuse(origin, format!("Property '{path}' is invalid."))
    })
}

fn read_properties(node: &Node, fields: &[Field]) -> Result<Map, Vec<Fault>> {
    let mut out = node.properties.clone();
    let mut faults = Vec::new();
    for Field(name, _, shape) in fields {
        let Some(entry) = node.properties.entry(name).filter(|entry| !entry.value.is_null()) else { continue };
        match shape.read(&entry.value, &[Text::new_static(name)]) {
            Ok(value) => {
                out.insert_at(*name, entry.key_origin, value);
            }
            Err(found) => faults.extend(found),
        }
    }
    if faults.is_empty() { Ok(out) } else { Err(faults) }
}

/// All faults in one text, those of one place drawn together.
fn describe(faults: &[Fault]) -> String {
    let mut texts: Vec<String> = Vec::new();
    let mut done: Vec<&[Text]> = Vec::new();
    for fault in faults {
        if done.contains(&fault.path.as_slice()) {
            continue;
        }
        done.push(&fault.path);
        let mut types: Vec<&str> = Vec::new();
        for same in faults.iter().filter(|other| other.path == fault.path) {
            let name = match same.kind {
                "type_error.dict" => "dictionary",
                "type_error.integer" => "integer",
                "type_error.float" => "number",
                "type_error.list" => "list",
                _ => continue,
            };
            if !types.contains(&name) {
                types.push(name);
            }
        }
        let path = fault.path.join(".");
        texts.push(match fault.kind {
            _ if types.len() > 1 => format!("Property '{path}' value must be {}.", types.join(" or ")),
            "value_error.missing" => format!("Property '{path}' is required."),
            "value_error.extra" => format!("Property '{path}' is an invalid property."),
            _ => format!("Property '{path}' {}.", fault.text.to_lowercase()),
        });
    }
    texts.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::value::Maker;

    const FIELDS: &[Field] = &[Field("Ids", MUST, TEXTS), Field("Size", MAY, INTEGER), Field("On", MAY, Shape::Flag)];

    fn faults(value: &Value) -> String {
        Shape::Fields(FIELDS).read(value, &["V".into()]).map_or_else(|faults| describe(&faults), |_| String::new())
    }

    #[test]
    fn values_are_turned_where_they_can_be() {
        let make = Maker::new(Origin::default());
        let size = make.map([("Ids", make.list([make.int(5)])), ("Size", make.str(" 7 ")), ("On", make.str("Yes"))]);
        let read = Shape::Fields(FIELDS).read(&size, &[]).expect("a fit");
        assert_eq!(crate::template::json::to_json(&read), serde_json::json!({"Ids": ["5"], "Size": 7, "On": true}));
    }

    #[test]
    fn everything_wrong_is_listed_and_one_place_is_listed_once() {
        let make = Maker::new(Origin::default());
        let nested = make.list([make.str("x"), make.list([make.str("abc")])]);
        let value =
            make.map([("Zone", make.int(1)), ("Ids", nested), ("Size", make.str("big")), ("Area", make.int(1))]);
        assert_eq!(
            faults(&value),
            "Property 'V.Ids.1' value is not a valid dict. Property 'V.Size' value must be dictionary or integer. \
             Property 'V.Area' is an invalid property. Property 'V.Zone' is an invalid property."
        );
        assert_eq!(faults(&make.map([("On", make.bool(true))])), "Property 'V.Ids' is required.");
        assert_eq!(faults(&make.str("x")), "Property 'V' value is not a valid dict.");
    }
}
