//! `dewline estimate`: what an application costs, and how often its functions start cold.

use super::deployment::Deployment;
use super::load;
use super::problem::Problem;
use super::schedule;
use super::usage;
use super::{graph, single, terminal};
use crate::engine::Analysis;
use crate::estimate::usage::Usage;
use crate::estimate::{BudgetCheck, Estimate, Options, estimate};
use crate::facts::prices::Prices;
use crate::graph::Graph;
use crate::report::diagnostic;
use crate::report::estimate as report;
use crate::source::{FileId, SourceFile};
use std::io::Write;
use std::path::{Path, PathBuf};
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
    /// The usage file; `dewline.usage.yaml` beside the template where there is one.
    #[arg(long, value_name = "FILE")]
    usage: Option<PathBuf>,
    /// Write a usage file with the questions that the template leaves open to standard output.
    #[arg(long)]
    init_usage: bool,
    /// Traffic of an entry, a second; may be repeated.
    #[arg(long = "rate", value_name = "ENTRY=PER_SECOND")]
    rates: Vec<String>,
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
    /// Prices that replace those compiled in: tab-separated, or an offer file of AWS.
    #[arg(long, value_name = "FILE")]
    prices: Vec<PathBuf>,
    /// Take off what every account has free each month.
    #[arg(long)]
    free_tier: bool,
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
    let mut given = usage::load(arguments.usage.as_deref(), &arguments.file)?;
    if let Some(file) = &given.file {
        usage::check(&given.usage, file, &analysis.graph)?;
    }
    usage::add_rates(&mut given.usage, &arguments.rates, &analysis.graph)?;
    load::add(&mut given.usage, &arguments.loads, arguments.short_chance, &analysis.graph)?;
    if arguments.init_usage {
        let text = crate::estimate::usage::template(&analysis.graph, &given.usage);
        return Ok(terminal::print(ExitCode::SUCCESS, |out| out.write_all(text.as_bytes())));
    }
    let prices = prices(&arguments.prices)?;
    let prices = prices.as_ref().unwrap_or_else(|| Prices::embedded());
    let region = region(&arguments.deployment, &given.usage, &analysis.graph);
    let options = Options { region, usage: &given.usage, free_tier: arguments.free_tier, prices };
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

/// The region of the command line, else of the usage file, else of the template.
pub fn region(deployment: &Deployment, usage: &Usage, graph: &Graph) -> String {
    let own = deployment.region.clone().or_else(|| usage.region.clone());
    let own = own.or_else(|| graph.template().pseudo_parameter("AWS::Region").map(|region| region.to_string()));
    own.filter(|region| !region.is_empty()).unwrap_or_else(|| "us-east-1".to_owned())
}

/// The compiled-in prices with those of `paths` in their place; none where nothing is named.
pub fn prices(paths: &[PathBuf]) -> Result<Option<Prices>, Problem> {
    let mut prices: Option<Prices> = None;
    for path in paths {
        let text = read(path)?;
        let base = prices.take().unwrap_or_else(|| Prices::embedded().clone());
        let help = "write tab-separated lines of meter, unit, region, tier_from, price_usd, source, date";
        let own = base.with(&text).map_err(|error| Problem::new(shown(path), error.to_string(), help))?;
        prices = Some(own);
    }
    Ok(prices)
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

fn read(path: &Path) -> Result<String, Problem> {
    std::fs::read_to_string(path)
        .map_err(|error| Problem::new(shown(path), format!("it cannot be read: {error}"), "check the path"))
}
