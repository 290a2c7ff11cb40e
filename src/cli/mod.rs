//! The command line: arguments, one file per verb.

mod baseline;
mod batch;
mod check;
mod clock;
mod completions;
mod deployment;
mod diff;
mod discover;
mod estimate;
mod expand;
mod explain;
mod files;
mod fix;
mod graph;
mod init;
mod load;
mod lsp;
mod observe;
mod pricing;
mod problem;
mod project;
mod revision;
mod rules;
mod schedule;
mod single;
mod terminal;
mod test;
mod usage;
mod yaml;

use clap::Parser;
use std::process::ExitCode;

#[derive(Parser, Debug)]
#[command(
    name = "dewline",
    version,
    about,
    arg_required_else_help = true,
    after_help = "Exit codes: 0 nothing to report, 1 findings, 2 usage or configuration error, 130 interrupted."
)]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
    /// When to use colours.
    #[arg(long, value_enum, default_value_t, global = true, value_name = "WHEN")]
    color: terminal::Color,
}

#[derive(clap::Subcommand, Debug)]
enum Verb {
    /// Check templates, and report what is wrong in them.
    Check(Box<check::Arguments>),
    /// Estimate cost and cold starts from the template alone.
    Estimate(Box<estimate::Arguments>),
    /// Compare two states of a template: cost and findings before and after.
    Diff(Box<diff::Arguments>),
    /// Print the CloudFormation template that a file expands to.
    Expand(expand::Arguments),
    /// Print the resource graph of a template.
    Graph(graph::Arguments),
    /// Explain a policy: what it reports, why it matters, how to fix it.
    Explain(explain::Arguments),
    /// Read exported logs: what really happened, next to the model.
    Observe(observe::Arguments),
    /// Run the tests of organisation rules.
    Test(test::Arguments),
    /// Write a first `dewline.yaml`.
    Init(init::Arguments),
    /// Run the language server.
    Lsp(lsp::Arguments),
    /// Print a completion script for a shell.
    Completions(completions::Arguments),
}

/// Runs the command line.
pub fn main() -> ExitCode {
    let Cli { verb, color } = Cli::parse();
    match &verb {
        Verb::Check(arguments) => check::run(arguments, color),
        Verb::Estimate(arguments) => estimate::run(arguments, color),
        Verb::Diff(arguments) => diff::run(arguments, color),
        Verb::Expand(arguments) => expand::run(arguments, color),
        Verb::Graph(arguments) => graph::run(arguments, color),
        Verb::Explain(arguments) => explain::run(arguments, color),
        Verb::Observe(arguments) => observe::run(arguments, color),
        Verb::Test(arguments) => test::run(arguments, color),
        Verb::Init(arguments) => init::run(arguments, color),
        Verb::Lsp(arguments) => lsp::run(arguments, color),
        Verb::Completions(arguments) => completions::run(arguments),
    }
}
