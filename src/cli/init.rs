//! `dewline init`: a configuration to start from.

use std::io::Write;
use std::process::ExitCode;

const TEXT: &str = "\
# Configuration of dewline. Every key is optional; what is commented out shows the default.

# Which policies run: recommended, strict or all.
# profile: recommended

# Run only these policies or categories in place of the profile's.
# select: []

# Never run these.
# ignore: []

# Lowest severity that makes `dewline check` exit with 1: critical, high, medium, low or info.
# fail-on: high

# Lowest severity that is shown.
# min-severity: info

# Severities of your own, by policy.
# severity:
#   default-timeout: high

# Files that are not checked.
# exclude: ['**/fixtures/**']

# Where and how the templates are deployed, for values that depend on it.
# region: eu-west-1
# stage: prod
# parameters:
#   LogLevel: info

# Organisation rules written in AWS Guard.
# guard: ['ci/rules/*.guard']

# Whether every suppression must say why.
# require-suppression-reason: false
";

/// Arguments of `init`.
#[derive(clap::Args)]
pub struct Arguments {
    /// Where to write it.
    #[arg(default_value = "dewline.yaml")]
    path: String,
}

/// Runs the verb.
pub fn run(arguments: &Arguments) -> ExitCode {
    let file = std::fs::OpenOptions::new().write(true).create_new(true).open(&arguments.path);
    match file.and_then(|mut file| file.write_all(TEXT.as_bytes())) {
        Ok(()) => super::print(&format!("Wrote {}. Run `dewline check` to use it.\n", arguments.path)),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            super::fail(format!("{} is there already", arguments.path), "edit it, or name another file")
        }
        Err(error) => super::fail(
            format!("cannot write {}: {error}", arguments.path),
            "name a file in a folder that can be written",
        ),
    }
}
