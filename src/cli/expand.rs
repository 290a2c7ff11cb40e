//! `dewline expand`: print the lowered template.

use super::deployment::Deployment;
use super::problem::Problem;
use super::{single, terminal, yaml};
use crate::template::{Inputs, ProblemKind, json, load, sam};
use std::path::PathBuf;
use std::process::ExitCode;

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
    /// Whether plugins of a Serverless Framework service take effect.
    #[arg(long, default_value_t = true, action = clap::ArgAction::Set, hide = true)]
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
    expand(arguments).unwrap_or_else(|problem| problem.print(color))
}

fn expand(arguments: &Arguments) -> Result<ExitCode, Problem> {
    let (file, files) = single::open(&arguments.file)?;
    let inputs = Inputs {
        localize: arguments.localize,
        account: Some(arguments.account.clone()),
        plugins: arguments.plugins,
        ..arguments.deployment.inputs_for(&arguments.file)?
    };
    let loaded = load::load(file, &files, &inputs).ok_or_else(|| single::not_a_template(&arguments.file))?;
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
    let data = json::to_json(&loaded.root);
    Ok(terminal::print(ExitCode::SUCCESS, |out| match arguments.format {
        Format::Yaml => write!(out, "{}", yaml::text(&data)),
        Format::Json => {
            serde_json::to_writer_pretty(&mut *out, &data)?;
            writeln!(out)
        }
    }))
}
