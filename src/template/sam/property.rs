//! What the properties of SAM resources and events may be.

use super::order;
use super::python::repr_texts;
use super::refusal::{self, Outcome};
use crate::template::value::{Entry, Kind, Map, Origin, Value};

/// The type a property must have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// Anything.
    Any,
    /// Text.
    Str,
    /// A map.
    Map,
    /// A map; the reference prints no expected type.
    AnyMap,
    /// A boolean.
    Bool,
    /// An integer.
    Int,
    /// A list.
    List,
    /// One of these texts.
    Enum(&'static [&'static str]),
    /// Text or a map.
    StrOrMap,
    /// Text; the reference prints no expected type.
    OneOfStr,
    /// A boolean or a map.
    BoolOrMap,
    /// A list or a map.
    ListOrMap,
    /// A list of texts and maps.
    StrsOrMaps,
    /// A list of texts.
    Strs,
    /// Text or a list of texts.
    StrOrStrs,
    /// A map of maps.
    MapOfMaps,
    /// A map of texts.
    MapOfStrs,
    /// A map of integers and maps.
    MapOfInts,
    /// Text, a map, or a list of both.
    Policies,
    /// Text or a list of texts and maps.
    MachinePolicies,
    /// A map or a list of maps.
    MapOrMaps,
}

/// One property of a resource or an event.
#[derive(Clone, Copy, Debug)]
pub struct Property {
    /// Its name.
    pub name: &'static str,
    /// Its type.
    pub kind: Type,
    /// Whether it must be there.
    pub required: bool,
    /// Whether an intrinsic function may stand in its place.
    pub intrinsics: bool,
}

impl Property {
    /// An optional property.
    pub const fn new(name: &'static str, kind: Type) -> Self {
        Self { name, kind, required: false, intrinsics: true }
    }

    /// The same, required.
    #[must_use]
    pub const fn required(self) -> Self {
        Self { required: true, ..self }
    }

    /// The same, intrinsic functions not being looked at.
    #[must_use]
    pub const fn literal(self) -> Self {
        Self { intrinsics: false, ..self }
    }
}

impl Type {
    fn accepts(self, value: &Value) -> bool {
        let is_str = |value: &Value| matches!(value.kind, Kind::Str(_));
        let is_map = |value: &Value| matches!(value.kind, Kind::Map(_));
        // The reference takes a boolean for an integer.
        let is_int = |value: &Value| matches!(value.kind, Kind::Int(_) | Kind::Bool(_));
        let is_bool = |value: &Value| matches!(value.kind, Kind::Bool(_));
        let is_list = |value: &Value| matches!(value.kind, Kind::List(_));
        let all = |value: &Value, check: &dyn Fn(&Value) -> bool| value.as_list().is_some_and(|l| l.iter().all(check));
        let values =
            |value: &Value, check: &dyn Fn(&Value) -> bool| value.as_map().is_some_and(|m| m.values().all(check));
        let either = |value: &Value| is_str(value) || is_map(value);
        match self {
            Self::Any => true,
            Self::Str | Self::OneOfStr => is_str(value),
            Self::Map | Self::AnyMap => is_map(value),
            Self::Bool => is_bool(value),
            Self::Int => is_int(value),
            Self::List => is_list(value),
            Self::Enum(texts) => value.as_str().is_some_and(|text| texts.contains(&text)),
            Self::StrOrMap => either(value),
            Self::BoolOrMap => is_bool(value) || is_map(value),
            Self::ListOrMap => is_list(value) || is_map(value),
            Self::StrsOrMaps => all(value, &either),
            Self::Strs => all(value, &is_str),
            Self::StrOrStrs => is_str(value) || all(value, &is_str),
            Self::MapOfMaps => values(value, &is_map),
            Self::MapOfStrs => values(value, &is_str),
            Self::MapOfInts => values(value, &|value| is_int(value) || is_map(value)),
            Self::Policies => either(value) || all(value, &either),
            Self::MachinePolicies => is_str(value) || all(value, &either),
            Self::MapOrMaps => is_map(value) || all(value, &is_map),
        }
    }

    fn complaint(self, name: &str) -> String {
        match self {
            Self::Map => format!("Property '{name}' should be a map."),
            Self::Str => format!("Property '{name}' should be a string."),
            Self::Enum(texts) => format!("Property '{name}' should be a {}.", describe(texts)),
            _ => format!("Type of property '{name}' is invalid."),
        }
    }
}

