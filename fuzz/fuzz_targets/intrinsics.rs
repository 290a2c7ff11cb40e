//! Any text becomes a template whose intrinsic functions can be read and evaluated, whose
//! conditions and rules have an answer, and whose `Fn::Sub` parts lie inside the text.

#![no_main]

use dewline::document::{Document, Schema};
use dewline::source::{FileId, SourceFile};
use dewline::template::intrinsic::{SubPart, sub_parts};
use dewline::template::lower;
use dewline::template::value::{Kind, Value};
use dewline::template::{Dialect, Inputs, Template};
use libfuzzer_sys::fuzz_target;
use std::sync::Arc;

fn read(template: &Template, value: &Value) {
    template.eval(value);
    template.branches(value);
    match &value.kind {
        Kind::List(items) => items.iter().for_each(|item| read(template, item)),
        Kind::Map(map) => map.values().for_each(|value| read(template, value)),
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
    let root = lower::document(&document, Schema::Yaml11, &mut Vec::new());
    let template = Template::new(Dialect::CloudFormation, root, Vec::new(), Inputs::default());
    read(&template, &template.root);
    for name in template.section("Conditions").into_iter().flat_map(|conditions| conditions.keys()) {
        template.condition(name);
        template.can_coexist(name, "Other");
    }
    template.rule_refusals();
    for resource in template.resources() {
        resource.exists();
        resource.property(&["Name"]);
    }
});
