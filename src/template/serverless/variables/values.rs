//! Small questions about values and sources that resolution asks.

use super::syntax::{Argument, Literal, Source};
use crate::template::value::{Kind, Value};

/// Bytes that `value` takes, counted up to `limit`.
pub(super) fn bytes(value: &Value, limit: usize) -> usize {
    let below = |all: usize, value: &Value| if all >= limit { all } else { all + bytes(value, limit - all) };
    match &value.kind {
        Kind::Str(text) => text.len() + 64,
        Kind::List(items) => items.iter().fold(128, below),
        Kind::Map(map) => map.values().fold(128, below),
        _ => 64,
    }
}

/// The value of one key.
pub(super) fn step<'v>(value: &'v Value, key: &str) -> Option<&'v Value> {
    match &value.kind {
        Kind::Map(map) => map.get(key),
        Kind::List(items) => key.parse::<usize>().ok().and_then(|at| items.get(at)),
        _ => None,
    }
}

/// The data of a literal.
pub(super) fn literal_kind(literal: &Literal) -> Kind {
    match literal {
        Literal::Null => Kind::Null,
        Literal::Bool(value) => Kind::Bool(*value),
        #[allow(clippy::cast_possible_truncation)] // whole and in range, checked
        Literal::Number(number) if number.fract() == 0.0 && number.abs() < 9e15 => Kind::Int(*number as i64),
        Literal::Number(number) => Kind::Float(*number),
        Literal::Text(text) => Kind::Str(text.as_str().into()),
    }
}

/// A scalar as text; `None` for `null` and collections.
pub fn to_text(value: &Value) -> Option<String> {
    match &value.kind {
        Kind::Str(text) => Some(text.to_string()),
        Kind::Bool(value) => Some(value.to_string()),
        Kind::Int(number) => Some(number.to_string()),
        Kind::Float(number) => Some(number.to_string()),
        Kind::Null | Kind::List(_) | Kind::Map(_) => None,
    }
}

/// A source and its address as messages show them.
pub(super) fn shown_name(kind: &str, address: Option<&str>) -> String {
    address.map_or_else(|| kind.to_owned(), |address| format!("{kind}:{address}"))
}

/// The name an unknown value goes by: the first source as written.
pub(super) fn name(sources: &[Source]) -> String {
    let Some(Source::Typed { name, parameters, address }) = sources.first() else { return "variable".into() };
    let plain = |argument: &Argument| match &argument.value {
        Literal::Text(text) => text.replace("${", "{"),
        _ => String::new(),
    };
    let parameters: Vec<String> = parameters.iter().flatten().map(plain).collect();
    let parameters = if parameters.is_empty() { String::new() } else { format!("({})", parameters.join(",")) };
    let address = address.as_ref().map(|address| format!(":{}", plain(address))).unwrap_or_default();
    format!("{name}{parameters}{address}")
}
