//! One random resource, checked by both.

use super::generator::{self, Choices};
use super::reference::{Path, Reference};
use dewline::schema::Table;
use dewline::source::{NoFiles, SourceFile};
use dewline::template::validate::{Subject, validate};
use dewline::template::{Inputs, ProblemKind, load};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What the schema of a type alone can say.
const KINDS: [ProblemKind; 12] = [
    ProblemKind::UnknownProperty,
    ProblemKind::RequiredProperty,
    ProblemKind::WrongType,
    ProblemKind::InvalidEnumValue,
    ProblemKind::PatternMismatch,
    ProblemKind::OutOfRange,
    ProblemKind::DuplicateItem,
    ProblemKind::MutuallyExclusiveProperties,
    ProblemKind::DependentProperty,
    ProblemKind::NoMatchingShape,
    ProblemKind::InvalidIdentifier,
    ProblemKind::InvalidName,
];

/// The types to draw from: those of AWS itself, without properties that packaging replaces or
/// that have rules beside the schema.
pub fn types() -> Vec<&'static str> {
    let table = Table::embedded();
    let of_aws = table
        .resource_types()
        .map(dewline::schema::ResourceType::name)
        .filter(|name| !name.starts_with("AWS::Serverless::"));
    of_aws
        .filter(|name| table.packaged(name).is_none() && table.rules(name).next().is_none())
        .filter(|name| !name.starts_with("AWS::CloudFormation::") && table.lifecycle(name).is_none())
        .collect()
}

/// Makes a resource of `name`; answers how many lines are wrong, and the difference if any.
pub fn compare(reference: &Reference, name: &str, choices: &mut dyn Choices) -> (usize, Option<String>) {
    let kind = Table::embedded().resource_type(name).unwrap();
    let mut properties = generator::value(Table::embedded(), kind.properties(), choices, 0);
    if !properties.is_object() {
        properties = json!({});
    }
    let root: Path = ["Resources", "Made", "Properties"].map(str::to_owned).to_vec();
    let template = json!({"Resources": {"Made": {"Type": name, "Properties": properties.clone()}}});
    let (mut text, mut lines) = (String::new(), BTreeMap::new());
    write(&template, &mut Vec::new(), &mut text, &mut lines);
    let expected: BTreeSet<u32> =
        reference.errors(kind.properties(), &properties, &root).iter().map(|path| lines[path]).collect();
    let inputs = Inputs::default();
    let file = Arc::new(SourceFile::new("template.json", text.as_str()));
    let Some(loaded) = load::load(file, &NoFiles, &inputs) else { return (0, Some("not a template".to_owned())) };
    let subject = Subject {
        dialect: loaded.dialect,
        written: &loaded.root,
        expanded: &loaded.root,
        broken: false,
        today: "2026-11-23",
    };
    let problems = validate(subject, &inputs);
    let schema = problems.iter().filter(|problem| KINDS.contains(&problem.kind));
    let line = |problem: &&dewline::template::Problem| {
        loaded.sources.get(problem.origin.span().file).position(problem.origin.span().start).line
    };
    let found: BTreeSet<u32> = schema.clone().map(|problem| line(&problem)).collect();
    let difference = (found != expected).then(|| {
        let said: Vec<String> =
            schema.map(|problem| format!("{} {:?} {}", line(&problem), problem.kind, problem.message)).collect();
        format!(
            "only the program: {:?}, only the plain one: {:?}\n{}\n{text}",
            found.difference(&expected).collect::<Vec<_>>(),
            expected.difference(&found).collect::<Vec<_>>(),
            said.join("\n")
        )
    });
    (expected.len(), difference)
}

/// Writes one key or item a line, and notes the line of each.
fn write(value: &Value, path: &mut Path, out: &mut String, lines: &mut BTreeMap<Path, u32>) {
    lines.insert(path.clone(), out.matches('\n').count() as u32 + 1);
    let entries: Vec<(Option<&String>, String, &Value)> = match value {
        Value::Object(map) => map.iter().map(|(key, value)| (Some(key), key.clone(), value)).collect(),
        Value::Array(items) => items.iter().enumerate().map(|(at, value)| (None, at.to_string(), value)).collect(),
        other => return out.push_str(&other.to_string()),
    };
    let (open, close) = if value.is_object() { ('{', '}') } else { ('[', ']') };
    out.push(open);
    for (at, (key, step, item)) in entries.iter().enumerate() {
        out.push_str(if at == 0 { "\n" } else { ",\n" });
        if let Some(key) = key {
            out.push_str(&format!("{}: ", Value::String((*key).clone())));
        }
        path.push(step.clone());
        write(item, path, out, lines);
        path.pop();
    }
    out.push(close);
}
