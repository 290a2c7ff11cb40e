//! The JSON schema of `dewline.yaml`, for editors.

use super::keys::{KEYS, Key, KeyKind};
use crate::finding::{Category, Severity};
use crate::policy::{Meta, OptionDefault, Profile};
use serde_json::{Map, Value, json};

/// Names of organisation rules and instances: two words at least.
const NAME: &str = "^[a-z0-9]+(-[a-z0-9]+)+$";

/// The schema, with the names and parameters of `policies`.
pub fn json_schema(policies: &[&'static Meta]) -> Value {
    let properties: Map<String, Value> = KEYS.iter().map(|key| (key.name.to_owned(), property(key))).collect();
    let names = || policies.iter().map(|meta| meta.name);
    let categories = Category::ALL.map(Category::name);
    let selectors: Vec<&str> = ["all"].into_iter().chain(categories).chain(names()).collect();
    let severities: Map<String, Value> = categories
        .into_iter()
        .chain(names())
        .map(|name| (name.to_owned(), json!({ "$ref": "#/definitions/severity" })))
        .collect();
    let options: Map<String, Value> = policies.iter().map(|meta| (meta.name.to_owned(), parameters(meta))).collect();
    json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Configuration of dewline",
        "type": ["object", "null"],
        "additionalProperties": false,
        "properties": properties,
        "definitions": {
            "severity": { "enum": Severity::ALL.map(Severity::name) },
            "policy": { "enum": names().collect::<Vec<_>>() },
            // Organisation rules and instances have names that no schema knows.
            "selector": { "anyOf": [{ "enum": selectors }, { "type": "string", "pattern": NAME }] },
            "severities": {
                "type": "object",
                "additionalProperties": false,
                "properties": severities,
                "patternProperties": { (NAME): { "$ref": "#/definitions/severity" } },
            },
            "options": {
                "type": "object",
                "additionalProperties": false,
                "properties": options,
                "patternProperties": { (NAME): { "type": "object" } },
            },
        },
    })
}

fn property(key: &Key) -> Value {
    let text = json!({ "type": "string" });
    let list = |item: Value| json!({ "anyOf": [item, { "type": "array", "items": item }] });
    let mut property = match key.kind {
        KeyKind::Profile => json!({ "enum": Profile::ALL.map(Profile::name) }),
        KeyKind::Severity => json!({ "allOf": [{ "$ref": "#/definitions/severity" }] }),
        KeyKind::Selectors => list(json!({ "$ref": "#/definitions/selector" })),
        KeyKind::Severities => json!({ "allOf": [{ "$ref": "#/definitions/severities" }] }),
        KeyKind::Options => json!({ "allOf": [{ "$ref": "#/definitions/options" }] }),
        KeyKind::Instances => json!({
            "type": "object",
            "propertyNames": { "pattern": NAME },
            "additionalProperties": {
                "type": "object",
                "required": ["policy"],
                "additionalProperties": false,
                "properties": {
                    "policy": { "$ref": "#/definitions/policy" },
                    "severity": { "$ref": "#/definitions/severity" },
                    "reason": { "type": "string" },
                    "parameters": { "type": "object" },
                    "paths": list(text),
                },
            },
        }),
        KeyKind::Paths => {
            let keys = KEYS.iter().filter(|key| key.by_path);
            let properties: Map<String, Value> = keys.map(|key| (key.name.to_owned(), property(key))).collect();
            json!({
                "type": "object",
                "additionalProperties": { "type": "object", "additionalProperties": false, "properties": properties },
            })
        }
        KeyKind::Globs | KeyKind::Files => list(text),
        KeyKind::Text => text,
        KeyKind::Texts => {
            json!({ "type": "object", "additionalProperties": { "type": ["string", "number", "boolean"] } })
        }
        KeyKind::Bool => json!({ "type": "boolean" }),
    };
    property["description"] = key.help.into();
    property
}

fn parameters(meta: &Meta) -> Value {
    let properties: Map<String, Value> = meta
        .options
        .iter()
        .map(|option| {
            let mut property = match option.default {
                OptionDefault::Int(_) => json!({ "type": "integer" }),
                OptionDefault::Bool(_) => json!({ "type": "boolean" }),
                OptionDefault::Text(_) => json!({ "type": "string" }),
                OptionDefault::List(_) => json!({ "type": "array", "items": { "type": "string" } }),
            };
            property["description"] = option.help.into();
            property["default"] = option.default.json();
            (option.name.to_owned(), property)
        })
        .collect();
    json!({
        "type": "object",
        "additionalProperties": false,
        "description": meta.summary(),
        "properties": properties,
    })
}
