//! SAM resources as they are read, and the CloudFormation resources made of them.

use super::python::{self, Lookup};
use super::refusal::{self, Outcome};
use crate::template::value::{Entry, Kind, Maker, Map, Origin, Text, Value};

/// Attributes of resources that are read.
const ATTRIBUTES: [&str; 5] = ["DeletionPolicy", "UpdatePolicy", "Condition", "UpdateReplacePolicy", "Metadata"];
/// Attributes that generated resources inherit.
const INHERITED: [&str; 3] = ["Condition", "DeletionPolicy", "UpdateReplacePolicy"];

/// A SAM resource.
#[derive(Clone, Debug)]
pub struct Node {
    /// Its logical id.
    pub id: Text,
    /// Where the logical id stands.
    pub key_origin: Origin,
    /// Where the resource stands.
    pub origin: Origin,
    /// Where its type stands.
    pub type_origin: Origin,
    /// Where its properties stand.
    pub properties_origin: Origin,
    /// Its properties.
    pub properties: Map,
    /// Its attributes.
    pub attributes: Map,
    /// Its `DependsOn`.
    pub depends_on: Option<Value>,
}

impl Node {
    /// The resource `id` written as `value`.
    pub fn read(id: &Text, key_origin: Origin, value: &Value) -> Outcome<Self> {
        check_id(id, key_origin)?;
        let mut attributes = Map::new();
        for name in ATTRIBUTES {
            if let Some(entry) = value.as_map().and_then(|map| map.entry(name)) {
                attributes.push(entry.clone());
            }
        }
        let (properties, properties_origin) = match value.get("Properties") {
            None => (Map::new(), key_origin),
            Some(Value { kind: Kind::Map(map), origin }) => (map.clone(), *origin),
            Some(other) => {
                return refusal::resource(id, other.origin, "Properties of a resource must be an object.");
            }
        };
        let depends_on = value.get("DependsOn").cloned();
        Ok(Self {
            id: id.clone(),
            key_origin,
            origin: value.origin,
            type_origin: value.get("Type").map_or(value.origin, |kind| kind.origin),
            properties_origin,
            properties,
            attributes,
            depends_on,
        })
    }

    /// Makes values caused by the resource as a whole.
    pub fn make(&self) -> Maker {
        Maker::new(self.key_origin)
    }

    /// The attributes that resources made of this one inherit.
    pub fn inherited(&self) -> Map {
        inherited(&self.attributes)
    }

    /// The property `name`, unless missing or `null`.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.properties.some(name)
    }

    /// Where the property `name` is named; the author's logical id when it is not written.
    pub fn place(&self, name: &str) -> Origin {
        self.properties.entry(name).map_or(self.key_origin, |entry| entry.key_origin)
    }

    /// The property `name` when it is true.
    pub fn truthy(&self, name: &str) -> Option<&Value> {
        self.properties.truthy(name)
    }

    /// Refuses this resource for what stands at `origin`.
    pub fn refuse<T>(&self, origin: Origin, text: impl AsRef<str>) -> Outcome<T> {
        refusal::resource(&self.id, origin, text)
    }

    /// The resource of CloudFormation that stands for this one, under the same logical id.
    pub fn main(&self, kind: &'static str) -> Resource {
        Resource {
            id: self.id.clone(),
            key_origin: self.key_origin,
            origin: self.origin,
            type_origin: self.type_origin.generated(),
            properties_origin: self.properties_origin,
            kind,
            depends_on: self.depends_on.clone(),
            attributes: self.attributes.clone(),
            properties: Map::new(),
        }
    }

    /// A further resource caused by what stands at `cause`, with the inherited attributes.
    pub fn made(&self, id: impl Into<Text>, kind: &'static str, cause: Origin) -> Outcome<Resource> {
        Resource::new(id, kind, self.key_origin, cause, self.inherited())
    }
}

/// Those of `attributes` that generated resources inherit.
pub fn inherited(attributes: &Map) -> Map {
    INHERITED.iter().filter_map(|name| attributes.entry(name).cloned()).collect()
}

/// Refuses a logical id that is not alphanumeric.
pub fn check_id(id: &str, origin: Origin) -> Outcome<()> {
    if !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Ok(());
    }
    refusal::resource(id, origin, "Logical ids must be alphanumeric.")
}

/// A resource of CloudFormation.
#[derive(Clone, Debug)]
pub struct Resource {
    /// Its logical id.
    pub id: Text,
    /// Where the author's logical id stands that caused it.
    pub key_origin: Origin,
    /// What caused it.
    pub origin: Origin,
    /// Where its type comes from.
    pub type_origin: Origin,
    /// Where its properties come from.
    pub properties_origin: Origin,
    /// Its type.
    pub kind: &'static str,
    /// Its `DependsOn`.
    pub depends_on: Option<Value>,
    /// Its attributes.
    pub attributes: Map,
    /// Its properties.
    pub properties: Map,
}

