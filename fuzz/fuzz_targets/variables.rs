//! Any text as a value of a Serverless Framework service is expanded, without other files.

#![no_main]

use dewline::source::{NoFiles, SourceFile};
use dewline::template::{Inputs, json, load};
use libfuzzer_sys::fuzz_target;
use std::sync::Arc;

fuzz_target!(|text: &str| {
    let value = serde_json::Value::from(text);
    let service = serde_json::json!({
        "service": "fuzz",
        "provider": {"name": "aws", "runtime": "nodejs22.x", "environment": {"A": value, "B": "${self:custom.b.c, 'd'}"}},
        "custom": {"b": value, "c": "${self:custom.b}", "stage": "${sls:stage}"},
        "functions": {"f": {"handler": "index.handler", "timeout": value, "events": [{"http": value}]}},
    });
    let file = Arc::new(SourceFile::new("serverless.yml", service.to_string()));
    if let Some(loaded) = load::load(file, &NoFiles, &Inputs::default()) {
        json::to_json(&loaded.root);
    }
});
