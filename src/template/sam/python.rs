//! The reference transform's notions of truth, of printing and of JSON text, which its
//! decisions, messages and hashes depend on.

use crate::template::value::{Kind, Map, Value};
use std::fmt::Write;

/// Whether the reference takes `value` as true.
pub fn truthy(value: &Value) -> bool {
    match &value.kind {
        Kind::Null => false,
        Kind::Bool(value) => *value,
        Kind::Int(number) => *number != 0,
        Kind::Float(number) => *number != 0.0,
        Kind::Str(text) => !text.is_empty(),
        Kind::List(items) => !items.is_empty(),
        Kind::Map(map) => !map.is_empty(),
    }
}

/// Looking values up where a missing one and `null` are the same.
pub trait Lookup {
    /// The value of `key`, unless missing or `null`.
    fn some(&self, key: &str) -> Option<&Value>;

    /// The value of `key` when it is true.
    fn truthy(&self, key: &str) -> Option<&Value> {
        self.some(key).filter(|value| truthy(value))
    }

    /// The text of `key`.
    fn text(&self, key: &str) -> Option<&str> {
        self.some(key).and_then(Value::as_str)
    }

    /// Whether `key` is the text `text`.
    fn is(&self, key: &str, text: &str) -> bool {
        self.text(key) == Some(text)
    }
}

impl Lookup for Map {
    fn some(&self, key: &str) -> Option<&Value> {
        self.get(key).filter(|value| !value.is_null())
    }
}

impl Lookup for Value {
    fn some(&self, key: &str) -> Option<&Value> {
        self.get(key).filter(|value| !value.is_null())
    }
}

/// The name of the type of `value` in messages of the reference.
pub fn type_name(value: &Value) -> &'static str {
    match &value.kind {
        Kind::Null => "NoneType",
        Kind::Bool(_) => "bool",
        Kind::Int(_) => "int",
        Kind::Float(_) => "float",
        Kind::Str(_) => "str",
        Kind::List(_) => "list",
        Kind::Map(_) => "dict",
    }
}

/// The same for what stands in the APIs of a template with REST APIs, where the reference
/// reads text and maps into types of its own.
pub fn template_type_name(value: &Value) -> &'static str {
    match &value.kind {
        Kind::Str(_) => "Py27UniStr",
        Kind::Map(_) => "Py27Dict",
        _ => type_name(value),
    }
}

/// `value` inside a message: text as it is, anything else as [`repr`].
pub fn display(value: &Value) -> String {
    value.as_str().map_or_else(|| repr(value), str::to_owned)
}

/// A missing value is printed as the reference prints it.
pub fn display_some(value: Option<&Value>) -> String {
    value.map_or_else(|| "None".to_owned(), display)
}

/// The same for what stands in events and APIs; in templates with `is_kept` the reference
/// reads these as Python 2 would, whose mark of text shows wherever it is not alphanumeric.
pub fn display_kept(value: &Value, is_kept: bool) -> String {
    if !is_kept || value.as_str().is_some() {
        return display(value);
    }
    let mut out = String::new();
    write_repr(&mut out, value, true);
    out
}

/// `value` as the reference prints it inside collections.
pub fn repr(value: &Value) -> String {
    let mut out = String::new();
    write_repr(&mut out, value, false);
    out
}

/// Texts as a printed list.
pub fn repr_texts(texts: &[&str]) -> String {
    let quoted: Vec<String> = texts.iter().map(|text| quote(text)).collect();
    format!("[{}]", quoted.join(", "))
}

fn write_repr(out: &mut String, value: &Value, marked: bool) {
    match &value.kind {
        Kind::Null => out.push_str("None"),
        Kind::Bool(true) => out.push_str("True"),
        Kind::Bool(false) => out.push_str("False"),
        Kind::Int(number) => {
            let _ = write!(out, "{number}");
        }
        Kind::Float(number) => out.push_str(&float(*number)),
        Kind::Str(text) => write_text(out, text, marked),
        Kind::List(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                out.push_str(if index > 0 { ", " } else { "" });
                write_repr(out, item, marked);
            }
            out.push(']');
        }
        Kind::Map(map) => {
            out.push('{');
            for (index, entry) in map.iter().enumerate() {
                out.push_str(if index > 0 { ", " } else { "" });
                write_text(out, &entry.key, marked);
                out.push_str(": ");
                write_repr(out, &entry.value, marked);
            }
            out.push('}');
        }
    }
}

