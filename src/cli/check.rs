//! `dewline check`: templates in, findings out.

use super::deployment::Deployment;
use super::discover::{self, Candidate};
use super::files::{self, DiskFiles};
use super::settings::{self, Found, Wanted};
use super::terminal::{self, Color};
use crate::config::baseline::Baseline;
use crate::engine::{SelectionError, SelectionRequest, Settings, analyze};
use crate::facts::date::Date;
use crate::finding::Severity;
use crate::guard::RuleFile;
use crate::policy::Profile;
use crate::report::{self, Failure, File, Format, Rule, Run, Style};
use crate::source::{Files, SourceFile};
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::io::{IsTerminal, Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Files from which on a pool of threads pays for its start.
const PARALLEL_FROM: usize = 8;

/// Arguments of `check`.
#[derive(clap::Args)]
pub struct Arguments {
    /// Templates and folders; `-` is standard input.
    #[arg(default_value = ".")]
    paths: Vec<String>,
    /// Output format, with a file to write it to; may be repeated.
    #[arg(long = "format", value_name = "FORMAT[=FILE]", value_parser = destination)]
    formats: Vec<Destination>,
    /// Which policies run: recommended, strict or all.
    #[arg(long, value_parser = parsed::<Profile>)]
    profile: Option<Profile>,
    /// Run only these policies or categories.
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    select: Vec<String>,
    /// Do not run these policies or categories.
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    ignore: Vec<String>,
    /// Lowest severity that is shown.
    #[arg(long, value_name = "SEVERITY", value_parser = parsed::<Severity>)]
    min_severity: Option<Severity>,
    /// Lowest severity that makes the run fail [default: high].
    #[arg(long, value_name = "SEVERITY", value_parser = parsed::<Severity>)]
    fail_on: Option<Severity>,
    /// Exit with 0 whatever is found.
    #[arg(long)]
    exit_zero: bool,
    /// Configuration file in place of the nearest dewline.yaml.
    #[arg(long, value_name = "FILE", conflicts_with = "isolated")]
    config: Option<String>,
    /// Ignore configuration files.
    #[arg(long)]
    isolated: bool,
    /// Do not report what this file holds.
    #[arg(long, value_name = "FILE")]
    baseline: Option<String>,
    /// Write what is found to this file, and report nothing.
    #[arg(long, value_name = "FILE")]
    write_baseline: Option<String>,
    /// Apply safe fixes.
    #[arg(long)]
    fix: bool,
    /// Apply unsafe fixes as well.
    #[arg(long)]
    unsafe_fixes: bool,
    /// Show what fixes would change, and change nothing.
    #[arg(long)]
    diff: bool,
    #[command(flatten)]
    deployment: Deployment,
    /// The day the check is for [default: today].
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = date)]
    today: Option<Date>,
    /// Count findings by policy instead of showing them.
    #[arg(long)]
    statistics: bool,
    /// When to use colours.
    #[arg(long, value_enum, default_value = "auto")]
    color: Color,
    /// Show no progress.
    #[arg(long)]
    no_progress: bool,
    /// Apply the configuration's `exclude` to files that are named as well (for hooks).
    #[arg(long)]
    force_exclude: bool,
    /// The name standard input is reported under, which also decides its dialect.
    #[arg(long, value_name = "FILE")]
    stdin_filename: Option<String>,
}

#[derive(Clone, Debug)]
struct Destination {
    format: Format,
    file: Option<String>,
}

fn destination(text: &str) -> Result<Destination, String> {
    let (name, file) = text.split_once('=').map_or((text, None), |(name, file)| (name, Some(file.to_owned())));
    let format = Format::ALL.into_iter().find(|format| format.name() == name);
    let names: Vec<&str> = Format::ALL.into_iter().map(Format::name).collect();
    format.map(|format| Destination { format, file }).ok_or(format!("choose one of {}", names.join(", ")))
}

fn parsed<T: std::str::FromStr>(text: &str) -> Result<T, String> {
    text.parse().map_err(|_| "no such value".to_owned())
}

fn date(text: &str) -> Result<Date, String> {
    text.parse().map_err(|_| "write the date as YYYY-MM-DD".to_owned())
}

/// Runs the verb.
pub fn run(arguments: &Arguments) -> ExitCode {
    let style = terminal::style(arguments.color);
    match checked(arguments, &style) {
        Ok(code) => code,
        Err(message) => {
            let _ = std::io::stderr().write_all(message.as_bytes());
            ExitCode::from(super::FAILED)
        }
    }
}

