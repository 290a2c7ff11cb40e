//! `dewline explain`: the documentation of policies.

use crate::engine::names_matching;
use crate::policies;
use crate::policy::Meta;
use serde_json::{Value, json};
use std::fmt::Write;
use std::process::ExitCode;

/// How to print.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
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
    #[arg(long, value_enum, default_value = "markdown")]
    format: Format,
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
    let text = match arguments.format {
        Format::Json => {
            let values: Vec<Value> = metas.iter().map(|meta| as_json(meta)).collect();
            let value = if arguments.all { Value::Array(values) } else { values.into_iter().next().unwrap_or_default() };
            format!("{value:#}\n")
        }
        Format::Markdown => metas.iter().map(|meta| page(meta)).collect::<Vec<_>>().join("\n"),
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

/// One policy as a page.
pub fn page(meta: &Meta) -> String {
    let mut text = format!("# {}\n\n", meta.name);
    let _ = write!(text, "`{}` · severity {} · profile {} · fix: {} · since {}", meta.category, meta.severity, meta.profile.name(), meta.fix.name(), meta.since);
    if !meta.risks.is_empty() {
        let _ = write!(text, " · risks: {}", meta.risks.join(", "));
    }
    let _ = write!(text, "\n\n{}\n", meta.markdown().trim());
    if !meta.options.is_empty() {
        text.push_str("\n## Options\n\n");
        for option in meta.options {
            let _ = writeln!(text, "- `{}`: {}", option.name, option.help);
        }
    }
    text
}

fn as_json(meta: &Meta) -> Value {
    json!({
        "name": meta.name,
        "category": meta.category.name(),
        "severity": meta.severity.name(),
        "profile": meta.profile.name(),
        "fix": meta.fix.name(),
        "since": meta.since,
        "risks": meta.risks,
        "summary": meta.summary(),
        "documentation": meta.markdown().trim(),
    })
}
