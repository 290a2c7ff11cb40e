//! `AWS::Include` of a file inside the project.

use crate::document::Schema;
use crate::source::FileId;
use crate::template::lowering::Lowering;
use crate::template::problem::{Problem, ProblemKind};
use crate::template::value::{Kind, Value};

/// Includes within includes; CloudFormation allows none, tools that package allow a few.
const MAX_DEPTH: usize = 8;

/// Replaces every include whose location is a local file.
pub(super) fn run(root: &mut Value, cx: &mut Lowering<'_>) {
    // At the top level the transform merges the file into the whole template.
    let mut included = Vec::new();
    for transform in super::transforms(root) {
        if let Some(location) = location(transform) {
            included.push(location.clone());
        }
    }
    let mut stack = vec![root.span().file];
    for location in included {
        if let Some(content) = read(&location, cx, &stack) {
            merge(root, content);
        }
    }
    value(root, cx, &mut stack);
}

fn value(at: &mut Value, cx: &mut Lowering<'_>, stack: &mut Vec<FileId>) {
    match &mut at.kind {
        Kind::List(items) => items.iter_mut().for_each(|item| value(item, cx, stack)),
        Kind::Map(map) => {
            if let Some(transform) = map.get("Fn::Transform") {
                match location(transform).cloned() {
                    Some(location) => {
                        if let Some(mut content) = read(&location, cx, stack) {
                            stack.push(content.span().file);
                            value(&mut content, cx, stack);
                            stack.pop();
                            if let Kind::Map(map) = &mut at.kind {
                                map.remove("Fn::Transform");
                            }
                            merge(at, content);
                            return;
                        }
                        at.origin = at.origin.incomplete();
                    }
                    None => at.origin = at.origin.incomplete(),
                }
            }
            if let Kind::Map(map) = &mut at.kind {
                map.iter_mut().for_each(|entry| value(&mut entry.value, cx, stack));
            }
        }
        _ => {}
    }
}

/// The location of an include, when it is literal text that can be a local path.
fn location(transform: &Value) -> Option<&Value> {
    if transform.get("Name")?.as_str()? != "AWS::Include" {
        return None;
    }
    let location = transform.at(&["Parameters", "Location"])?;
    let text = location.as_str()?;
    (!text.starts_with("s3://") && !text.starts_with("http://") && !text.starts_with("https://")).then_some(location)
}

fn read(location: &Value, cx: &mut Lowering<'_>, stack: &[FileId]) -> Option<Value> {
    let path = location.as_str()?;
    let base = cx.directory(location.span().file);
    let content = match cx.include(&base, path, Schema::Yaml11) {
        Ok(content) => content,
        Err(error) => {
            cx.report_unreadable(location.origin, path, &error);
            return None;
        }
    };
    if stack.contains(&content.span().file) || stack.len() > MAX_DEPTH {
        let message = format!("`{path}` includes itself, directly or through other files");
        cx.report(
            Problem::new(ProblemKind::Include, location.origin, message)
                .help("break the circle: one of the files must not include the other"),
        );
        return None;
    }
    Some(content)
}

/// Puts `content` in the place of the include: merged with what stands beside it.
fn merge(at: &mut Value, content: Value) {
    match (&mut at.kind, content.kind) {
        (Kind::Map(map), Kind::Map(content)) => {
            for entry in content {
                if !map.contains_key(&entry.key) {
                    map.push(entry);
                }
            }
        }
        (Kind::Map(map), kind) if map.is_empty() => {
            at.kind = kind;
            at.origin = content.origin;
        }
        _ => {}
    }
}
