//! Values as a validator in JavaScript reads and rewrites them.

use crate::template::value::{Kind, Text, Value};
use serde_json::Value as Json;

/// Whether JavaScript takes `json` for true.
pub(super) fn is_truthy(json: &Json) -> bool {
    !matches!(json, Json::Null | Json::Bool(false)) && json.as_str() != Some("") && json.as_f64() != Some(0.0)
}

/// Whether `value` is of the type `ty`, as JSON Schema names types.
pub(super) fn is(value: &Value, ty: &str) -> bool {
    match &value.kind {
        Kind::Null => ty == "null",
        Kind::Bool(_) => ty == "boolean",
        Kind::Int(_) => matches!(ty, "integer" | "number"),
        Kind::Float(number) => ty == "number" || (ty == "integer" && number.fract() == 0.0),
        Kind::Str(_) => ty == "string",
        Kind::List(_) => ty == "array",
        Kind::Map(_) => ty == "object",
    }
}

/// Rewrites a scalar as `ty` where that loses nothing.
pub(super) fn coerce(value: &mut Value, ty: &str) -> bool {
    let kind = match (&value.kind, ty) {
        (Kind::Bool(_) | Kind::Int(_) | Kind::Float(_) | Kind::Str(_), "array") => Kind::List(vec![value.clone()]),
        (Kind::Bool(value), "string") => Kind::Str(Text::new(if *value { "true" } else { "false" })),
        (Kind::Int(number), "string") => Kind::Str(number.to_string().into()),
        (Kind::Float(number), "string") => Kind::Str(number.to_string().into()),
        (Kind::Bool(value), "number" | "integer") => Kind::Int(i64::from(*value)),
        (Kind::Str(text), "number" | "integer") => match number(text) {
            Some(Kind::Float(number)) if ty == "integer" && number.fract() != 0.0 => return false,
            Some(kind) => kind,
            None => return false,
        },
        (Kind::Str(text), "boolean") if text == "true" || text == "false" => Kind::Bool(text == "true"),
        (Kind::Int(number @ (0 | 1)), "boolean") => Kind::Bool(*number == 1),
        (Kind::Str(text), "null") if text.is_empty() => Kind::Null,
        (Kind::Int(0) | Kind::Bool(false), "null") => Kind::Null,
        _ => return false,
    };
    value.kind = kind;
    true
}

/// Text that is a number.
fn number(text: &str) -> Option<Kind> {
    let text = text.trim();
    if !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return None;
    }
    if let Ok(number) = text.parse::<i64>() {
        return Some(Kind::Int(number));
    }
    text.parse::<f64>().ok().filter(|number| number.is_finite()).map(Kind::Float)
}

/// Whether both hold the same scalar.
pub(super) fn equals(value: &Value, json: &Json) -> bool {
    match (&value.kind, json) {
        (Kind::Null, Json::Null) => true,
        (Kind::Bool(a), Json::Bool(b)) => a == b,
        (Kind::Int(a), json) => json.as_i64() == Some(*a),
        (Kind::Float(a), json) => json.as_f64().is_some_and(|b| a.total_cmp(&b).is_eq()),
        (Kind::Str(a), Json::String(b)) => a == b,
        _ => false,
    }
}

/// Two equal items, the later one first.
pub(super) fn repeated(items: &[Value]) -> Option<(usize, usize)> {
    (0..items.len()).rev().find_map(|i| (0..i).rev().find(|j| items[*j] == items[i]).map(|j| (i, j)))
}

/// A scheme, a colon, and something behind it without spaces.
pub(super) fn is_uri(text: &str) -> bool {
    text.split_once(':').is_some_and(|(scheme, rest)| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
            && !rest.is_empty()
            && !rest.contains(char::is_whitespace)
    })
}
