//! Logical ids with a hash of content in them.

use super::python::{self, COMPACT};
use crate::template::value::{Kind, Value};
use sha1::{Digest, Sha1};
use std::fmt::Write;

/// Digits of a hash in a logical id.
const LENGTH: usize = 10;

/// All 40 digits of the SHA-1 of `text`.
pub fn digest(text: &str) -> String {
    Sha1::digest(text.as_bytes()).iter().fold(String::with_capacity(40), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

/// The hash of `text` for a logical id; empty text has none.
pub fn hash_text(text: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    let mut hash = digest(text);
    hash.truncate(LENGTH);
    hash
}

/// The hash of `value` for a logical id; what is not true has none.
pub fn hash(value: &Value) -> String {
    if !python::truthy(value) {
        return String::new();
    }
    match &value.kind {
        Kind::Str(text) => hash_text(text),
        _ => hash_text(&python::json(value, COMPACT)),
    }
}

/// Whether `text` is letters and digits only, and not empty.
pub fn is_alphanumeric(text: &str) -> bool {
    !text.is_empty() && text.chars().all(char::is_alphanumeric)
}

/// `prefix` with `suffix` behind it, hashed when it could not stand in a logical id.
pub fn suffixed(prefix: &str, suffix: &str) -> String {
    if is_alphanumeric(suffix) { format!("{prefix}{suffix}") } else { format!("{prefix}{}", hash_text(suffix)) }
}
