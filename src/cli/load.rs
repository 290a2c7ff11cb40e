//! Observed calls of functions, from the files of `--load`.

use super::files;
use super::problem::Problem;
use crate::document::settings::SettingsProblem;
use crate::estimate::forecast::{self, Series, SeriesError};
use crate::estimate::usage::{ObservedLoad, Usage};
use crate::graph::{Graph, NodeKind, NodeRef};
use crate::source::closest;
use std::path::Path;
use std::sync::Arc;

/// Names that a message lists.
const LISTED: usize = 8;

/// Reads `[FUNCTION=]FILE` arguments into `usage`; `chance` is how likely an hour may have more
/// calls than a schedule is made for.
pub fn add(usage: &mut Usage, arguments: &[String], chance: f64, graph: &Graph) -> Result<(), Problem> {
    if !(chance > 0.0 && chance < 0.5) {
        let help = "write a share between 0 and 0.5, e.g. `--short-chance 0.05`";
        return Err(Problem::new("", format!("`--short-chance {chance}` is no such chance"), help));
    }
    for argument in arguments {
        let (name, path) = match argument.split_once('=') {
            Some((name, path)) if !Path::new(argument).is_file() => (Some(name), path),
            _ => (None, argument.as_str()),
        };
        let function = function(name, path, graph)?;
        let current = std::env::current_dir().unwrap_or_default();
        let full = current.join(path);
        let shown = files::shown(&full, &current);
        let file = files::read(&shown, &full).map_err(|error| {
            let help = "write `--load FUNCTION=FILE`, or the file alone where there is one function";
            Problem::new(&shown, format!("the load cannot be read: {error}"), help)
        })?;
        let points = forecast::read(&file).map_err(|problem| {
            let help = Some(problem.help.to_owned());
            Problem::Config(
                Arc::clone(&file),
                vec![SettingsProblem { span: problem.span, message: problem.message, help }],
            )
        })?;
        let told = Series::new(points).and_then(forecast::forecast);
        let told = told.map_err(|error| Problem::new(&shown, error.to_string(), help(error)))?;
        usage.loads.insert(function.to_owned(), ObservedLoad { forecast: Arc::new(told), chance });
    }
    Ok(())
}

fn help(error: SeriesError) -> &'static str {
    match error {
        SeriesError::Short(_) => "give three days or more; from three weeks on weekdays are told apart",
        SeriesError::Coarse(_) => "export calls by the hour or finer: `--period 3600`",
        SeriesError::Empty => "check that it is the function's Invocations, summed",
    }
}

/// The function that a load is of: the named one, the only one, or the one that the file is
/// called after.
fn function<'g>(name: Option<&str>, path: &str, graph: &'g Graph) -> Result<&'g str, Problem> {
    let functions: Vec<NodeRef<'g>> =
        graph.nodes_of(NodeKind::Function).filter(|node| node.logical_id().is_some()).collect();
    let called = |wanted: &str| {
        let named = |node: &&NodeRef<'g>| {
            node.name() == wanted || node.property(&["FunctionName"]).text().is_some_and(|name| &*name == wanted)
        };
        functions.iter().find(named).map(|node| node.name())
    };
    let stem = Path::new(path).file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    let found = match name {
        Some(name) => called(name),
        None => called(stem).or_else(|| if let [one] = functions.as_slice() { Some(one.name()) } else { None }),
    };
    found.ok_or_else(|| {
        let names = functions.iter().map(|node| node.name());
        let close = closest(name.unwrap_or(stem), names.clone(), 3);
        let close = if close.is_empty() { names.take(LISTED).collect() } else { close };
        let message = match name {
            Some(name) => format!("`--load {name}={path}`: the template has no such function"),
            None => format!("`--load {path}` does not say which function it is of"),
        };
        let help = match close.as_slice() {
            [] => "the template has no function".to_owned(),
            some => format!("write `--load FUNCTION=FILE`; functions are {}", some.join(", ")),
        };
        Problem::new("", message, help)
    })
}
