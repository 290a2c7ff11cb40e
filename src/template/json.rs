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

/// The tree of JSON text, every value at `origin`. Unknown parts may stand inside texts and,
/// as a whole value, without quotes. `None` when it is not JSON.
pub fn tree(text: &str, origin: super::value::Origin) -> Option<Value> {
    let quoted;
    let text = if unknown::is_unknown(text) {
        quoted = quote_unknown(text);
        &quoted
    } else {
        text
    };
    let parsed: serde_json::Value = serde_json::from_str(text).ok()?;
    Some(from_json(parsed, origin))
}

/// The tree of JSON data, every value at `origin`.
pub fn from_json(value: serde_json::Value, origin: super::value::Origin) -> Value {
    let kind = match value {
        serde_json::Value::Null => Kind::Null,
        serde_json::Value::Bool(value) => Kind::Bool(value),
        serde_json::Value::Number(number) => {
            number.as_i64().map_or_else(|| Kind::Float(number.as_f64().unwrap_or_default()), Kind::Int)
        }
        serde_json::Value::String(text) => Kind::Str(text.into()),
        serde_json::Value::Array(items) => Kind::List(items.into_iter().map(|item| from_json(item, origin)).collect()),
        serde_json::Value::Object(entries) => Kind::Map(
            entries
                .into_iter()
                .map(|(key, value)| super::value::Entry {
                    key: key.into(),
                    key_origin: origin,
                    value: from_json(value, origin),
                })
                .collect(),
        ),
    };
    Value::new(kind, origin)
}

/// `text` with quotes around unknown parts that stand outside JSON strings.
fn quote_unknown(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let (mut inside, mut escaped) = (false, false);
    for c in text.chars() {
        let (opens, closes) = unknown::is_mark(c);
        if opens && !inside {
            out.push('"');
        }
        out.push(c);
        if closes && !inside {
            out.push('"');
        }
        match c {
            _ if escaped => escaped = false,
            '\\' if inside => escaped = true,
            '"' => inside = !inside,
            _ => {}
        }
    }
    out
}
