//! What CloudFormation itself does to a template before anything reads it: includes of local
//! files and the language extensions. SAM templates go through the same steps first.

mod for_each;
mod include;

use super::lowering::Lowering;
use super::problem::{Problem, ProblemKind};
use super::value::Value;

/// `root` with local `AWS::Include` files in place and, where the template asks for
/// `AWS::LanguageExtensions`, loops unrolled. What cannot be run offline stays as it is
/// written, in a map that is marked incomplete.
pub fn preprocess(mut root: Value, cx: &mut Lowering<'_>) -> Value {
    include::run(&mut root, cx);
    if transforms(&root).any(|name| name.as_str() == Some("AWS::LanguageExtensions")) {
        for_each::run(&mut root, cx);
    } else if transforms(&root).all(|name| name.as_str().is_some_and(|name| name.starts_with("AWS::"))) {
        for_each::without_transform(&root, cx);
    }
    check_sections(&root, cx);
    note_macros(&mut root, cx);
    root
}

/// Transforms that are run here, or that do not change what a template means.
const KNOWN: [&str; 4] =
    ["AWS::LanguageExtensions", "AWS::Include", "AWS::SecretsManager-", "AWS::CodeDeployBlueGreen"];

/// A macro of the account may add anything to the resources.
fn note_macros(root: &mut Value, cx: &mut Lowering<'_>) {
    let mut unknown = Vec::new();
    for transform in transforms(root) {
        let name = transform.get("Name").unwrap_or(transform);
        if let Some(text) = name.as_str()
            && !text.starts_with("AWS::Serverless-")
            && !KNOWN.iter().any(|known| text.starts_with(known))
        {
            unknown.push((name.origin, text.to_owned()));
        }
    }
    for (origin, name) in unknown {
        if let Some(resources) = root.get_mut("Resources") {
            resources.origin = resources.origin.incomplete();
        }
        let message = format!("the macro `{name}` runs only in the account; what it changes is not known here");
        cx.report(
            Problem::new(ProblemKind::UnknownTransform, origin, message)
                .help("check the processed template as well if the macro adds resources"),
        );
    }
}

/// The names in the top-level `Transform`, text or not.
pub fn transforms(root: &Value) -> impl Iterator<Item = &Value> {
    let transform = root.get("Transform").into_iter();
    transform.flat_map(|value| value.as_list().unwrap_or(std::slice::from_ref(value)))
}

/// Sections whose shape nothing further down could report on.
fn check_sections(root: &Value, cx: &mut Lowering<'_>) {
    const SECTIONS: [&str; 7] = ["Resources", "Parameters", "Mappings", "Conditions", "Outputs", "Rules", "Metadata"];
    for entry in root.as_map().into_iter().flatten() {
        if SECTIONS.contains(&&*entry.key) && entry.value.as_map().is_none() && !entry.value.origin.is_incomplete() {
            let scalar = entry.value.as_list().is_none() && !entry.value.is_null();
            let origin = if scalar { entry.value.origin } else { entry.key_origin };
            let message = format!("`{}` must be a map of names, but it is {}", entry.key, entry.value.type_name());
            let help = match &*entry.key {
                "Resources" => "declare at least one resource below it",
                _ => "remove the section, or fill it in",
            };
            cx.report(Problem::new(ProblemKind::Structure, origin, message).help(help));
        }
    }
    for entry in root.get("Resources").and_then(Value::as_map).into_iter().flatten() {
        if entry.key.starts_with("Fn::") || entry.value.origin.is_incomplete() {
            continue;
        }
        let Some(body) = entry.value.as_map() else {
            let message = format!("the resource `{}` must be a map, but it is {}", entry.key, entry.value.type_name());
            cx.report(
                Problem::new(ProblemKind::Structure, entry.key_origin, message)
                    .resource(entry.key.clone())
                    .help("give it a `Type` and `Properties`, or remove it"),
            );
            continue;
        };
        let problem = match body.entry("Type") {
            Some(ty) if ty.value.as_str().is_some() => continue,
            Some(ty) => (
                ty.value.origin,
                format!("the `Type` of `{}` must be a string, but it is {}", entry.key, ty.value.type_name()),
            ),
            None => (entry.key_origin, format!("the resource `{}` has no `Type`", entry.key)),
        };
        cx.report(
            Problem::new(ProblemKind::Structure, problem.0, problem.1)
                .resource(entry.key.clone())
                .help("write the resource type as text, such as `Type: AWS::SQS::Queue`"),
        );
    }
}
