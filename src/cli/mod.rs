//! The command line: arguments, one file per verb.

mod check;
mod completions;
mod deployment;
mod discover;
mod estimate;
mod expand;
mod explain;
mod files;
mod fixes;
mod graph;
mod init;
mod lsp;
mod settings;
mod terminal;

use clap::Parser;
use std::io::Write;
use std::process::ExitCode;

/// Findings at or above the threshold, a refused expansion, a budget exceeded.
const FOUND: u8 = 1;
/// Wrong usage, wrong configuration, or a defect of dewline's own.
const FAILED: u8 = 2;

#[derive(Parser)]
#[command(
    name = "dewline",
    version,
    about,
    after_help = "Exit codes: 0 nothing to report, 1 findings, 2 usage or configuration error, 130 interrupted."
)]
enum Command {
    /// Check templates and report findings.
    Check(check::Arguments),
    /// Estimate cost and cold starts from the template alone.
    Estimate(estimate::Arguments),
    /// Print the CloudFormation template that a file expands to.
    Expand(expand::Arguments),
    /// Print the resource graph of a template.
    Graph(graph::Arguments),
    /// Explain a policy: what it checks, why it matters, how to fix it.
    Explain(explain::Arguments),
    /// Write a commented dewline.yaml to start from.
    Init(init::Arguments),
    /// Run the language server on standard input and output.
    Lsp(lsp::Arguments),
    /// Print a completion script for a shell.
    Completions(completions::Arguments),
}

/// Runs the command line.
pub fn main() -> ExitCode {
    match Command::parse() {
        Command::Check(arguments) => check::run(&arguments),
        Command::Estimate(arguments) => estimate::run(&arguments),
        Command::Expand(arguments) => expand::run(&arguments),
        Command::Graph(arguments) => graph::run(&arguments),
        Command::Explain(arguments) => explain::run(&arguments),
        Command::Init(arguments) => init::run(&arguments),
        Command::Lsp(arguments) => lsp::run(&arguments),
        Command::Completions(arguments) => completions::run(&arguments),
    }
}

/// Says what went wrong on standard error, with the next step, and answers exit code 2.
fn fail(message: impl std::fmt::Display, help: impl std::fmt::Display) -> ExitCode {
    complain(message, help);
    ExitCode::from(FAILED)
}

/// Says what went wrong on standard error.
fn complain(message: impl std::fmt::Display, help: impl std::fmt::Display) {
    // Nowhere is left to report that standard error is closed.
    let _ = writeln!(std::io::stderr(), "error: {message}\n  help: {help}");
}

/// Prints text on standard output; a reader that went away ends the program quietly.
fn print(text: &str) -> ExitCode {
    let mut out = std::io::stdout().lock();
    let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    match written {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            fail(format!("cannot write to standard output: {error}"), "check where the output goes")
        }
        _ => ExitCode::SUCCESS,
    }
}
