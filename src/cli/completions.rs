//! `dewline completions`: a script for a shell.

use clap::CommandFactory;
use std::process::ExitCode;

/// Arguments of `completions`.
#[derive(clap::Args)]
pub struct Arguments {
    /// The shell.
    shell: clap_complete::Shell,
}

/// Runs the verb.
pub fn run(arguments: &Arguments) -> ExitCode {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut super::Command::command(), "dewline", &mut script);
    super::print(&String::from_utf8_lossy(&script))
}
