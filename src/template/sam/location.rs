//! Places in S3 where code and documents lie.

use super::python::Lookup;
use super::refusal::{self, Outcome};
use crate::template::value::{Maker, Value};

/// A place in S3.
#[derive(Debug)]
pub struct S3Location {
    /// The bucket.
    pub bucket: Value,
    /// The key.
    pub key: Value,
    /// The version of the object.
    pub version: Option<Value>,
    /// The storage mode.
    pub mode: Option<Value>,
}

impl S3Location {
    /// Bucket and key of a map; `None` when either is missing.
    fn of_map(value: &Value) -> Option<Self> {
        Some(Self {
            bucket: value.truthy("Bucket")?.clone(),
            key: value.truthy("Key")?.clone(),
            version: value.get("Version").cloned(),
            mode: value.get("StorageMode").cloned(),
        })
    }

    /// The place that `s3://bucket/key?versionId=…` names.
    pub fn of_uri(value: &Value) -> Option<Self> {
        let make = Maker::new(value.origin);
        let text = value.as_str()?;
        let scheme = text.get(..5).filter(|scheme| scheme.eq_ignore_ascii_case("s3://"))?;
        let rest = text.get(scheme.len()..)?;
        let rest = rest.split_once('#').map_or(rest, |(before, _)| before);
        let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (bucket, key) = rest.split_once('/')?;
        if bucket.is_empty() {
            return None;
        }
        let mut versions =
            query.split('&').filter_map(|pair| pair.strip_prefix("versionId=")).filter(|v| !v.is_empty());
        let version = versions.next().filter(|_| versions.next().is_none()).map(decode);
        Some(Self {
            bucket: make.str(bucket),
            key: make.str(key.trim_start_matches('/')),
            version: version.map(|version| make.str(version)),
            mode: None,
        })
    }

    /// The place of a document.
    pub fn definition(id: &str, value: &Value) -> Outcome<Self> {
        if value.as_map().is_some() {
            return Self::of_map(value).map_or_else(
                || {
                    refusal::resource(
                        id,
                        value.origin,
                        "'DefinitionUri' requires Bucket and Key properties to be specified.",
                    )
                },
                Ok,
            );
        }
        Self::of_uri(value).map_or_else(
            || {
                refusal::resource(
                    id,
                    value.origin,
                    "'DefinitionUri' is not a valid S3 Uri of the form 's3://bucket/key' with optional versionId query parameter.",
                )
            },
            Ok,
        )
    }

    /// The place of code.
    pub fn code(id: &str, value: &Value, property: &str) -> Outcome<Self> {
        if value.as_map().is_some() {
            return Self::of_map(value).map_or_else(
                || {
                    let text = format!("'{property}' requires Bucket and Key properties to be specified.");
                    refusal::resource(id, value.origin, text)
                },
                Ok,
            );
        }
        let Some(text) = value.as_str() else {
            return refusal::resource(id, value.origin, format!("'{property}' must be of type dict or string."));
        };
        if has_parameter_path(text) {
            return refusal::resource(
                id,
                value.origin,
                format!(
                    "Unsupported dynamic reference detected in '{property}'. Please consider using alternative 'FunctionCode' object format."
                ),
            );
        }
        Self::of_uri(value).map_or_else(
            || {
                refusal::resource(
                    id,
                    value.origin,
                    format!(
                        "'{property}' is not a valid S3 Uri of the form 's3://bucket/key' with optional versionId query parameter."
                    ),
                )
            },
            Ok,
        )
    }

    /// As the `Code` of a function or the `Content` of a layer.
    pub fn into_code(self, make: Maker) -> Value {
        let mut code = vec![("S3Bucket", self.bucket), ("S3Key", self.key)];
        code.extend(self.version.map(|version| ("S3ObjectVersion", version)));
        code.extend(self.mode.map(|mode| ("S3ObjectStorageMode", mode)));
        make.map(code)
    }

    /// As the place of a document.
    pub fn into_body(self, make: Maker) -> Value {
        let mut body = vec![("Bucket", self.bucket), ("Key", self.key)];
        body.extend(self.version.map(|version| ("Version", version)));
        make.map(body)
    }
}

/// A dynamic reference whose name has a slash in it.
fn has_parameter_path(text: &str) -> bool {
    text.match_indices("{{resolve:").any(|(at, open)| {
        let rest = &text[at + open.len()..];
        let Some((service, rest)) = rest.split_once(':') else { return false };
        let name = rest.split("}}").next().unwrap_or_default();
        matches!(service, "ssm" | "ssm-secure" | "secretsmanager")
            && rest.contains("}}")
            && name.contains('/')
            && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-' | '/' | ':'))
    })
}

fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'+' => bytes.push(b' '),
            b'%' => {
                let ahead: Vec<u8> = rest.clone().take(2).collect();
                let code = std::str::from_utf8(&ahead).ok().and_then(|hex| u8::from_str_radix(hex, 16).ok());
                match code.filter(|_| ahead.len() == 2) {
                    Some(code) => {
                        bytes.push(code);
                        rest.nth(1);
                    }
                    None => bytes.push(byte),
                }
            }
            byte => bytes.push(byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