fn describe(texts: &[&str]) -> String {
    let printed = repr_texts(texts);
    let inner = printed.trim_matches(['[', ']']);
    match texts {
        [one] => format!("the string '{one}'"),
        [one, two] => format!("one of the strings: '{one}' or '{two}'"),
        [.., last] => {
            let before = inner.strip_suffix(&format!(", '{last}'")).unwrap_or(inner);
            format!("one of the strings: {before}, or '{last}'")
        }
        [] => String::new(),
    }
}

/// Refuses properties that `specification` does not know, misses or types differently. `kind`
/// is the type of the resource or event, `origin` where it stands, `ordered` whether the
/// reference goes through the properties in an order of its own.
pub fn check(
    id: &str,
    kind: &str,
    origin: Origin,
    properties: &Map,
    specification: &[Property],
    ordered: bool,
) -> Outcome<()> {
    if let Some(entry) = unknown(kind, properties, specification, ordered) {
        return refusal::resource(
            id,
            entry.key_origin,
            format!("property {} not defined for resource of type {kind}", entry.key),
        );
    }
    for property in specification {
        match properties.get(property.name).filter(|value| !value.is_null()) {
            Some(value) => {
                // Every map of one entry passes for an intrinsic function here.
                if property.intrinsics && value.single().is_some() {
                    continue;
                }
                if !property.kind.accepts(value) {
                    return refusal::resource(id, value.origin, property.kind.complaint(property.name));
                }
            }
            None if property.required => {
                return refusal::resource(id, origin, format!("Missing required property '{}'.", property.name));
            }
            None => {}
        }
    }
    Ok(())
}

/// The first property that is not known.
fn unknown<'m>(kind: &str, properties: &'m Map, specification: &[Property], ordered: bool) -> Option<&'m Entry> {
    // Unknown properties of this type are left out without a word.
    if kind == "AWS::Serverless::GraphQLApi" {
        return None;
    }
    let is_known = |name: &str| {
        specification.iter().any(|property| property.name == name)
            || matches!(name, "logical_id" | "relative_id" | "depends_on" | "resource_attributes")
    };
    let first = properties.iter().find(|entry| !is_known(&entry.key))?;
    if !ordered {
        return Some(first);
    }
    let names = order::of_names(properties.keys());
    names.iter().find(|name| !is_known(name)).and_then(|name| properties.entry(name))
}

/// Who a value belongs to, for what [`Expect`] refuses.
#[derive(Clone, Copy, Debug)]
pub enum Owner<'a> {
    /// A resource.
    Resource(&'a str),
    /// An event.
    Event(&'a str),
}

impl Owner<'_> {
    /// Refuses with `text`.
    pub fn refuse<T>(self, origin: Origin, text: impl AsRef<str>) -> Outcome<T> {
        match self {
            Self::Resource(id) => refusal::resource(id, origin, text),
            Self::Event(id) => refusal::event(id, origin, text),
        }
    }
}

/// Asks a value for its type, refusing it in the reference's words.
pub trait Expect {
    /// A map.
    fn expect_map(&self, owner: Owner<'_>, path: &str) -> Outcome<&Map>;
    /// A list.
    fn expect_list(&self, owner: Owner<'_>, path: &str) -> Outcome<&[Value]>;
    /// Text.
    fn expect_str(&self, owner: Owner<'_>, path: &str) -> Outcome<&str>;
    /// A boolean.
    fn expect_bool(&self, owner: Owner<'_>, path: &str) -> Outcome<bool>;
}

impl Expect for Value {
    fn expect_map(&self, owner: Owner<'_>, path: &str) -> Outcome<&Map> {
        match self.as_map() {
            Some(map) => Ok(map),
            None => owner.refuse(self.origin, format!("Property '{path}' should be a map.")),
        }
    }

    fn expect_list(&self, owner: Owner<'_>, path: &str) -> Outcome<&[Value]> {
        match self.as_list() {
            Some(items) => Ok(items),
            None => owner.refuse(self.origin, format!("Property '{path}' should be a list.")),
        }
    }

    fn expect_str(&self, owner: Owner<'_>, path: &str) -> Outcome<&str> {
        match self.as_str() {
            Some(text) => Ok(text),
            None => owner.refuse(self.origin, format!("Property '{path}' should be a string.")),
        }
    }

    fn expect_bool(&self, owner: Owner<'_>, path: &str) -> Outcome<bool> {
        match self.as_bool() {
            Some(value) => Ok(value),
            None => owner.refuse(self.origin, format!("Property '{path}' should be a boolean.")),
        }
    }
}

/// Asks for a list of texts.
pub fn expect_strs(value: &Value, owner: Owner<'_>, path: &str) -> Outcome<()> {
    for (index, item) in value.expect_list(owner, path)?.iter().enumerate() {
        item.expect_str(owner, &format!("{path}[{index}]"))?;
    }
    Ok(())
}