fn write_text(out: &mut String, text: &str, marked: bool) {
    if marked && text.bytes().any(|byte| !byte.is_ascii_alphanumeric()) {
        out.push('u');
    }
    out.push_str(&quote(text));
}

fn quote(text: &str) -> String {
    let mark = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    let mut out = String::from(mark);
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\\' => out.push_str("\\\\"),
            c if c == mark => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out.push(mark);
    out
}

fn float(number: f64) -> String {
    if number.is_finite() && number.fract() == 0.0 && number.abs() < 1e16 {
        format!("{number:.1}")
    } else if number.is_finite() {
        let text = format!("{number:?}");
        match text.split_once('e') {
            Some((mantissa, exponent)) => {
                let mantissa = mantissa.strip_suffix(".0").unwrap_or(mantissa);
                let (sign, digits) = exponent.strip_prefix('-').map_or(('+', exponent), |digits| ('-', digits));
                format!("{mantissa}e{sign}{digits:0>2}")
            }
            None => text,
        }
    } else if number.is_nan() {
        "NaN".to_owned()
    } else if number > 0.0 {
        "Infinity".to_owned()
    } else {
        "-Infinity".to_owned()
    }
}

/// How JSON text is laid out.
#[derive(Clone, Copy)]
pub struct JsonStyle {
    /// Between items.
    pub item: &'static str,
    /// Between key and value.
    pub key: &'static str,
    /// Whether keys are sorted.
    pub sorted: bool,
    /// Spaces of one level when every item has its own line.
    pub indent: Option<usize>,
}

/// What logical ids are hashed over.
pub const COMPACT: JsonStyle = JsonStyle { item: ",", key: ":", sorted: true, indent: None };
/// What state machine definitions are printed as.
pub const INDENTED: JsonStyle = JsonStyle { item: ",", key: ": ", sorted: true, indent: Some(4) };
/// `value` as JSON text with everything outside ASCII escaped.
pub fn json(value: &Value, style: JsonStyle) -> String {
    let mut out = String::new();
    write_json(&mut out, value, style, 0);
    out
}

fn write_json(out: &mut String, value: &Value, style: JsonStyle, level: usize) {
    match &value.kind {
        Kind::Null => out.push_str("null"),
        Kind::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Kind::Int(number) => {
            let _ = write!(out, "{number}");
        }
        Kind::Float(number) => out.push_str(&float(*number)),
        Kind::Str(text) => write_json_text(out, text),
        Kind::List(items) if items.is_empty() => out.push_str("[]"),
        Kind::List(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                separate(out, style, index, level + 1);
                write_json(out, item, style, level + 1);
            }
            close(out, style, level);
            out.push(']');
        }
        Kind::Map(map) if map.is_empty() => out.push_str("{}"),
        Kind::Map(map) => {
            let mut entries: Vec<_> = map.iter().collect();
            if style.sorted {
                entries.sort_by(|a, b| a.key.cmp(&b.key));
            }
            out.push('{');
            for (index, entry) in entries.into_iter().enumerate() {
                separate(out, style, index, level + 1);
                write_json_text(out, &entry.key);
                out.push_str(style.key);
                write_json(out, &entry.value, style, level + 1);
            }
            close(out, style, level);
            out.push('}');
        }
    }
}

fn separate(out: &mut String, style: JsonStyle, index: usize, level: usize) {
    if index > 0 {
        out.push_str(style.item);
    }
    if let Some(width) = style.indent {
        out.push('\n');
        out.extend(std::iter::repeat_n(' ', width * level));
    }
}

fn close(out: &mut String, style: JsonStyle, level: usize) {
    if let Some(width) = style.indent {
        out.push('\n');
        out.extend(std::iter::repeat_n(' ', width * level));
    }
}

fn write_json_text(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            ' '..='~' => out.push(c),
            c => {
                let mut units = [0; 2];
                for unit in c.encode_utf16(&mut units) {
                    let _ = write!(out, "\\u{unit:04x}");
                }
            }
        }
    }
    out.push('"');
}

/// Takes `value` out of its place, leaving `null`.
pub fn take(value: &mut Value) -> Value {
    let origin = value.origin;
    std::mem::replace(value, Value::new(Kind::Null, origin))
}
