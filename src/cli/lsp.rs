//! `dewline lsp`: the language server.

use super::files::DiskFiles;
use crate::engine::{Selection, SelectionRequest, Settings};
use crate::template::Inputs;
use std::path::Path;
use std::process::ExitCode;

/// Arguments of `lsp`.
#[derive(clap::Args)]
pub struct Arguments {
    /// Accepted for editors that pass it; standard input and output are the only transport.
    #[arg(long)]
    stdio: bool,
}

/// Runs the verb.
pub fn run(_: &Arguments) -> ExitCode {
    let Ok(selection) = Selection::new(&SelectionRequest::default()) else { return ExitCode::from(super::FAILED) };
    let settings = Settings {
        selection,
        today: super::settings::clock(),
        inputs: Inputs::default(),
        guard: Vec::new(),
        require_reason: false,
    };
    match crate::server::run(&DiskFiles::new(Path::new(".")), &settings) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            super::fail(error, "the editor starts the server again by itself; report this if it keeps happening")
        }
    }
}