impl Resource {
    /// A generated resource caused by what stands at `cause`, for the author's resource whose
    /// logical id stands at `owner`.
    pub fn new(
        id: impl Into<Text>,
        kind: &'static str,
        owner: Origin,
        cause: Origin,
        attributes: Map,
    ) -> Outcome<Self> {
        let id = id.into();
        check_id(&id, cause)?;
        Ok(Self {
            id,
            key_origin: owner.generated(),
            origin: cause.generated(),
            type_origin: cause.generated(),
            properties_origin: cause.generated(),
            kind,
            depends_on: None,
            attributes,
            properties: Map::new(),
        })
    }

    /// Makes values with the origin of the resource.
    pub fn make(&self) -> Maker {
        Maker::new(self.origin)
    }

    /// Sets a property; `null` leaves it out.
    pub fn set(&mut self, name: &str, value: Value) {
        if !value.is_null() {
            self.properties.insert(name, value);
        }
    }

    /// Sets a property if there is a value.
    pub fn set_some(&mut self, name: &str, value: Option<&Value>) {
        if let Some(value) = value {
            self.set(name, value.clone());
        }
    }

    /// Copies properties of the same name from `source`, with the places of their keys.
    pub fn copy(&mut self, source: &Map, names: &[&str]) {
        for name in names {
            self.copy_as(source, name, name);
        }
    }

    /// Copies a property under another name.
    pub fn copy_as(&mut self, source: &Map, name: &str, new: &str) {
        if let Some(entry) = source.entry(name).filter(|entry| !entry.value.is_null()) {
            self.properties.insert_at(new, entry.key_origin, entry.value.clone());
        }
    }

    /// Moves what was made for `owner` to what caused the resource: who wants to change the
    /// reference that an event makes to its function edits the event.
    pub fn attribute(&mut self, owner: Origin) {
        let cause = self.origin;
        self.properties.iter_mut().for_each(|entry| attribute(&mut entry.value, owner, cause));
    }

    /// `{"Ref": id}`
    pub fn reference(&self) -> Value {
        self.make().reference(self.id.clone())
    }

    /// `{"Fn::GetAtt": [id, attribute]}`
    pub fn get_att(&self, attribute: &str) -> Value {
        self.make().get_att(self.id.clone(), attribute)
    }

    /// The entry of the `Resources` section.
    pub fn into_entry(self) -> Entry {
        let mut map = Map::new();
        map.insert("Type", Value::new(Kind::Str(Text::new_static(self.kind)), self.type_origin));
        if let Some(depends_on) = self.depends_on.filter(python::truthy) {
            map.insert("DependsOn", depends_on);
        }
        for entry in self.attributes {
            map.insert_at(entry.key, entry.key_origin, entry.value);
        }
        map.insert("Properties", Value::new(Kind::Map(self.properties), self.properties_origin));
        // A generated resource is shown at what caused it; its body remembers the author's resource.
        let (key_origin, origin) = if self.key_origin.is_generated() {
            (self.origin, self.key_origin)
        } else {
            (self.key_origin, self.origin)
        };
        Entry { key: self.id, key_origin, value: Value::new(Kind::Map(map), origin) }
    }
}

fn attribute(value: &mut Value, owner: Origin, cause: Origin) {
    if value.origin.is_generated() && value.origin.span() == owner.span() {
        value.origin = cause;
    }
    match &mut value.kind {
        Kind::List(items) => items.iter_mut().for_each(|item| attribute(item, owner, cause)),
        Kind::Map(map) => map.iter_mut().for_each(|entry| attribute(&mut entry.value, owner, cause)),
        _ => {}
    }
}

/// The resource that events of a function or a state machine act on.
#[derive(Clone, Debug)]
pub struct Target {
    /// Its logical id.
    pub id: Text,
    /// Where the author's logical id stands.
    pub key_origin: Origin,
    /// Its ARN.
    pub arn: Value,
    /// Its name, or its ARN where a name would not do.
    pub name: Value,
    /// The attributes that generated resources inherit.
    pub inherited: Map,
}

impl Target {
    /// Its condition.
    pub fn condition(&self) -> Option<&Value> {
        self.inherited.get("Condition")
    }

    /// A resource caused by what stands at `cause`.
    pub fn made(&self, id: impl Into<Text>, kind: &'static str, cause: Origin) -> Outcome<Resource> {
        Resource::new(id, kind, self.key_origin, cause, self.inherited.clone())
    }
}

/// `tags` as a list of `Key` and `Value`.
pub fn tag_list(tags: Option<&Map>) -> Vec<Value> {
    tags.into_iter()
        .flatten()
        .map(|entry| {
            let make = Maker::new(entry.key_origin);
            let value = if entry.value.is_null() { make.str("") } else { entry.value.clone() };
            let key = Value::new(Kind::Str(entry.key.clone()), entry.key_origin);
            make.map([("Key", key), ("Value", value)])
        })
        .collect()
}

/// One tag.
pub fn tag(make: Maker, key: &str, value: &str) -> Value {
    make.map([("Key", make.str(key)), ("Value", make.str(value))])
}
