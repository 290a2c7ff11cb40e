//! The usage file of a run.

use super::files;
use super::problem::Problem;
use crate::estimate::Range;
use crate::estimate::SECONDS_PER_MONTH;
use crate::estimate::traffic;
use crate::estimate::usage::{self, Amount, FILE_NAMES, Key, Usage};
use crate::graph::{Graph, NodeKind};
use crate::source::{SourceFile, Span, closest};
use std::path::Path;
use std::sync::Arc;

/// A usage file with its text.
#[derive(Debug, Default)]
pub struct Given {
    /// What it says.
    pub usage: Usage,
    /// Its text; none where there is no file.
    pub file: Option<Arc<SourceFile>>,
}

/// Reads the usage file at `named`, else the one beside `template`.
pub fn load(named: Option<&Path>, template: &Path) -> Result<Given, Problem> {
    let folder = template.parent().unwrap_or(Path::new(""));
    let beside = || FILE_NAMES.iter().map(|name| folder.join(name)).find(|path| path.is_file());
    let Some(path) = named.map(Path::to_owned).or_else(beside) else { return Ok(Given::default()) };
    let current = std::env::current_dir().unwrap_or_default();
    let full = current.join(&path);
    let shown = files::shown(&full, &current);
    let file = files::read(&shown, &full).map_err(|error| {
        let help = "check the path of `--usage`; `--init-usage` writes a first one";
        Problem::new(&shown, format!("the usage file cannot be read: {error}"), help)
    })?;
    let usage = usage::read(&file).map_err(|problems| Problem::Config(Arc::clone(&file), problems))?;
    Ok(Given { usage, file: Some(file) })
}

/// Compares the file with the template.
pub fn check(usage: &Usage, file: &Arc<SourceFile>, graph: &Graph) -> Result<(), Problem> {
    let problems = usage::check(usage, graph);
    if problems.is_empty() { Ok(()) } else { Err(Problem::Config(Arc::clone(file), problems)) }
}

/// Adds `ENTRY=PER_SECOND` of the command line, over what the file says.
pub fn add_rates(usage: &mut Usage, rates: &[String], graph: &Graph) -> Result<(), Problem> {
    for text in rates {
        let parsed = text.rsplit_once('=').and_then(|(name, rate)| Some((name, rate.trim().parse::<f64>().ok()?)));
        let Some((name, rate)) = parsed.filter(|(_, rate)| rate.is_finite() && *rate >= 0.0) else {
            let help = "write e.g. `--rate OrdersApi=0.5`";
            return Err(Problem::new("", format!("`--rate {text}` is not ENTRY=PER_SECOND"), help));
        };
        let amount = Amount { range: Range::exact(rate * SECONDS_PER_MONTH), profile: None, span: Span::default() };
        let (id, route) = name.split_once(' ').map_or((name, None), |(id, route)| (id, Some(route)));
        let entries = traffic::entries(graph);
        let is_entry = entries.iter().any(|entry| {
            traffic::shown(*entry) == name
                || entry.name() == name
                || traffic::api_of(*entry).is_some_and(|api| api.name() == name)
        });
        let Some(node) = graph.node(id).filter(|_| is_entry) else {
            let names: Vec<String> = entries.iter().map(|entry| traffic::shown(*entry)).collect();
            let close = closest(name, names.iter().map(String::as_str), 3);
            let close = if close.is_empty() { names.iter().map(String::as_str).take(8).collect() } else { close };
            let help = format!("traffic enters at {}", close.join(", "));
            return Err(Problem::new("", format!("`--rate {name}`: traffic does not enter there"), help));
        };
        let key = match node.kind() {
            NodeKind::Bus => Key::MonthlyCustomEvents,
            NodeKind::WebSocketApi => Key::MonthlyMessages,
            _ => Key::MonthlyRequests,
        };
        let resource = usage.resources.entry(id.to_owned()).or_default();
        let amounts = match route {
            Some(route) => &mut resource.routes.entry(route.to_owned()).or_default().amounts,
            None => &mut resource.amounts,
        };
        amounts.insert(if route.is_some() { Key::MonthlyRequests } else { key }, amount);
    }
    Ok(())
}