fn error(message: impl std::fmt::Display, help: &str) -> String {
    format!("error: {message}\n  help: {help}\n")
}

fn checked(arguments: &Arguments, style: &Style) -> Result<ExitCode, String> {
    let start = Path::new(arguments.paths.first().map_or(".", |path| if path == "-" { "." } else { path }));
    let start = if start.is_file() {
        start.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
    } else {
        start
    };
    let found = if arguments.isolated {
        Found::default()
    } else {
        settings::configuration(arguments.config.as_deref(), start, style)?
    };
    let guard =
        settings::guard_files(&found).map_err(|message| error(message, "correct `guard` in the configuration"))?;
    let wanted = Wanted {
        request: SelectionRequest {
            profile: arguments.profile,
            select: arguments.select.clone(),
            ignore: arguments.ignore.clone(),
            ..SelectionRequest::default()
        },
        today: arguments.today,
        inputs: arguments.deployment.inputs(),
    };
    let base = settings::settings(&wanted, &found.config, found.config.rules.clone(), &guard)
        .map_err(|problem| selection_error(&problem))?;
    let checker = Checker { found, wanted, guard, base, arguments };
    let mut run = checker.run()?;
    if let Some(path) = &arguments.write_baseline {
        let baseline = Baseline::new(run.findings().map(|(file, finding)| (run.repository_path(&file.path), finding)));
        std::fs::write(path, baseline.text())
            .map_err(|problem| error(format!("cannot write {path}: {problem}"), "name a file that can be written"))?;
        let _ = writeln!(std::io::stderr(), "Wrote {} findings to {path}.", baseline.len());
        return Ok(ExitCode::SUCCESS);
    }
    checker.apply_baseline(&mut run)?;
    if arguments.fix || arguments.unsafe_fixes || arguments.diff {
        if arguments.diff {
            return Ok(super::print(&super::fixes::diff(&run, arguments.unsafe_fixes)));
        }
        let fixed = super::fixes::apply(&run, arguments.unsafe_fixes)
            .map_err(|message| error(message, "check that the file can be written"))?;
        if fixed > 0 {
            // What is left is what a second look at the changed files finds.
            run = checker.run()?;
            checker.apply_baseline(&mut run)?;
            run.fixed = fixed;
        }
    }
    let fail_on = arguments.fail_on.or(checker.found.config.fail_on).unwrap_or(Severity::High);
    let failing = run.findings().any(|(_, finding)| finding.severity >= fail_on);
    let least = arguments.min_severity.or(checker.found.config.min_severity).unwrap_or(Severity::Info);
    let before = run.findings().count();
    for file in &mut run.files {
        file.findings.retain(|finding| finding.severity >= least);
    }
    run.hidden = before - run.findings().count();
    for failure in &run.failures {
        let _ = std::io::stderr().write_all(failure.text(style).as_bytes());
    }
    written(arguments, &run, style)?;
    Ok(if !run.failures.is_empty() {
        ExitCode::from(super::FAILED)
    } else if failing && !arguments.exit_zero {
        ExitCode::from(super::FOUND)
    } else {
        ExitCode::SUCCESS
    })
}

fn selection_error(problem: &SelectionError) -> String {
    let near: Vec<String> = problem.suggestions.iter().map(|name| format!("`{name}`")).collect();
    let help = if near.is_empty() {
        "`dewline explain --all` lists every policy".to_owned()
    } else {
        format!("did you mean {}?", near.join(" or "))
    };
    error(problem, &help)
}

fn written(arguments: &Arguments, run: &Run, style: &Style) -> Result<(), String> {
    let default = [Destination { format: Format::Human, file: None }];
    let destinations = if arguments.formats.is_empty() { &default[..] } else { &arguments.formats };
    for destination in destinations {
        let mut text = Vec::new();
        let style = if destination.file.is_some() { &Style::PLAIN } else { style };
        let drawn = if arguments.statistics && matches!(destination.format, Format::Human | Format::Concise) {
            report::statistics(run, style, &mut text)
        } else {
            report::write(destination.format, run, style, &mut text)
        };
        drawn
            .map_err(|problem| error(format!("the report cannot be written: {problem}"), "report this as a defect"))?;
        match &destination.file {
            Some(path) => std::fs::write(path, text).map_err(|problem| {
                error(format!("cannot write {path}: {problem}"), "name a file that can be written")
            })?,
            None => {
                super::print(&String::from_utf8_lossy(&text));
            }
        }
    }
    Ok(())
}

