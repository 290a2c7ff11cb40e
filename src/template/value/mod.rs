//! The value tree every dialect is lowered into.
//!
//! A [`Value`] is plain CloudFormation data. Intrinsic functions stand in their long form, as
//! one-key maps (`{"Fn::Sub": …}`), whatever form the author used; [`super::intrinsic`] reads
//! them as typed values. Every value and every map key carries an [`Origin`]: the bytes it was
//! written as, or, where a transform made it, the bytes that caused it.

use crate::source::Span;
use smol_str::SmolStr;

mod origin;

pub use origin::Origin;

/// Text of a value: cheap to clone, short texts held in place.
pub type Text = SmolStr;

/// One value with where it comes from. Equality looks at the data alone.
#[derive(Clone, Debug)]
pub struct Value {
    /// The data.
    pub kind: Kind,
    /// Where it comes from.
    pub origin: Origin,
}

/// The data of a value.
#[derive(Clone, Debug)]
pub enum Kind {
    /// `null`
    Null,
    /// A boolean.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// Any other number.
    Float(f64),
    /// Text. May hold unknown parts, see [`super::unknown`].
    Str(Text),
    /// A list.
    List(Vec<Value>),
    /// A map in source order.
    Map(Map),
}

/// A map in source order with unique keys. Lookup is linear: template maps are small.
#[derive(Clone, Debug, Default)]
pub struct Map {
    entries: Vec<Entry>,
}

/// One entry of a map.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The key.
    pub key: Text,
    /// Where the key is written.
    pub key_origin: Origin,
    /// The value.
    pub value: Value,
}

impl Value {
    /// A value of `kind` from `origin`.
    pub fn new(kind: Kind, origin: Origin) -> Self {
        Self { kind, origin }
    }

    /// The text of a string.
    pub fn as_str(&self) -> Option<&str> {
        if let Kind::Str(text) = &self.kind { Some(text) } else { None }
    }

    /// The number of an integer.
    pub fn as_int(&self) -> Option<i64> {
        if let Kind::Int(number) = self.kind { Some(number) } else { None }
    }

    /// The value of a boolean.
    pub fn as_bool(&self) -> Option<bool> {
        if let Kind::Bool(value) = self.kind { Some(value) } else { None }
    }

    /// The map, if this is one.
    pub fn as_map(&self) -> Option<&Map> {
        if let Kind::Map(map) = &self.kind { Some(map) } else { None }
    }

    /// The map, if this is one, to change it.
    pub fn as_map_mut(&mut self) -> Option<&mut Map> {
        if let Kind::Map(map) = &mut self.kind { Some(map) } else { None }
    }

    /// The items, if this is a list.
    pub fn as_list(&self) -> Option<&[Value]> {
        if let Kind::List(items) = &self.kind { Some(items) } else { None }
    }

    /// The items, if this is a list, to change them.
    pub fn as_list_mut(&mut self) -> Option<&mut Vec<Value>> {
        if let Kind::List(items) = &mut self.kind { Some(items) } else { None }
    }

    /// Whether this is `null`.
    pub fn is_null(&self) -> bool {
        matches!(self.kind, Kind::Null)
    }

    /// The value of `key`, if this is a map that has it.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.as_map()?.get(key)
    }

    /// The value of `key`, to change it.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Value> {
        self.as_map_mut()?.get_mut(key)
    }

    /// Walks down map keys.
    pub fn at(&self, path: &[&str]) -> Option<&Value> {
        path.iter().try_fold(self, |value, key| value.get(key))
    }

    /// The only key and its value, if this is a map of one entry (the shape of an intrinsic function).
    pub fn single(&self) -> Option<(&str, &Value)> {
        match self.as_map()?.entries.as_slice() {
            [entry] => Some((&entry.key, &entry.value)),
            _ => None,
        }
    }

    /// The span of the value.
    pub fn span(&self) -> Span {
        self.origin.span()
    }

    /// What JSON calls the type, for messages.
    pub fn type_name(&self) -> &'static str {
        match self.kind {
            Kind::Null => "null",
            Kind::Bool(_) => "a boolean",
            Kind::Int(_) | Kind::Float(_) => "a number",
            Kind::Str(_) => "a string",
            Kind::List(_) => "a list",
            Kind::Map(_) => "a map",
        }
    }
}

impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        match (&self.kind, &other.kind) {
            (Kind::Null, Kind::Null) => true,
            (Kind::Bool(a), Kind::Bool(b)) => a == b,
            (Kind::Int(a), Kind::Int(b)) => a == b,
            (Kind::Float(a), Kind::Float(b)) => a.total_cmp(b).is_eq(),
            (Kind::Str(a), Kind::Str(b)) => a == b,
            (Kind::List(a), Kind::List(b)) => a == b,
            (Kind::Map(a), Kind::Map(b)) => a == b,
            _ => false,
        }
    }
}

impl PartialEq for Map {
    /// Order of entries does not count.
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().all(|entry| other.get(&entry.key) == Some(&entry.value))
    }
}

impl Map {
    /// An empty map.
    pub fn new() -> Self {
        Self::default()
    }

