//! `dewline expand`: print the lowered template.

use super::deployment::Deployment;
use super::files::{self, DiskFiles};
use crate::source::Files;
use crate::template::{Inputs, ProblemKind, json, load, sam};
use std::process::ExitCode;

/// How to print.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// JSON.
    Json,
    /// YAML, functions in their long form.
    Yaml,
}

/// Arguments of `expand`.
#[derive(clap::Args)]
pub struct Arguments {
    /// The template.
    file: String,
    /// How to print it.
    #[arg(long, value_enum, default_value = "json")]
    format: Format,
    #[command(flatten)]
    deployment: Deployment,
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
    let files = DiskFiles::new(&files::project_root_of(&arguments.file));
    let inputs = Inputs {
        localize: arguments.localize,
        account: arguments.account.clone(),
        plugins: arguments.plugins,
        ..arguments.deployment.inputs()
    };
    let path = std::path::absolute(&arguments.file).unwrap_or_else(|_| (&arguments.file).into());
    let file = match files.read(&path.to_string_lossy()) {
        Ok(file) => file,
        Err(error) => return super::fail(format!("{}: {error}", arguments.file), "name a template that can be read"),
    };
    let Some(loaded) = load::load(file, &files, &inputs) else {
        return super::fail(
            format!("{} is not a template", arguments.file),
            "name a SAM, CloudFormation or serverless.yml file",
        );
    };
    let refusals: Vec<&str> = loaded
        .problems
        .iter()
        .filter(|problem| problem.kind == ProblemKind::TransformRefused)
        .map(|problem| &*problem.message)
        .collect();
    if !refusals.is_empty() {
        let message = serde_json::json!({ "errorMessage": sam::error_message(refusals) });
        super::print(&format!("{message}\n"));
        return ExitCode::from(super::FOUND);
    }
    let template = json::to_json(&loaded.root);
    let text = match arguments.format {
        Format::Json => format!("{template:#}\n"),
        Format::Yaml => match serde_yaml::to_string(&template) {
            Ok(text) => text,
            Err(error) => {
                return super::fail(format!("the template cannot be written as YAML: {error}"), "use --format json");
            }
        },
    };
    super::print(&text)
}
