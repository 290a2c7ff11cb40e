//! Keys and values of serverless.yml.

use super::{Candidate, choice};
use crate::server::context::Context;
use crate::server::requests::hover::step_text;
use crate::template::serverless::keys::{self, Shape};
use lsp_types::CompletionItemKind as Kind;

/// Enumerations longer than this make no snippet of choices.
const MAX_CHOICES: usize = 12;

/// The candidates of a path that is not below `resources`.
pub(super) fn candidates(context: &Context) -> Vec<Candidate> {
    let path: Vec<String> = context.steps.iter().map(step_text).collect();
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    if context.is_key {
        let known = keys::keys_at(&path).enumerate();
        return known
            .filter(|(_, key)| !context.siblings.iter().any(|sibling| sibling == key.name))
            .map(|(at, key)| {
                let behind = match key.shape {
                    Shape::OneOf(values) if values.len() <= MAX_CHOICES => format!(" {}", choice(values)),
                    Shape::Map if !context.flow => "\n  $0".to_owned(),
                    Shape::List if !context.flow => "\n  - $0".to_owned(),
                    Shape::Bool => " ${1|true,false|}".to_owned(),
                    _ => " $0".to_owned(),
                };
                // What comes first in the table is what most services have.
                let rank = if at < 6 { 1 } else { 5 };
                Candidate::new(key.name, Kind::PROPERTY)
                    .documentation(key.help)
                    .text(format!("{}: ", key.name))
                    .snippet(format!("{}:{behind}", key.name))
                    .rank(rank)
            })
            .collect();
    }
    let Some((name, map)) = path.split_last() else { return Vec::new() };
    // A bare item of a list of events may be the kind alone.
    let values: Vec<&str> = match keys::find(map, name).map(|key| key.shape) {
        Some(Shape::OneOf(values)) => values.to_vec(),
        Some(Shape::Bool) => vec!["true", "false"],
        _ => Vec::new(),
    };
    values.into_iter().map(|value| Candidate::new(value, Kind::ENUM_MEMBER).rank(1)).collect()
}
