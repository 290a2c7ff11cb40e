//! `dewline estimate`: what an application costs, and how often its functions start cold.

use super::deployment::Deployment;
use super::load;
use super::pricing::{self, Pricing};
use super::problem::Problem;
use super::schedule;
use super::{graph, single, terminal};
use crate::engine::Analysis;
use crate::estimate::{BudgetCheck, Estimate, estimate};
use crate::report::diagnostic;
use crate::report::estimate as report;
use crate::source::{FileId, SourceFile};
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

/// Arguments of `estimate`.
#[derive(clap::Args, Debug)]
pub struct Arguments {
    /// The template.
    #[arg(default_value = "template.yaml")]
    file: PathBuf,
    /// How to print the answer.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Write a usage file with the questions that the template leaves open to standard output.
    #[arg(long)]
    init_usage: bool,
    /// Observed calls of a function, to forecast the next week and to bill by: lines of time,count, or
    /// what `aws cloudwatch get-metric-data` prints; may be repeated.
    #[arg(long = "load", value_name = "[FUNCTION=]FILE")]
    loads: Vec<String>,
    /// Chance that an hour may have more calls than the schedule of a forecast is made for.
    #[arg(long, value_name = "SHARE", default_value_t = 0.05)]
    short_chance: f64,
    /// Print the schedule of the forecast as a patch of the template: a scalable target with
    /// scheduled actions on the alias.
    #[arg(long)]
    schedule_patch: bool,
    #[command(flatten)]
    pricing: Pricing,
    #[command(flatten)]
    deployment: Deployment,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// Tables for a terminal.
    #[default]
    Human,
    /// Data, by `schemas/estimate.schema.json`.
    Json,
    /// Tables for a pull request or a wiki.
    Markdown,
    /// A page that needs nothing else.
    Html,
}

/// Runs the verb.
pub fn run(arguments: &Arguments, color: terminal::Color) -> ExitCode {
    match answer(arguments, color) {
        Ok(code) => code,
        Err(problem) => problem.print(color),
    }
}

fn answer(arguments: &Arguments, color: terminal::Color) -> Result<ExitCode, Problem> {
    let analysis = single::analyze(&arguments.file, &arguments.deployment, color)?;
    if let Some(provider) = analysis.graph.template().elsewhere() {
        let message = format!("services for `{provider}` are not estimated: the prices are those of AWS");
        return Err(Problem::new(arguments.file.display().to_string(), message, "name a service for AWS"));
    }
    let mut given = arguments.pricing.usage(&arguments.file, &analysis.graph)?;
    load::add(&mut given.usage, &arguments.loads, arguments.short_chance, &analysis.graph)?;
    if arguments.init_usage {
        let text = crate::estimate::usage::template(&analysis.graph, &given.usage);
        return Ok(terminal::print(ExitCode::SUCCESS, |out| out.write_all(text.as_bytes())));
    }
    let prices = arguments.pricing.prices()?;
    let region = pricing::region(&arguments.deployment, &given.usage, &analysis.graph);
    let options = arguments.pricing.options(region, &given.usage, &prices);
    let result = estimate(&analysis.graph, &options);
    if arguments.schedule_patch {
        let text = schedule::patch(&analysis, &result)?;
        return Ok(terminal::print(ExitCode::SUCCESS, |out| out.write_all(text.as_bytes())));
    }
    let text = render(&result, &analysis, arguments, color);
    let over: Vec<&BudgetCheck> = result.budget.iter().filter(|one| one.is_exceeded()).collect();
    let code = terminal::print(ExitCode::from(u8::from(!over.is_empty())), |out| out.write_all(text.as_bytes()));
    for one in over {
        over_budget(one, &analysis, given.file.as_ref(), color);
    }
    Ok(code)
}

fn render(result: &Estimate, analysis: &Analysis, arguments: &Arguments, color: terminal::Color) -> String {
    match arguments.format {
        Format::Human => report::human(result, &terminal::stdout(color)),
        Format::Json => report::json(result),
        Format::Markdown => report::markdown(result),
        Format::Html => {
            let picture = graph::picture(&analysis.graph, &analysis.sources, false);
            let title = analysis.sources.get(FileId(0)).path();
            report::html(result, &picture, title)
        }
    }
}

/// Says on standard error that a limit is exceeded, at the resource that costs most; at the
/// limit where no resource is to blame.
pub fn over_budget(check: &BudgetCheck, analysis: &Analysis, usage: Option<&Arc<SourceFile>>, color: terminal::Color) {
    let node = check.resource.as_deref().and_then(|name| analysis.graph.node(name));
    let message = report::budget_message(check);
    let help = "raise the budget in the usage file, or make this cheaper; `dewline estimate` shows what it is made of";
    let style = terminal::stderr(color);
    let mut err = std::io::stderr().lock();
    let place = match node {
        Some(node) => {
            let mut span = node.origin().span();
            let source = analysis.sources.get(span.file);
            if let Some(first) = analysis.sources.text(span).lines().next() {
                span.end = span.start + first.trim_end().len() as u32;
            }
            Some((source, span))
        }
        None => usage.map(|file| (file, check.span)),
    };
    match place {
        Some((source, span)) => {
            let _ = diagnostic(source, span, &message, Some(help), &style, &mut err);
        }
        None => {
            let _ = writeln!(err, "error: {message}\n  help: {help}");
        }
    }
}
