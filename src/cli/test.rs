//! `dewline test`: Guard's own test files, run by the rules beside them.

use super::files;
use super::problem::Problem;
use super::rules;
use super::terminal;
use crate::guard::suite;
use crate::report::Style;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Arguments of `test`.
#[derive(clap::Args, Debug)]
pub struct Arguments {
    /// Files with rules, and folders. The tests of `NAME.guard` are the YAML and JSON files in the
    /// folder `tests` beside it whose names begin with NAME.
    #[arg(default_value = ".")]
    paths: Vec<PathBuf>,
    /// Run these tests in place of those beside the rules; may be repeated.
    #[arg(long, value_name = "FILE")]
    tests: Vec<PathBuf>,
}

/// Runs the verb.
pub fn run(arguments: &Arguments, color: terminal::Color) -> ExitCode {
    test(arguments, color).unwrap_or_else(|problem| problem.print(color))
}

#[derive(Default)]
struct Count {
    passed: usize,
    failed: usize,
    untested: usize,
}

fn test(arguments: &Arguments, color: terminal::Color) -> Result<ExitCode, Problem> {
    // What a defect of the engine says is told as the outcome of the case.
    std::panic::set_hook(Box::new(|_| {}));
    let style = terminal::stdout(color);
    let mut found = Vec::new();
    for path in &arguments.paths {
        let files = rules::below(path);
        if !path.exists() || files.is_empty() {
            let message = if path.exists() { "there are no rules below this folder" } else { "there is no such file" };
            return Err(Problem::new(path.display().to_string(), message, "files with rules end in .guard"));
        }
        found.extend(files);
    }
    let mut text = String::new();
    let mut count = Count::default();
    for path in &found {
        one(path, arguments, &style, &mut text, &mut count)?;
    }
    let untested =
        if count.untested > 0 { format!(", {} without tests", files_text(count.untested)) } else { String::new() };
    let _ = writeln!(text, "{} passed, {} failed{untested}", count.passed, count.failed);
    let code = u8::from(count.failed > 0);
    Ok(terminal::print(ExitCode::from(code), |out| out.write_all(text.as_bytes())))
}

fn files_text(count: usize) -> String {
    if count == 1 { "1 file".to_owned() } else { format!("{count} files") }
}

fn one(path: &Path, arguments: &Arguments, style: &Style, text: &mut String, count: &mut Count) -> Result<(), Problem> {
    let current = std::env::current_dir().unwrap_or_default();
    let shown = files::shown(path, &current);
    let file = files::read(&shown, path)
        .map_err(|error| Problem::new(&shown, format!("the Guard rules cannot be read: {error}"), "check the path"))?;
    let rules = rules::parse(&shown, file.text());
    let tests = if arguments.tests.is_empty() { beside(path) } else { arguments.tests.clone() };
    let _ = writeln!(text, "{}", style.bold(&shown));
    for mistake in &rules.mistakes {
        let place = file.position(mistake.range.start as u32);
        let _ = writeln!(text, "  {}  line {}: {}", style.bad("FAIL"), place.line, mistake.message);
        count.failed += 1;
    }
    if !rules.mistakes.is_empty() {
        return Ok(());
    }
    if tests.is_empty() {
        let _ = writeln!(text, "  {}", style.dim("no tests"));
        count.untested += 1;
    }
    for test in tests {
        let shown = files::shown(&test, &current);
        let help = "a test file is a list of `name`, `input` and `expectations: {rules: {NAME: PASS}}`";
        let file = files::read(&shown, &test)
            .map_err(|error| Problem::new(&shown, format!("the tests cannot be read: {error}"), help))?;
        let cases = suite::read(file.text())
            .map_err(|error| Problem::new(&shown, format!("this is no test file: {error}"), help))?;
        for (index, case) in cases.iter().enumerate() {
            let outcome = suite::run(&rules, case);
            let number = format!("case {}", index + 1);
            let name = if case.name.is_empty() { &number } else { &case.name };
            if outcome.wrong.is_empty() {
                count.passed += 1;
                let _ = writeln!(text, "  {}    {name}", style.good("ok"));
                continue;
            }
            count.failed += 1;
            let _ = writeln!(text, "  {}  {name} {}", style.bad("FAIL"), style.dim(&format!("({shown})")));
            for wrong in &outcome.wrong {
                let _ = writeln!(text, "        {wrong}");
            }
        }
    }
    Ok(())
}

/// The test files of a rule file, by name.
fn beside(path: &Path) -> Vec<PathBuf> {
    let Some(stem) = path.file_stem().and_then(|stem| stem.to_str()) else { return Vec::new() };
    let folder = path.parent().unwrap_or(Path::new("")).join("tests");
    let entries = folder.read_dir().into_iter().flatten().flatten().map(|entry| entry.path());
    let mut found: Vec<PathBuf> = entries
        .filter(|path| {
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            let is_data =
                path.extension().is_some_and(|ending| ["yaml", "yml", "json"].iter().any(|one| ending == *one));
            let rest = name.strip_prefix(stem);
            is_data && path.is_file() && rest.is_some_and(|rest| rest.starts_with(['.', '_', '-']))
        })
        .collect();
    found.sort();
    found
}
