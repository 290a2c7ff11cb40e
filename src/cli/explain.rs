//! `dewline explain`: the documentation of policies.

use super::terminal::{self, Color};
use crate::engine::names_matching;
use crate::policies;
use crate::policy::Meta;
use crate::report::docs;
use serde_json::Value;
use std::process::ExitCode;

/// How to print.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For the terminal.
    Text,
    /// Markdown.
    Markdown,
    /// JSON, for tools.
    Json,
}

/// Arguments of `explain`.
#[derive(clap::Args)]
pub struct Arguments {
    /// Name of the policy.
    #[arg(required_unless_present = "all")]
    name: Option<String>,
    /// Every policy.
    #[arg(long, conflicts_with = "name")]
    all: bool,
    /// How to print.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// When to use colours.
    #[arg(long, value_enum, default_value = "auto")]
    color: Color,
}

/// Runs the verb.
pub fn run(arguments: &Arguments) -> ExitCode {
    let metas: Vec<&Meta> = match &arguments.name {
        Some(name) => match policies::find(name) {
            Some(policy) => vec![&policy.meta],
            None => return unknown(name),
        },
        None => policies::ALL.iter().map(|policy| &policy.meta).collect(),
    };
    let style = terminal::style(arguments.color);
    let text = match arguments.format {
        Format::Json => {
            let mut values: Vec<Value> = metas.iter().map(|meta| docs::json(meta)).collect();
            let value = if arguments.all { Value::Array(values) } else { values.pop().unwrap_or_default() };
            format!("{value:#}\n")
        }
        Format::Markdown => metas.iter().map(|meta| docs::page(meta)).collect::<Vec<_>>().join("\n"),
        Format::Text => metas.iter().map(|meta| docs::text(meta, &style)).collect::<Vec<_>>().join("\n"),
    };
    super::print(&text)
}

fn unknown(name: &str) -> ExitCode {
    let near = names_matching(name);
    let help = if near.is_empty() {
        "`dewline explain --all` lists every policy".to_owned()
    } else {
        format!("did you mean {}?", near.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" or "))
    };
    super::fail(format!("there is no policy named `{name}`"), help)
}