/// What became of one file.
enum Outcome {
    Template(Box<File>, usize),
    NotATemplate,
    Failure(Failure),
}

struct Checker<'a> {
    found: Found,
    wanted: Wanted,
    guard: Vec<RuleFile>,
    base: Settings,
    arguments: &'a Arguments,
}

impl Checker<'_> {
    fn run(&self) -> Result<Run, String> {
        let mut run = Run { policies: self.rules(), folder: folder_in_repository(), ..Run::default() };
        let (stdin, paths): (Vec<String>, Vec<String>) =
            self.arguments.paths.iter().cloned().partition(|path| path == "-");
        if !stdin.is_empty() {
            self.standard_input(&mut run)?;
        }
        let (candidates, missing) = discover::candidates(&paths);
        for missing in missing {
            run.failures.push(Failure {
                path: missing.path,
                message: missing.message,
                help: "check the path".to_owned(),
            });
        }
        let candidates: Vec<Candidate> =
            candidates.into_iter().filter(|candidate| !self.is_excluded(candidate)).collect();
        let outcomes = self.outcomes(&candidates);
        let mut templates = run.files.len();
        for (candidate, outcome) in candidates.iter().zip(outcomes) {
            match outcome {
                Outcome::Template(file, suppressed) => {
                    templates += 1;
                    run.suppressed += suppressed;
                    run.files.push(*file);
                }
                Outcome::NotATemplate if candidate.named && candidates.len() == 1 => {
                    let _ =
                        writeln!(std::io::stderr(), "{} is not a template, so nothing was checked.", candidate.path);
                }
                Outcome::NotATemplate => {}
                Outcome::Failure(failure) => run.failures.push(failure),
            }
        }
        if templates == 0 && run.failures.is_empty() && stdin.is_empty() && candidates.len() != 1 {
            let _ = writeln!(
                std::io::stderr(),
                "No templates were found in {}. Name a file, or a folder that holds SAM, CloudFormation or serverless.yml files.",
                paths.join(", ")
            );
        }
        Ok(run)
    }

    fn rules(&self) -> Vec<Rule> {
        let selected = self.base.selection.policies().iter();
        selected
            .map(|selected| Rule {
                meta: &selected.policy.meta,
                severity: selected.severity.unwrap_or(selected.policy.meta.severity),
            })
            .collect()
    }

    fn standard_input(&self, run: &mut Run) -> Result<(), String> {
        let mut bytes = Vec::new();
        std::io::stdin().read_to_end(&mut bytes).map_err(|problem| {
            error(format!("standard input cannot be read: {problem}"), "pipe a template into dewline")
        })?;
        let name = self.arguments.stdin_filename.as_deref().unwrap_or("stdin.yaml");
        let file = Arc::new(SourceFile::from_bytes(name, bytes));
        match self.analyzed(name, file) {
            Outcome::Template(file, suppressed) => {
                run.suppressed += suppressed;
                run.files.push(*file);
            }
            Outcome::NotATemplate => {
                let _ = writeln!(std::io::stderr(), "Standard input is not a template, so nothing was checked.");
            }
            Outcome::Failure(failure) => run.failures.push(failure),
        }
        Ok(())
    }

    fn outcomes(&self, candidates: &[Candidate]) -> Vec<Outcome> {
        if candidates.len() < PARALLEL_FROM {
            return candidates.iter().map(|candidate| self.one(candidate)).collect();
        }
        let progress = !self.arguments.no_progress && candidates.len() >= 200 && std::io::stderr().is_terminal();
        let done = AtomicUsize::new(0);
        let outcomes = candidates
            .par_iter()
            .map(|candidate| {
                let outcome = self.one(candidate);
                let count = done.fetch_add(1, Ordering::Relaxed) + 1;
                if progress && count % 100 == 0 {
                    let _ = write!(std::io::stderr(), "\rchecked {count} of {} files", candidates.len());
                }
                outcome
            })
            .collect();
        if progress {
            let _ = write!(std::io::stderr(), "\r\u{1b}[K");
        }
        outcomes
    }

    fn one(&self, candidate: &Candidate) -> Outcome {
        let files = DiskFiles::new(&files::project_root_of(&candidate.path));
        match files.read(&candidate.path) {
            Ok(file) => self.analyzed(&candidate.path, file),
            Err(problem) => Outcome::Failure(Failure {
                path: candidate.path.clone(),
                message: format!("the file cannot be read: {problem}"),
                help: "check its permissions, or exclude it in dewline.yaml".to_owned(),
            }),
        }
    }

    /// Analyses one file. A defect of dewline's own costs this file's findings and no others.
    fn analyzed(&self, path: &str, file: Arc<SourceFile>) -> Outcome {
        let own;
        let settings = match self.path_rules(path) {
            None => &self.base,
            Some(Ok(settings)) => {
                own = settings;
                &own
            }
            Some(Err(problem)) => {
                return Outcome::Failure(Failure {
                    path: path.to_owned(),
                    message: problem.to_string(),
                    help: "correct `paths` in the configuration".to_owned(),
                });
            }
        };
        let files = DiskFiles::new(&files::project_root_of(path));
        match catch_unwind(AssertUnwindSafe(|| analyze(file, &files, settings))) {
            Ok(Some(analysis)) => {
                let file = File {
                    path: path.to_owned(),
                    dialect: analysis.dialect.name(),
                    sources: analysis.sources,
                    findings: analysis.findings,
                };
                Outcome::Template(Box::new(file), analysis.suppressed)
            }
            Ok(None) => Outcome::NotATemplate,
            Err(_) => Outcome::Failure(Failure {
                path: path.to_owned(),
                message: "dewline failed on this file, which is a defect of dewline".to_owned(),
                help: "report it with the file, and exclude the file in dewline.yaml until then".to_owned(),
            }),
        }
    }

    /// The path as the configuration's globs see it.
    fn configured_path(&self, path: &str) -> Option<String> {
        let folder = self.found.folder.as_ref()?.canonicalize().ok()?;
        let full = std::path::absolute(path).ok()?;
        let full = full.canonicalize().unwrap_or(full);
        full.strip_prefix(folder).ok().map(|path| path.to_string_lossy().replace('\\', "/"))
    }

    fn path_rules(&self, path: &str) -> Option<Result<Settings, SelectionError>> {
        if self.found.config.paths.is_empty() {
            return None;
        }
        let path = self.configured_path(path)?;
        Some(settings::settings(&self.wanted, &self.found.config, self.found.config.rules_for(&path), &self.guard))
    }

    fn is_excluded(&self, candidate: &Candidate) -> bool {
        if self.found.config.exclude.is_empty() || (candidate.named && !self.arguments.force_exclude) {
            return false;
        }
        self.configured_path(&candidate.path).is_some_and(|path| self.found.config.excludes(&path))
    }

    /// Takes out what the baseline holds, and says which of its entries are no longer found.
    fn apply_baseline(&self, run: &mut Run) -> Result<(), String> {
        let from_config = || {
            Some(self.found.folder.as_ref()?.join(self.found.config.baseline.as_ref()?).to_string_lossy().into_owned())
        };
        let Some(path) = self.arguments.baseline.clone().or_else(from_config) else { return Ok(()) };
        let text = std::fs::read_to_string(&path).map_err(|problem| {
            error(format!("the baseline {path} cannot be read: {problem}"), "write one with --write-baseline")
        })?;
        let baseline = Baseline::read(&text).map_err(|problem| {
            error(format!("the baseline {path} cannot be used: {problem}"), "write it anew with --write-baseline")
        })?;
        let known = baseline.fingerprints();
        let mut matched = BTreeSet::new();
        for file in &mut run.files {
            file.findings.retain(|finding| {
                let is_known = known.contains(&*finding.fingerprint);
                if is_known {
                    matched.insert(finding.fingerprint.clone());
                    run.baselined += 1;
                }
                !is_known
            });
        }
        let paths: BTreeSet<String> = run.files.iter().map(|file| run.repository_path(&file.path)).collect();
        let stale = baseline.stale(&paths, &matched).count();
        if stale > 0 {
            let _ = writeln!(
                std::io::stderr(),
                "{stale} findings of the baseline {path} are gone; write it anew with --write-baseline."
            );
        }
        Ok(())
    }
}

/// The working directory relative to the repository around it.
fn folder_in_repository() -> String {
    let Ok(current) = std::env::current_dir() else { return String::new() };
    let root = current.ancestors().find(|folder| folder.join(".git").exists());
    root.and_then(|root| current.strip_prefix(root).ok())
        .map(|path| path.to_string_lossy().replace('\\', "/"))
        .unwrap_or_default()
}
