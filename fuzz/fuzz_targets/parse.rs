//! Any text becomes a document: spans lie inside the text, every scalar has a type, and what
//! was edited can be read again.

#![no_main]

use dewline::document::edit::{Tree, apply};
use dewline::document::{Document, Kind, Schema, resolve};
use dewline::source::{FileId, SourceFile};
use dewline::template::{dialect, lower};
use libfuzzer_sys::fuzz_target;
use std::sync::Arc;

fuzz_target!(|bytes: &[u8]| {
    let source = Arc::new(SourceFile::from_bytes("template.json", bytes.to_vec()));
    let document = Document::parse(FileId(0), &source);
    let text = source.text();
    for error in document.errors() {
        assert!(text.get(error.span.range()).is_some(), "{error:?}");
    }
    for (start, end) in document.repaired() {
        assert!(start <= end && *end as usize <= text.len());
    }
    for schema in [Schema::Yaml11, Schema::JsYaml] {
        lower::document(&document, schema, &mut Vec::new());
    }
    let mut open: Vec<_> = document.roots().collect();
    while let Some(node) = open.pop() {
        assert!(text.get(node.span().range()).is_some(), "{:?} {:?}", node.kind(), node.span());
        for schema in [Schema::Yaml11, Schema::JsYaml] {
            resolve(node.text(), schema);
        }
        open.extend(node.children().take(1));
        if node.kind() != Kind::Map {
            continue;
        }
        let key = node.pairs().next().map_or("", |(key, _)| key.text());
        let edits = [
            document.set(node, key, &Tree::Str("x: y".into())),
            document.insert(node, "New", &Tree::Seq(vec![Tree::Int(1)]), Some(key)),
            document.remove(node, key),
            document.rename(node, key, "Other"),
        ];
        for edit in edits.into_iter().flatten() {
            if let Some(changed) = apply(text, &edit) {
                Document::parse(FileId(0), &Arc::new(SourceFile::new("template.json", changed)));
            }
        }
    }
    for at in (0..=text.len() as u32).step_by(text.len() / 16 + 1) {
        document.node_at(at);
        source.position(at);
    }
    document.suppressions();
    document.json_deviation();
    dialect::may_be_template(text);
    dialect::detect(&document);
});
