//! JSON data as YAML 1.1 that people read: block style, quotes only where they are needed,
//! short forms of references.

use crate::document::{Scalar, Schema, resolve};
use serde_json::Value;
use std::fmt::Write;

/// The data as a YAML text.
pub fn text(value: &Value) -> String {
    let mut out = String::new();
    node(value, 0, false, &mut out);
    if !out.ends_with('\n') {
        out.push('\n');
    }
    out
}

/// Writes `value` behind `key:` or `- `; collections of a map start on a line of their own.
fn node(value: &Value, indent: usize, in_map: bool, out: &mut String) {
    if let Some(short) = short_form(value) {
        out.push_str(&short);
        out.push('\n');
        return;
    }
    match value {
        Value::Object(map) if !map.is_empty() => {
            for (index, (name, value)) in map.iter().enumerate() {
                if in_map || index > 0 {
                    start(indent, in_map && index == 0, out);
                }
                let _ = write!(out, "{}:", scalar(name));
                let is_list = value.as_array().is_some_and(|items| !items.is_empty());
                let below = !is_flat(value);
                out.push_str(if below { "" } else { " " });
                node(value, if is_list { indent } else { indent + 2 }, below, out);
            }
        }
        Value::Array(items) if !items.is_empty() => {
            for (index, item) in items.iter().enumerate() {
                if in_map || index > 0 {
                    start(indent, in_map && index == 0, out);
                }
                out.push_str("- ");
                node(item, indent + 2, false, out);
            }
        }
        Value::Object(_) => out.push_str("{}\n"),
        Value::Array(_) => out.push_str("[]\n"),
        Value::String(text) if is_block(text) => block(text, indent, out),
        Value::String(text) => {
            out.push_str(&scalar(text));
            out.push('\n');
        }
        other => {
            let _ = writeln!(out, "{other}");
        }
    }
}

fn start(indent: usize, first: bool, out: &mut String) {
    if first && !out.ends_with('\n') {
        out.push('\n');
    }
    out.extend(std::iter::repeat_n(' ', indent));
}

fn is_flat(value: &Value) -> bool {
    match value {
        Value::Object(map) => map.is_empty() || short_form(value).is_some(),
        Value::Array(items) => items.is_empty(),
        _ => true,
    }
}

/// `!Ref X` and `!GetAtt X.Y`; other functions stay in their long form, which may nest.
fn short_form(value: &Value) -> Option<String> {
    let map = value.as_object().filter(|map| map.len() == 1)?;
    let (name, argument) = map.iter().next()?;
    match (name.as_str(), argument) {
        ("Ref", Value::String(id)) if is_word(id) => Some(format!("!Ref {id}")),
        ("Fn::GetAtt", Value::Array(parts)) => match parts.as_slice() {
            [Value::String(id), Value::String(attribute)] if is_word(id) && is_word(attribute) => {
                Some(format!("!GetAtt {id}.{attribute}"))
            }
            _ => None,
        },
        ("Fn::Sub", Value::String(text)) if !is_block(text) => Some(format!("!Sub {}", quoted(text))),
        _ => None,
    }
}

fn is_word(text: &str) -> bool {
    !text.is_empty()
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b':' || byte == b'.')
        && !text.ends_with(':')
}

/// Whether a literal block shows `text` exactly.
fn is_block(text: &str) -> bool {
    text.contains('\n')
        && !text.starts_with([' ', '\n'])
        && text.chars().all(|c| c == '\n' || !c.is_control() && c != '\u{2028}' && c != '\u{2029}' && c != '\u{feff}')
        && !text.lines().any(|line| line.ends_with(' '))
        && !text.ends_with("\n\n")
}

fn block(text: &str, indent: usize, out: &mut String) {
    out.push_str(if text.ends_with('\n') { "|\n" } else { "|-\n" });
    for line in text.lines() {
        if !line.is_empty() {
            out.extend(std::iter::repeat_n(' ', indent.max(2)));
            out.push_str(line);
        }
        out.push('\n');
    }
}

fn scalar(text: &str) -> String {
    let first = text.chars().next().unwrap_or(' ');
    let plain = !text.is_empty()
        && !" \t-?:,[]{}#&*!|>'\"%@`=<".contains(first)
        && !text.ends_with([' ', ':'])
        && !text.contains(": ")
        && !text.contains(" #")
        && text
            .chars()
            .all(|c| !c.is_control() && c != '\u{2028}' && c != '\u{2029}' && c != '\u{feff}' && c != '\u{85}')
        && matches!(resolve(text, Schema::Yaml11), Scalar::Str(_));
    if plain { text.to_owned() } else { quoted(text) }
}

fn quoted(text: &str) -> String {
    if text.chars().any(|c| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{85}')) {
        // JSON's escapes are YAML's.
        let json = Value::String(text.to_owned()).to_string();
        return json
            .replace('\u{2028}', "\\u2028")
            .replace('\u{2029}', "\\u2029")
            .replace('\u{feff}', "\\ufeff")
            .replace('\u{85}', "\\u0085")
            .replace('\u{7f}', "\\u007f");
    }
    format!("'{}'", text.replace('\'', "''"))
}
