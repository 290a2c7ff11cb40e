//! The JSON schema of usage files, for editors.

use super::keys::{Key, Unit};
use serde_json::{Map, Value, json};

/// The schema, made from the table of keys.
pub fn json_schema() -> Value {
    let amounts: Map<String, Value> = Key::ALL.iter().map(|key| (key.name().to_owned(), property(*key))).collect();
    let mut resource = amounts.clone();
    let by_name = |item: Value| json!({ "type": ["object", "null"], "additionalProperties": item });
    let amount = || json!({ "$ref": "#/definitions/amount" });
    let share = || json!({ "$ref": "#/definitions/share" });
    let nested = [
        (
            "routes",
            "Routes of an API, `GET /orders` or `$default`",
            by_name(json!({ "$ref": "#/definitions/amounts" })),
        ),
        (
            "calls",
            "Calls on other resources a request, by logical id",
            by_name(json!({ "anyOf": [amount(), {
                "type": "object", "additionalProperties": false, "properties": { "reads": amount(), "writes": amount() }
            }] })),
        ),
        ("choices", "Probability of each next state, by choice state and next state", by_name(by_name(share()))),
        ("items", "Items of map states, by state", by_name(amount())),
    ];
    for (name, help, mut value) in nested {
        value["description"] = help.into();
        resource.insert(name.to_owned(), value);
    }
    let closed = |properties: &Map<String, Value>| json!({ "type": ["object", "null"], "additionalProperties": false, "properties": properties });
    let milliseconds = || json!({ "$ref": "#/definitions/number" });
    let money = |help: &str| json!({ "allOf": [{ "$ref": "#/definitions/number" }], "description": help });
    json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Usage file of dewline",
        "type": ["object", "null"],
        "additionalProperties": false,
        "properties": {
            "version": { "const": 1 },
            "region": { "type": "string", "description": "The region that prices are for" },
            "profiles": by_name(json!({ "$ref": "#/definitions/profile" })),
            "resource_usage": by_name(json!({ "$ref": "#/definitions/resource" })),
            "resource_type_default_usage": by_name(json!({ "$ref": "#/definitions/amounts" })),
            "assume": { "$ref": "#/definitions/amounts" },
            "slo": by_name(json!({ "type": ["object", "null"], "additionalProperties": false, "properties": {
                "p50_ms": milliseconds(), "p95_ms": milliseconds(), "p99_ms": milliseconds(),
                "p999_ms": milliseconds(), "cold_start_probability": share(),
            } })),
            "budget": { "type": ["object", "null"], "additionalProperties": false, "properties": {
                "monthly_usd": money("Dollars a month in all, expected"),
                "per_path": by_name(money("Dollars a month of what enters at one place")),
                "increase_usd": money("Dollars a month that a change may add"),
                "increase_percent": money("Percent that a change may add"),
            } },
        },
        "definitions": {
            "number": { "anyOf": [
                { "type": "number", "minimum": 0 },
                // YAML 1.1 reads `1e6` as text.
                { "type": "string", "pattern": "^\\+?[0-9.]+([eE][+-]?[0-9]+)?$" },
            ] },
            "profile": { "type": "array", "items": { "type": "number", "minimum": 0 }, "anyOf": [
                { "minItems": 24, "maxItems": 24 }, { "minItems": 168, "maxItems": 168 },
            ] },
            "amount": ranged(&json!({ "$ref": "#/definitions/number" })),
            "share": ranged(&json!({ "type": "number", "minimum": 0, "maximum": 1 })),
            "amounts": closed(&amounts),
            "resource": closed(&resource),
        },
    })
}

/// One number, or three with a profile; nothing where a question is still open.
fn ranged(number: &Value) -> Value {
    json!({ "anyOf": [number, { "type": "null" }, {
        "type": "object",
        "additionalProperties": false,
        "required": ["expected"],
        "properties": {
            "low": number, "expected": number, "high": number,
            "profile": { "anyOf": [{ "type": "string" }, { "$ref": "#/definitions/profile" }] },
        },
    }] })
}

fn property(key: Key) -> Value {
    let of = if key.unit() == Unit::Share { "#/definitions/share" } else { "#/definitions/amount" };
    let unit = match key.unit() {
        Unit::Count => String::new(),
        unit => format!(" ({})", unit.noun()),
    };
    let assumed = key
        .assumed()
        .map_or(String::new(), |(low, expected, high)| format!("; assumed {expected}, from {low} to {high}"));
    json!({ "allOf": [{ "$ref": of }], "description": format!("{}{unit}{assumed}", key.help()) })
}
