//! `dewline observe`: what exported logs say, next to the template and the model.

use super::deployment::Deployment;
use super::problem::Problem;
use super::{single, terminal};
use crate::finding::{Finding, Severity, assign_fingerprints};
use crate::observe::{Observation, Observed, findings, function_of_group, place, read, usage_file};
use crate::report::{self, Format, Run, Style};
use crate::source::Sources;
use serde_json::json;
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Arguments of `observe`.
#[derive(clap::Args, Debug)]
pub struct Arguments {
    /// Logs: text or JSON, gz or not; folders are read whole, `-` is standard input.
    #[arg(required = true)]
    logs: Vec<PathBuf>,
    /// The template whose functions they are of.
    #[arg(long, value_name = "FILE")]
    template: Option<PathBuf>,
    /// The function that logs without a group are of; by default the name of the file.
    #[arg(long, value_name = "NAME")]
    function: Option<String>,
    /// Where to write the usage file that `estimate` reads; `-` for standard output only.
    #[arg(long, value_name = "FILE")]
    write_usage: Option<PathBuf>,
    /// How to print the answer.
    #[arg(long, default_value = "human", value_parser = ["human", "json"])]
    format: String,
    #[command(flatten)]
    deployment: Deployment,
}

/// Groups of errors that are shown for one function.
const SHOWN_ERRORS: usize = 5;

/// Runs the verb.
pub fn run(arguments: &Arguments, color: terminal::Color) -> ExitCode {
    observe(arguments, color).unwrap_or_else(|problem| problem.print(color))
}

fn observe(arguments: &Arguments, color: terminal::Color) -> Result<ExitCode, Problem> {
    let analysis = match &arguments.template {
        Some(path) => Some(single::analyze(path, &arguments.deployment, color)?),
        None => None,
    };
    let mut observed = Observed::default();
    let mut unread = Vec::new();
    for path in expanded(&arguments.logs)? {
        let name = path.display().to_string();
        let function = arguments.function.clone().unwrap_or_else(|| function_of_file(&path));
        let result = if name == "-" {
            let function = arguments.function.as_deref().unwrap_or("stdin");
            read(io::stdin().lock(), "standard input", function, &mut observed)
        } else {
            File::open(&path).and_then(|file| read(file, &name, &function, &mut observed))
        };
        // A file that ends in the middle does not take the others with it.
        if let Err(error) = result {
            unread.push((name, error.to_string()));
        }
    }
    let observations = place(analysis.as_ref().map(|analysis| &analysis.graph), &observed);
    let mut found = findings(&observations);
    let sources = analysis.as_ref().map(|analysis| analysis.sources.clone()).unwrap_or_default();
    assign_fingerprints(&mut found, &sources);
    found.sort_by(|a, b| a.span.start.cmp(&b.span.start).then_with(|| a.policy.cmp(&b.policy)));
    let usage = usage_file(analysis.as_ref().map(|analysis| &analysis.graph), &observations, analysis.is_none());
    let to_file = arguments.write_usage.as_deref().filter(|path| *path != Path::new("-"));
    if let Some(path) = to_file {
        std::fs::write(path, &usage).map_err(|error| {
            Problem::new(path.display().to_string(), error.to_string(), "name a file in a folder that can be written")
        })?;
    }
    for (name, error) in &unread {
        terminal::note(&format!("error: {name}: {error}"));
    }
    let failed = found.iter().any(|finding| finding.severity >= Severity::High);
    let code = match (unread.is_empty(), failed) {
        (false, _) => ExitCode::from(2),
        (true, true) => ExitCode::from(1),
        (true, false) => ExitCode::SUCCESS,
    };
    Ok(terminal::print(code, |out| {
        if arguments.write_usage.is_some() && to_file.is_none() {
            return out.write_all(usage.as_bytes());
        }
        if arguments.format == "json" {
            return json(&observed, &observations, &found, &sources, out);
        }
        let style = terminal::stdout(color);
        human(&observed, &observations, out)?;
        if !found.is_empty() {
            writeln!(out)?;
            reported(analysis.as_ref(), found, &style, out)?;
        }
        if let Some(path) = to_file {
            writeln!(out, "\nWrote {}: dewline estimate TEMPLATE --usage {}", path.display(), path.display())?;
        }
        Ok(())
    }))
}

/// Files as given, and all files below folders, sorted.
fn expanded(given: &[PathBuf]) -> Result<Vec<PathBuf>, Problem> {
    let mut found = Vec::new();
    for path in given {
        if !path.is_dir() {
            found.push(path.clone());
            continue;
        }
        let mut below: Vec<PathBuf> = ignore::WalkBuilder::new(path)
            .standard_filters(false)
            .build()
            .filter_map(Result::ok)
            .filter(|entry| entry.file_type().is_some_and(|kind| kind.is_file()))
            .map(ignore::DirEntry::into_path)
            // The export task leaves its own mark there.
            .filter(|path| path.file_name().is_none_or(|name| name != "aws-logs-write-test"))
            .collect();
        below.sort();
        found.append(&mut below);
    }
    if found.is_empty() {
        return Err(Problem::new("", "there is no file in the folders given", "name exported logs"));
    }
    Ok(found)
}

