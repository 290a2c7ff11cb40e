//! `dewline expand`: print the lowered template.

use super::files::{DiskFiles, project_root};
use crate::source::Files;
use crate::template::{Inputs, ProblemKind, json, load, sam};
use std::io::Write;
use std::process::ExitCode;

/// Arguments of `expand`.
#[derive(clap::Args)]
pub struct Arguments {
    /// The template.
    file: String,
    /// How to print it.
    #[arg(long, default_value = "json")]
    format: String,
    /// Region for pseudo parameters and partitions.
    #[arg(long)]
    region: Option<String>,
    /// Stage of a Serverless Framework service.
    #[arg(long)]
    stage: Option<String>,
    /// A parameter value, `KEY=VALUE`; may be repeated.
    #[arg(long = "param")]
    parameters: Vec<String>,
    /// Replace local code paths as `sam validate` does.
    #[arg(long, default_value_t = true, action = clap::ArgAction::Set)]
    localize: bool,
    /// The account to package for, where `${aws:accountId}` asks for it.
    #[arg(long)]
    account: Option<String>,
    /// Whether plugins of a Serverless Framework service take effect.
    #[arg(long, default_value_t = true, action = clap::ArgAction::Set, hide = true)]
    plugins: bool,
}

/// Runs the verb.
pub fn run(arguments: &Arguments) -> ExitCode {
    let path = std::path::absolute(&arguments.file).unwrap_or_else(|_| (&arguments.file).into());
    let files = DiskFiles::new(&project_root(&path));
    let inputs = Inputs {
        region: arguments.region.clone(),
        stage: arguments.stage.clone(),
        parameters: arguments
            .parameters
            .iter()
            .filter_map(|pair| pair.split_once('='))
            .map(|(k, v)| (k.to_owned(), v.to_owned()))
            .collect(),
        localize: arguments.localize,
        account: arguments.account.clone(),
        plugins: arguments.plugins,
        ..Inputs::default()
    };
    let Ok(file) = files.read(&path.to_string_lossy()) else { return ExitCode::from(2) };
    let Some(loaded) = load::load(file, &files, &inputs) else { return ExitCode::from(2) };
    let refusals: Vec<&str> = loaded
        .problems
        .iter()
        .filter(|problem| problem.kind == ProblemKind::TransformRefused)
        .map(|problem| &*problem.message)
        .collect();
    let mut out = std::io::stdout().lock();
    if refusals.is_empty() {
        let _ = serde_json::to_writer_pretty(&mut out, &json::to_json(&loaded.root));
        let _ = writeln!(out);
        return ExitCode::SUCCESS;
    }
    let message = serde_json::json!({ "errorMessage": sam::error_message(refusals) });
    let _ = writeln!(out, "{message}");
    ExitCode::from(1)
}
