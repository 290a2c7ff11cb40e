//! The command line: arguments, one file per verb.

mod expand;
mod files;

use clap::Parser;
use std::process::ExitCode;

#[derive(Parser)]
#[command(name = "dewline", version, about)]
enum Command {
    /// Print the CloudFormation template that a file expands to.
    Expand(expand::Arguments),
}

/// Runs the command line.
pub fn main() -> ExitCode {
    match Command::parse() {
        Command::Expand(arguments) => expand::run(&arguments),
    }
}
