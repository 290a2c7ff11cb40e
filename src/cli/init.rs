//! `dewline init`: a first configuration file.

use super::problem::Problem;
use super::terminal;
use crate::config::{FILE_NAMES, KEYS};
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

/// Arguments of `init`.
#[derive(clap::Args, Debug)]
pub struct Arguments {
    /// The folder to write `dewline.yaml` to.
    #[arg(default_value = ".")]
    folder: PathBuf,
}

/// Runs the verb.
pub fn run(arguments: &Arguments, color: terminal::Color) -> ExitCode {
    let folder = arguments.folder.strip_prefix(".").unwrap_or(&arguments.folder);
    if let Some(name) = FILE_NAMES.iter().find(|name| folder.join(name).exists()) {
        let path = folder.join(name).display().to_string();
        return Problem::new(path, "there is a configuration already", "edit it, or remove it first").print(color);
    }
    let path = folder.join("dewline.yaml");
    let created = std::fs::OpenOptions::new().write(true).create_new(true).open(&path);
    if let Err(error) = created.and_then(|mut file| file.write_all(text().as_bytes())) {
        let help = "check that the folder exists and may be written to";
        let message = format!("the file cannot be written: {error}");
        return Problem::new(path.display().to_string(), message, help).print(color);
    }
    terminal::note(&format!("{} written; every key in it is a comment until you change it", path.display()));
    ExitCode::SUCCESS
}

/// The file: every key with what it does, as comments.
fn text() -> String {
    use std::fmt::Write;
    let mut text = "# Configuration of dewline; `dewline check` reads the nearest file of this name.\n\
                    # Policies and their parameters: `dewline explain --all`, `dewline explain NAME`.\n"
        .to_owned();
    for key in KEYS {
        text += "\n";
        for line in textwrap::wrap(key.help, 96) {
            let _ = writeln!(text, "# {line}");
        }
        let example = match key.name {
            "profile" => "profile: recommended",
            "select" => "select: [security, timeout]",
            "extend-select" => "extend-select: [cost]",
            "ignore" => "ignore: [function-timeout-range]",
            "severity" => "severity:\n  monitoring: low",
            "policies" => "policies: {}",
            "paths" => "paths:\n  \"examples/**\":\n    ignore: [monitoring]",
            "exclude" => "exclude: [\"**/fixtures\"]",
            "fail-on" => "fail-on: high",
            "min-severity" => "min-severity: info",
            "region" => "region: eu-central-1",
            "stage" => "stage: prod",
            "parameters" => "parameters:\n  LogLevel: info",
            "guard" => "guard: [tags]",
            "instances" => {
                "instances:\n  old-runtimes-early:\n    policy: deprecated-runtime\n    parameters: {notice-days: 365}"
            }
            "require-suppression-reason" => "require-suppression-reason: true",
            "baseline" => "baseline: dewline-baseline.json",
            name => name,
        };
        for line in example.lines() {
            let _ = writeln!(text, "#{line}");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceFile;
    use std::sync::Arc;

    #[test]
    fn the_first_file_is_sound_as_it_is_and_with_every_comment_opened() {
        let names: Vec<_> = crate::policies::ALL.iter().map(|policy| &policy.meta).collect();
        let shipped = text();
        let opened = shipped.lines().map(|line| match line.strip_prefix('#') {
            Some(rest) if !rest.starts_with(' ') || rest.starts_with("  ") => rest.to_owned(),
            _ => line.to_owned(),
        });
        let opened = opened.collect::<Vec<_>>().join("\n");
        assert!(opened.contains("\nprofile: recommended\n"));
        for text in [text(), opened] {
            let read = crate::config::read(&Arc::new(SourceFile::new("dewline.yaml", &*text)), &names);
            assert!(read.is_ok(), "{read:?} in {text}");
        }
    }
}