/// `logs/orders.log.gz` is of `orders`; a path with `/aws/lambda/NAME` is of `NAME`.
fn function_of_file(path: &Path) -> String {
    let text = path.to_string_lossy().replace('\\', "/");
    if let Some((_, name)) = text.rsplit_once("aws/lambda/") {
        return function_of_group(name.split('/').next().unwrap_or(name)).to_owned();
    }
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    name.split('.').next().unwrap_or(&name).to_owned()
}

fn reported(
    analysis: Option<&crate::engine::Analysis>,
    findings: Vec<Finding>,
    style: &Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let Some(analysis) = analysis else { return Ok(()) };
    let path = analysis.sources.get(crate::source::FileId(0)).path().to_owned();
    let dialect = analysis.graph.template().dialect.name();
    let file = report::File { path, dialect, sources: analysis.sources.clone(), findings, monitored: Vec::new() };
    report::write(Format::Human, &Run { files: vec![file], ..Run::default() }, style, out)
}

fn human(observed: &Observed, observations: &[Observation<'_, '_>], out: &mut dyn Write) -> io::Result<()> {
    let megabytes = observed.bytes as f64 / 1e6;
    writeln!(out, "{megabytes:.1} MB, {} events, {} of them malformed", observed.events, observed.malformed)?;
    if let Some(first) = &observed.first_malformed {
        writeln!(out, "  the first: {first}")?;
    }
    if observations.is_empty() {
        return writeln!(out, "\nNo call was reported: these logs hold no REPORT line and no platform.report.");
    }
    let width = observations.iter().map(|one| one.name.chars().count()).max().unwrap_or(0).clamp(8, 48);
    writeln!(
        out,
        "\n{:<width$} {:>10} {:>8} {:>26} {:>14} {:>14} {:>9}",
        "Function", "calls", "cold", "duration p50/p95/p99 ms", "init p50/p99", "memory MB", "errors ‰"
    )?;
    for one in observations {
        let summary = &one.summary;
        let [_, p50, p95, p99, _] = summary.duration_ms;
        let init = summary.init_ms.map_or("-".to_owned(), |[_, p50, p99]| format!("{p50:.0}/{p99:.0}"));
        writeln!(
            out,
            "{:<width$} {:>10} {:>7.2}% {:>26} {init:>14} {:>14} {:>9.2}",
            one.name,
            summary.calls,
            summary.cold_share * 100.0,
            format!("{p50:.1}/{p95:.1}/{p99:.1}"),
            format!("{} of {}", summary.memory_used_mb, summary.memory_mb),
            summary.errors_per_thousand
        )?;
    }
    for one in observations {
        let summary = &one.summary;
        let groups = one.log.errors.by_count();
        let counts = [
            (summary.timeouts, "timeouts"),
            (summary.out_of_memory, "out of memory"),
            (summary.failed_inits, "failed inits"),
        ];
        let counts: Vec<String> =
            counts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")).collect();
        if groups.is_empty() && counts.is_empty() {
            continue;
        }
        writeln!(out, "\n{}{}{}", one.name, if counts.is_empty() { "" } else { ": " }, counts.join(", "))?;
        for group in groups.iter().take(SHOWN_ERRORS) {
            writeln!(out, "  {:>7} × {}", group.count, group.pattern)?;
            if let Some(stack) = &group.stack {
                writeln!(out, "            {stack}")?;
            }
        }
        let more = groups.len().saturating_sub(SHOWN_ERRORS);
        if more > 0 || one.log.errors.others > 0 {
            writeln!(out, "  and {more} other kinds, see --format json")?;
        }
    }
    Ok(())
}

fn json(
    observed: &Observed,
    observations: &[Observation<'_, '_>],
    findings: &[Finding],
    sources: &Sources,
    out: &mut dyn Write,
) -> io::Result<()> {
    let functions: Vec<_> = observations
        .iter()
        .map(|one| {
            json!({
                "name": one.name,
                "resource": one.node.and_then(crate::graph::NodeRef::logical_id),
                "observed": one.summary,
                "errors": one.log.errors.by_count(),
            })
        })
        .collect();
    let findings: Vec<_> = findings
        .iter()
        .map(|finding| {
            let source = sources.get(finding.span.file);
            let start = source.position(finding.span.start);
            json!({
                "policy": finding.policy, "severity": finding.severity.name(), "message": finding.message,
                "help": finding.help, "path": source.path(), "line": start.line, "column": start.column,
                "resource": finding.resource, "fingerprint": finding.fingerprint,
            })
        })
        .collect();
    let value = json!({
        "version": 1, "bytes": observed.bytes, "events": observed.events, "malformed": observed.malformed,
        "functions": functions, "findings": findings,
    });
    serde_json::to_writer_pretty(&mut *out, &value)?;
    writeln!(out)
}