    /// Number of entries.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is no entry.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The entry of `key`.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.key == key)
    }

    /// The value of `key`.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// The value of `key`, to change it.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Value> {
        self.entries.iter_mut().find(|entry| entry.key == key).map(|entry| &mut entry.value)
    }

    /// Whether `key` is there.
    pub fn contains_key(&self, key: &str) -> bool {
        self.entry(key).is_some()
    }

    /// Sets `key`, in its old place if it was there; answers the old value. The key's origin
    /// is the value's unless the entry existed.
    pub fn insert(&mut self, key: impl Into<Text>, value: Value) -> Option<Value> {
        let key = key.into();
        let origin = value.origin;
        self.insert_at(key, origin, value)
    }

    /// Sets `key`, whose own place is `key_origin`.
    pub fn insert_at(&mut self, key: impl Into<Text>, key_origin: Origin, value: Value) -> Option<Value> {
        let key = key.into();
        if let Some(entry) = self.entries.iter_mut().find(|entry| entry.key == key) {
            return Some(std::mem::replace(&mut entry.value, value));
        }
        self.entries.push(Entry { key, key_origin, value });
        None
    }

    /// Appends an entry whose key is known to be new.
    pub fn push(&mut self, entry: Entry) {
        self.entries.push(entry);
    }

    /// Takes `key` out, keeping the order of the rest.
    pub fn remove(&mut self, key: &str) -> Option<Value> {
        let at = self.entries.iter().position(|entry| entry.key == key)?;
        Some(self.entries.remove(at).value)
    }

    /// The value of `key`, set to `default()` first when it is not there.
    pub fn get_or_insert_with(&mut self, key: &str, default: impl FnOnce() -> Value) -> &mut Value {
        let at = self.entries.iter().position(|entry| entry.key == key).unwrap_or_else(|| {
            let value = default();
            self.entries.push(Entry { key: key.into(), key_origin: value.origin, value });
            self.entries.len() - 1
        });
        &mut self.entries[at].value
    }

    /// Entries in order, as a slice.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Entries in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Entry> {
        self.entries.iter()
    }

    /// Entries in order, to change their values.
    pub fn iter_mut(&mut self) -> std::slice::IterMut<'_, Entry> {
        self.entries.iter_mut()
    }

    /// Keys in order.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().map(|entry| &*entry.key)
    }

    /// Values in order.
    pub fn values(&self) -> impl Iterator<Item = &Value> {
        self.entries.iter().map(|entry| &entry.value)
    }

    /// Keeps the entries for which `keep` holds.
    pub fn retain(&mut self, keep: impl FnMut(&Entry) -> bool) {
        self.entries.retain(keep);
    }
}

impl IntoIterator for Map {
    type Item = Entry;
    type IntoIter = std::vec::IntoIter<Entry>;

    fn into_iter(self) -> Self::IntoIter {
        self.entries.into_iter()
    }
}

impl<'a> IntoIterator for &'a Map {
    type Item = &'a Entry;
    type IntoIter = std::slice::Iter<'a, Entry>;

    fn into_iter(self) -> Self::IntoIter {
        self.entries.iter()
    }
}

impl FromIterator<Entry> for Map {
    fn from_iter<I: IntoIterator<Item = Entry>>(entries: I) -> Self {
        Self { entries: entries.into_iter().collect() }
    }
}

/// Makes values that a transform generates, all caused by one place.
#[derive(Clone, Copy, Debug)]
pub struct Maker(Origin);

impl Maker {
    /// Values caused by what stands at `cause`.
    pub fn new(cause: Origin) -> Self {
        Self(cause.generated())
    }

    /// The origin its values get.
    pub fn origin(self) -> Origin {
        self.0
    }

    /// A string.
    pub fn str(self, text: impl Into<Text>) -> Value {
        Value::new(Kind::Str(text.into()), self.0)
    }

    /// An integer.
    pub fn int(self, number: i64) -> Value {
        Value::new(Kind::Int(number), self.0)
    }

    /// A boolean.
    pub fn bool(self, value: bool) -> Value {
        Value::new(Kind::Bool(value), self.0)
    }

    /// `null`
    pub fn null(self) -> Value {
        Value::new(Kind::Null, self.0)
    }

    /// A list.
    pub fn list(self, items: impl IntoIterator<Item = Value>) -> Value {
        Value::new(Kind::List(items.into_iter().collect()), self.0)
    }

    /// A map; keys must differ.
    pub fn map<K: Into<Text>>(self, entries: impl IntoIterator<Item = (K, Value)>) -> Value {
        let entry = |(key, value): (K, Value)| Entry { key: key.into(), key_origin: self.0, value };
        Value::new(Kind::Map(entries.into_iter().map(entry).collect()), self.0)
    }

    /// `{"Ref": id}`
    pub fn reference(self, id: impl Into<Text>) -> Value {
        self.map([("Ref", self.str(id))])
    }

    /// `{"Fn::GetAtt": [id, attribute]}`
    pub fn get_att(self, id: impl Into<Text>, attribute: impl Into<Text>) -> Value {
        self.map([("Fn::GetAtt", self.list([self.str(id), self.str(attribute)]))])
    }

    /// `{"Fn::Sub": text}`
    pub fn sub(self, text: impl Into<Text>) -> Value {
        self.map([("Fn::Sub", self.str(text))])
    }

    /// `{"Fn::Join": [separator, parts]}`
    pub fn join(self, separator: &str, parts: impl IntoIterator<Item = Value>) -> Value {
        self.map([("Fn::Join", self.list([self.str(separator), self.list(parts)]))])
    }
}
