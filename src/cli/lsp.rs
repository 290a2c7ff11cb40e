//! `dewline lsp`: the language server on standard input and output.

use super::clock;
use super::files::{DiskFiles, project_root};
use super::problem::Problem;
use super::project::{Overrides, Projects};
use super::terminal;
use crate::server;
use std::process::ExitCode;

/// Arguments of `lsp`.
#[derive(clap::Args, Debug)]
pub struct Arguments {
    /// Accepted for editors that name the channel; there is no other.
    #[arg(long)]
    stdio: bool,
}

/// Runs the verb.
pub fn run(_: &Arguments, color: terminal::Color) -> ExitCode {
    match serve(color) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => problem.print(color),
    }
}

fn serve(color: terminal::Color) -> Result<(), Problem> {
    let current = std::env::current_dir().unwrap_or_default();
    let here = current.join("template.yaml");
    let today = clock::today();
    let configured = Projects::new(Overrides::default(), today).and_then(|mut projects| projects.of(&here));
    let project = match configured {
        Ok(project) => project,
        // An editor is no place to be without answers while the configuration is being edited.
        Err(problem) => {
            problem.print(color);
            Projects::new(Overrides { isolated: true, ..Overrides::default() }, today)?.of(&here)?
        }
    };
    let files = DiskFiles::new(&project_root(&here));
    server::run(&files, &project.settings)
        .map_err(|error| Problem::new("", error.to_string(), "the editor starts the server and speaks to it"))
}
