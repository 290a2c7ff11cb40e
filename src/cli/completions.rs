//! `dewline completions`: scripts for shells.

use super::terminal;
use clap::CommandFactory;
use clap_complete::Shell;
use std::process::ExitCode;

/// Arguments of `completions`.
#[derive(clap::Args, Debug)]
pub struct Arguments {
    /// The shell.
    shell: Shell,
}

/// Runs the verb.
pub fn run(arguments: &Arguments) -> ExitCode {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut super::Cli::command(), "dewline", &mut script);
    terminal::print(ExitCode::SUCCESS, |out| out.write_all(&script))
}
