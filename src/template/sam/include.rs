//! `Fn::Transform: AWS::Include` of local files.

use crate::document::Schema;
use crate::template::lowering::Lowering;
use crate::template::value::{Kind, Value};

/// Files within files; deeper ones stay as they are.
const DEPTH: usize = 8;

/// Replaces includes of local files throughout `value` by their contents.
pub fn inline(value: &mut Value, cx: &mut Lowering<'_>) {
    walk(value, cx, 0);
}

fn walk(value: &mut Value, cx: &mut Lowering<'_>, depth: usize) {
    if depth < DEPTH
        && let Some(location) = local(value)
    {
        let origin = value.origin;
        let base = cx.directory(origin.span().file);
        match cx.include(&base, &location, Schema::Yaml11) {
            Ok(included) => {
                *value = included;
                walk(value, cx, depth + 1);
                return;
            }
            Err(error) => cx.report_unreadable(origin, &location, &error),
        }
    }
    match &mut value.kind {
        Kind::List(items) => items.iter_mut().for_each(|item| walk(item, cx, depth)),
        Kind::Map(map) => map.iter_mut().for_each(|entry| walk(&mut entry.value, cx, depth)),
        _ => {}
    }
}

/// Whether `value` is a macro whose result is not known here.
pub fn is_transform(value: &Value) -> bool {
    value.get("Fn::Transform").is_some()
}

fn local(value: &Value) -> Option<String> {
    let transform = value.single().filter(|(key, _)| *key == "Fn::Transform")?.1;
    let is_include = transform.get("Name").and_then(Value::as_str) == Some("AWS::Include");
    let location = transform.at(&["Parameters", "Location"]).and_then(Value::as_str)?;
    let elsewhere = ["s3://", "http://", "https://"].iter().any(|scheme| location.starts_with(scheme));
    (is_include && !elsewhere && !location.is_empty()).then(|| location.to_owned())
}
