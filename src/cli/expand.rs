//! `dewline expand`: print the lowered template.

use super::deployment::Deployment;
use super::problem::Problem;
use super::{single, terminal, yaml};
use crate::report;
use crate::template::load::Loaded;
use crate::template::{Dialect, Inputs, ProblemKind, json, load, sam};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

/// Arguments of `expand`.
#[derive(clap::Args, Debug)]
pub struct Arguments {
    /// The template.
    file: PathBuf,
    /// How to print it.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    #[command(flatten)]
    deployment: Deployment,
    /// Replace local code paths as `sam validate` does.
    #[arg(long, default_value_t = true, action = clap::ArgAction::Set)]
    localize: bool,
    /// The account to package for, where `${aws:accountId}` asks for it. The default is the one
    /// of AWS's documentation, so that ARNs keep their shape.
    #[arg(long, value_name = "ID", default_value = "123456789012")]
    account: String,
    /// Whether plugins of a Serverless Framework service take effect; `false` prints what the
    /// framework alone packages.
    #[arg(long, default_value_t = true, action = clap::ArgAction::Set)]
    plugins: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// JSON.
    #[default]
    Json,
    /// YAML.
    Yaml,
}

/// Runs the verb.
pub fn run(arguments: &Arguments, color: terminal::Color) -> ExitCode {
    expand(arguments, color).unwrap_or_else(|problem| problem.print(color))
}

fn expand(arguments: &Arguments, color: terminal::Color) -> Result<ExitCode, Problem> {
    let (file, files) = single::open(&arguments.file)?;
    let inputs = Inputs {
        localize: arguments.localize,
        account: Some(arguments.account.clone()),
        plugins: arguments.plugins,
        ..arguments.deployment.inputs_for(&arguments.file)?
    };
    let loaded = load::load(Arc::clone(&file), &files, &inputs)
        .or_else(|| load::load_service(&file, &files, &inputs))
        .ok_or_else(|| single::not_a_template(&arguments.file))?;
    if loaded.dialect == Dialect::Serverless
        && let Some(code) = refused_service(&loaded, color)
    {
        return Ok(code);
    }
    let refusals: Vec<&str> = loaded
        .problems
        .iter()
        .filter(|problem| matches!(problem.kind, ProblemKind::TransformRefused | ProblemKind::TransformUndecided))
        .map(|problem| &*problem.message)
        .collect();
    if !refusals.is_empty() {
        let message = serde_json::json!({ "errorMessage": sam::error_message(refusals) });
        return Ok(terminal::print(ExitCode::from(1), |out| writeln!(out, "{message}")));
    }
    let incomplete = single::tell_unread(&loaded.problems, &loaded.sources, color)
        | loaded.problems.iter().any(|problem| problem.code.is_some());
    let code = if incomplete { ExitCode::from(1) } else { ExitCode::SUCCESS };
    let data = json::to_json(&loaded.root);
    Ok(terminal::print(code, |out| match arguments.format {
        Format::Yaml => write!(out, "{}", yaml::text(&data)),
        Format::Json => {
            serde_json::to_writer_pretty(&mut *out, &data)?;
            writeln!(out)
        }
    }))
}

/// Codes of refusals that leave a template all the same: it has unknown values where the
/// framework found none.
const LENIENT: [&str; 5] = [
    "INACCESSIBLE_CONFIGURATION_PROPERTY",
    "INVALID_NON_SCHEMA_COMPLIANT_CONFIGURATION",
    "SERVICE_OBJECT_NOTATION",
    "UNRECOGNIZED_VARIABLE_SOURCES",
    "VARIABLES_RESOLUTION_ERROR",
];

/// Says on standard error what the framework refuses, each with its place and code. Answers
/// the exit code if that leaves no template.
fn refused_service(loaded: &Loaded, color: terminal::Color) -> Option<ExitCode> {
    let style = terminal::stderr(color);
    let mut refused: Vec<(&str, &str)> = Vec::new();
    for problem in &loaded.problems {
        let Some(code) = problem.code else { continue };
        refused.push((code, &problem.message));
        let file = loaded.sources.get(problem.origin.span().file);
        let message = format!("{} ({code})", problem.message);
        let help = problem.help.as_deref();
        let mut err = std::io::stderr().lock();
        let _ = report::diagnostic(file, problem.origin.span(), &message, help, &style, &mut err);
    }
    if refused.iter().all(|(code, _)| LENIENT.contains(code)) {
        return None;
    }
    // Variables come first in the framework, whatever else is wrong.
    refused.sort_by_key(|(code, _)| !code.starts_with("VARIABLES"));
    let (code, _) = refused.first()?;
    let mut text: Vec<String> = refused.iter().map(|(code, message)| format!("{code}: {message}")).collect();
    text.dedup();
    let message = serde_json::json!({ "errorMessage": text.join("\n"), "code": code });
    Some(terminal::print(ExitCode::from(1), |out| writeln!(out, "{message}")))
}
