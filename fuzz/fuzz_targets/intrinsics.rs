//! Any text becomes a value whose intrinsic functions can be read, and its `Fn::Sub` parts
//! lie inside the text.

#![no_main]

use dewline::document::{Document, Schema};
use dewline::source::{FileId, SourceFile};
use dewline::template::intrinsic::{SubPart, sub_parts};
use dewline::template::lower;
use dewline::template::value::{Kind, Value};
use libfuzzer_sys::fuzz_target;
use std::sync::Arc;

fn read(value: &Value) {
    value.intrinsic();
    value.condition_function();
    match &value.kind {
        Kind::List(items) => items.iter().for_each(read),
        Kind::Map(map) => map.values().for_each(read),
        _ => {}
    }
}

fuzz_target!(|text: &str| {
    for part in sub_parts(text) {
        if let SubPart::Name(name, at) = part {
            assert_eq!(text.get(at..at + name.len()), Some(name));
        }
    }
    let document = Document::parse(FileId(0), &Arc::new(SourceFile::new("template.yaml", text)));
    read(&lower::document(&document, Schema::Yaml11, &mut Vec::new()));
});
