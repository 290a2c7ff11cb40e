//! `dewline explain`: what a policy reports, why, and what to do.

use super::problem::Problem;
use super::project::{Overrides, Projects};
use super::{clock, rules, terminal};
use crate::engine::names_matching;
use crate::finding::Category;
use crate::guard::{packs, trouble};
use crate::policies;
use crate::policy::Meta;
use crate::report::docs;
use std::process::ExitCode;

/// Arguments of `explain`.
#[derive(clap::Args, Debug)]
pub struct Arguments {
    /// Policies or categories.
    #[arg(value_name = "NAME", required_unless_present = "all", conflicts_with = "all")]
    names: Vec<String>,
    /// Every policy.
    #[arg(long)]
    all: bool,
    /// How to print it.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For terminals.
    #[default]
    Text,
    /// A page a policy; with --all, the table of all.
    Markdown,
    /// Data; always a list.
    Json,
}

/// The organisation rules and instances of the configuration here, and the packs, as far as they
/// can be read: what is wrong with them, `dewline check` says.
fn own() -> Vec<&'static Meta> {
    let current = std::env::current_dir().unwrap_or_default();
    let projects = Projects::new(Overrides::default(), clock::today());
    let configured = projects.and_then(|mut projects| projects.configured(&current)).ok().flatten();
    let mut own = Vec::new();
    if let Some(configured) = configured {
        own.extend(configured.config.instances.iter().map(|one| one.meta));
        own.extend(rules::metas(&configured.guard));
    }
    own
}

/// Runs the verb.
pub fn run(arguments: &Arguments, color: terminal::Color) -> ExitCode {
    let own = own();
    let mut chosen: Vec<&'static Meta> = Vec::new();
    for name in &arguments.names {
        let category = name.parse::<Category>().ok();
        let matching = policies::ALL.iter().map(|policy| &policy.meta).chain(own.iter().copied());
        let before = chosen.len();
        chosen.extend(matching.filter(|meta| meta.name == name || category == Some(meta.category)));
        if chosen.len() == before && category.is_none() {
            let packs = packs::find(packs::STARTER).unwrap_or_default();
            let known = rules::metas(&packs).into_iter().chain(trouble::metas());
            chosen.extend(known.filter(|meta| meta.name == name));
        }
        if chosen.len() == before {
            let help = match names_matching(name).as_slice() {
                [] => "`dewline explain --all` lists all policies".to_owned(),
                names => format!("did you mean `{}`?", names.join("` or `")),
            };
            let message = match category {
                Some(_) => format!("no policy of the category `{name}` is known"),
                None => format!("there is no policy or category named `{name}`"),
            };
            return Problem::new("", message, help).print(color);
        }
    }
    if arguments.all {
        chosen = policies::ALL.iter().map(|policy| &policy.meta).chain(own).collect();
    }
    let style = terminal::stdout(color);
    // One policy is explained; of many, the list is wanted.
    let listed = arguments.all || arguments.names.iter().any(|name| name.parse::<Category>().is_ok());
    terminal::print(ExitCode::SUCCESS, |out| match arguments.format {
        Format::Json => {
            let all: serde_json::Value = chosen.iter().map(|meta| docs::json(meta)).collect();
            serde_json::to_writer_pretty(&mut *out, &all)?;
            writeln!(out)
        }
        Format::Markdown if listed => write!(out, "{}", docs::index(chosen.iter().copied())),
        Format::Markdown => chosen.iter().try_for_each(|meta| write!(out, "{}", docs::page(meta))),
        Format::Text if listed => {
            let width = chosen.iter().map(|meta| meta.name.len()).max().unwrap_or_default();
            for category in Category::ALL {
                let mut rows = chosen.iter().filter(|meta| meta.category == category).peekable();
                if rows.peek().is_some() {
                    writeln!(out, "{}", style.bold(category.name()))?;
                }
                for meta in rows {
                    let severity = style.severity(meta.severity, &format!("{:<8}", meta.severity.name()));
                    writeln!(out, "  {severity} {:<width$}  {}", meta.name, meta.summary())?;
                }
            }
            Ok(())
        }
        Format::Text => {
            let pages: Vec<String> = chosen.iter().map(|meta| docs::text(meta, &style)).collect();
            write!(out, "{}", pages.join("\n"))
        }
    })
}
