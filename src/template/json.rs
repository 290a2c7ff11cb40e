//! Value trees as JSON.

use super::unknown;
use super::value::{Kind, Value};

/// The tree as JSON data. Unknown parts are shown as `<<…>>`, secrets as `<<secret>>`.
pub fn to_json(value: &Value) -> serde_json::Value {
    if value.origin.is_secret() {
        return "<<secret>>".into();
    }
    match &value.kind {
        Kind::Null => serde_json::Value::Null,
        Kind::Bool(value) => (*value).into(),
        Kind::Int(number) => (*number).into(),
        Kind::Float(number) => serde_json::Number::from_f64(*number).map_or(serde_json::Value::Null, Into::into),
        Kind::Str(text) => unknown::shown(text).into_owned().into(),
        Kind::List(items) => items.iter().map(to_json).collect(),
        Kind::Map(map) => {
            let entries = map.iter().map(|entry| (unknown::shown(&entry.key).into_owned(), to_json(&entry.value)));
            serde_json::Value::Object(entries.collect())
        }
    }
}
