//! Any text as a value of a Serverless Framework service is expanded, without other files.

#![no_main]

use dewline::source::{Files, ReadError, SourceFile};
use dewline::template::{Inputs, json, load};
use libfuzzer_sys::fuzz_target;
use std::sync::Arc;

/// A project of one file.
struct Alone;

impl Files for Alone {
    fn read(&self, _: &str) -> Result<Arc<SourceFile>, ReadError> {
        Err(ReadError::Missing)
    }

    fn exists(&self, _: &str) -> bool {
        false
    }

    fn size(&self, _: &str) -> Option<u64> {
        None
    }
}

fuzz_target!(|text: &str| {
    let value = serde_json::Value::from(text);
    let service = serde_json::json!({
        "service": "fuzz",
        "provider": {"name": "aws", "runtime": "nodejs22.x", "environment": {"A": value, "B": "${self:custom.b.c, 'd'}"}},
        "custom": {"b": value, "c": "${self:custom.b}", "stage": "${sls:stage}"},
        "functions": {"f": {"handler": "index.handler", "timeout": value, "events": [{"http": value}]}},
    });
    let file = Arc::new(SourceFile::new("serverless.yml", service.to_string()));
    if let Some(loaded) = load::load(file, &Alone, &Inputs::default()) {
        json::to_json(&loaded.root);
    }
});
