//! `dewline check`: find what is wrong and say it.

use super::batch::{self, Outcome};
use super::deployment::{self, Deployment};
use super::discover::{self, Target};
use super::files;
use super::fix::{Fixes, Overlay};
use super::problem::Problem;
use super::project::{Overrides, Projects};
use super::{baseline, clock, terminal};
use crate::facts::date::Date;
use crate::finding::{Category, Finding, Severity, assign_fingerprints};
use crate::guard::trouble;
use crate::policies;
use crate::policy::Profile;
use crate::report::{self, Format, Rule, Run, Style};
use crate::source::{SourceFile, Sources, Span};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

/// Arguments of `check`.
#[derive(clap::Args, Debug)]
#[allow(clippy::struct_excessive_bools)] // flags are what a command line has
pub struct Arguments {
    /// Templates and folders; `-` is standard input.
    #[arg(default_value = ".")]
    paths: Vec<PathBuf>,
    /// What standard input is called; includes are read relative to it.
    #[arg(long, value_name = "PATH")]
    stdin_filename: Option<PathBuf>,
    /// How findings are written: human, concise, json, sarif, github, gitlab, junit, rdjson or
    /// markdown, optionally to a file; may be repeated.
    #[arg(long = "format", value_name = "FORMAT[=FILE]", value_parser = output)]
    formats: Vec<(Format, Option<PathBuf>)>,
    /// Which policies run: recommended, strict or all.
    #[arg(long, value_parser = profile)]
    profile: Option<Profile>,
    /// Run only these policies or categories.
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    select: Vec<String>,
    /// Run these policies or categories besides.
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    extend_select: Vec<String>,
    /// Do not run these policies or categories.
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    ignore: Vec<String>,
    /// Show findings from this severity on.
    #[arg(long, value_name = "SEVERITY", value_parser = severity)]
    min_severity: Option<Severity>,
    /// Fail on findings from this severity on; `high` unless configured.
    #[arg(long, value_name = "SEVERITY", value_parser = severity)]
    fail_on: Option<Severity>,
    /// End with 0 whatever was found.
    #[arg(long)]
    exit_zero: bool,
    /// Read this configuration file.
    #[arg(long, value_name = "FILE", conflicts_with = "isolated")]
    config: Option<PathBuf>,
    /// Read no configuration file.
    #[arg(long)]
    isolated: bool,
    /// Do not report the findings that this file holds.
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Write all findings to this file, for a later `--baseline`, and end with 0.
    #[arg(long, value_name = "FILE")]
    write_baseline: Option<PathBuf>,
    /// Run the rules of this Guard file, folder or pack, too; may be repeated.
    #[arg(long, value_name = "FILE")]
    guard: Vec<PathBuf>,
    /// Apply the fixes that keep the meaning of everything else.
    #[arg(long)]
    fix: bool,
    /// With --fix or --diff, apply the other fixes, too.
    #[arg(long)]
    unsafe_fixes: bool,
    /// Print what --fix would change, and change nothing.
    #[arg(long, conflicts_with = "fix")]
    diff: bool,
    #[command(flatten)]
    deployment: Deployment,
    /// Check as of this day.
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = clock::parse)]
    today: Option<Date>,
    /// Count findings by policy in place of listing them, and say how far monitoring covers every
    /// resource.
    #[arg(long)]
    statistics: bool,
    /// Show no progress.
    #[arg(long)]
    no_progress: bool,
    /// Leave out excluded files though they are named.
    #[arg(long)]
    force_exclude: bool,
}

fn output(text: &str) -> Result<(Format, Option<PathBuf>), String> {
    let (name, file) = match text.split_once('=') {
        Some((name, file)) => (name, Some(PathBuf::from(file))),
        None => (text, None),
    };
    let names = Format::ALL.map(Format::name).join(", ");
    let format = name.parse().map_err(|()| format!("there is no such format; use one of {names}"))?;
    if file.as_ref().is_some_and(|file| file.as_os_str().is_empty()) {
        return Err("the name of the file is missing".to_owned());
    }
    Ok((format, file))
}

fn profile(text: &str) -> Result<Profile, String> {
    text.parse().map_err(|()| format!("use one of {}", Profile::ALL.map(Profile::name).join(", ")))
}

/// A severity by its name.
pub fn severity(text: &str) -> Result<Severity, String> {
    text.parse().map_err(|()| format!("use one of {}", Severity::ALL.map(Severity::name).join(", ")))
}

/// Runs the verb.
pub fn run(arguments: &Arguments, color: terminal::Color) -> ExitCode {
    check(arguments, color).unwrap_or_else(|problem| problem.print(color))
}

fn check(arguments: &Arguments, color: terminal::Color) -> Result<ExitCode, Problem> {
    if arguments.formats.iter().filter(|(_, file)| file.is_none()).count() > 1 {
        let help = "write all but one to files, e.g. `--format human --format sarif=dewline.sarif`";
        return Err(Problem::new("", "two formats cannot share standard output", help));
    }
    let current = std::env::current_dir().unwrap_or_default();
    let mut projects = Projects::new(overrides(arguments)?, arguments.today.unwrap_or_else(clock::today))?;
    let json = arguments.formats.iter().any(|(format, _)| matches!(format, Format::Json));
    let monitoring = json || arguments.statistics;
    let mut run = Run { folder: folder(&current), monitoring, ..Run::default() };
    let is_stdin = arguments.paths.iter().any(|path| path.as_os_str() == "-");
    let (targets, outcomes) = if is_stdin {
        from_stdin(arguments, &mut projects, &run, &current)?
    } else {
        from_disk(arguments, &mut projects, &mut run)?
    };
    if projects.lacks_environment() && !targets.is_empty() {
        return Err(deployment::no_sam_config(""));
    }
    collect(outcomes, &targets, &mut run);
    run.files.extend(broken_rules(&projects));
    run.policies = rules(&projects);
    if let Some(path) = &arguments.write_baseline {
        return baseline::write(path, &run, color);
    }
    baseline::apply(arguments.baseline.as_deref(), &mut projects, &mut run, &current)?;
    let fails = shown(&mut run, &targets);
    let found = u8::from(fails && !arguments.exit_zero);
    let code = if run.failures.is_empty() { found } else { terminal::ERROR };
    for failure in &run.failures {
        Problem::Failure(failure.clone()).print(color);
    }
    write(arguments, &run, color, ExitCode::from(code))
}

fn overrides(arguments: &Arguments) -> Result<Overrides, Problem> {
    Ok(Overrides {
        config: arguments.config.clone(),
        isolated: arguments.isolated,
        profile: arguments.profile,
        select: arguments.select.clone(),
        extend_select: arguments.extend_select.clone(),
        ignore: arguments.ignore.clone(),
        min_severity: arguments.min_severity,
        fail_on: arguments.fail_on,
        guard: arguments.guard.clone(),
        inputs: arguments.deployment.inputs()?,
        environment: arguments.deployment.config_env.clone(),
    })
}

/// The working directory relative to its repository.
fn folder(current: &Path) -> String {
    match files::repository(current) {
        Some(root) => files::shown(current, root),
        None => String::new(),
    }
}

type Checked = (Vec<Target>, Vec<Outcome>);

fn from_stdin(arguments: &Arguments, projects: &mut Projects, run: &Run, current: &Path) -> Result<Checked, Problem> {
    if arguments.paths.len() > 1 || arguments.fix || arguments.diff {
        let help = "name files to check or fix several of them";
        return Err(Problem::new("-", "standard input is checked alone, and is not fixed", help));
    }
    let mut bytes = Vec::new();
    std::io::stdin().lock().read_to_end(&mut bytes).map_err(|error| {
        Problem::new("-", format!("standard input cannot be read: {error}"), "pipe a template into dewline")
    })?;
    let full = current.join(arguments.stdin_filename.as_deref().unwrap_or(Path::new("<stdin>")));
    let target = Target { path: files::shown(&full, current), project: projects.of(&full)?, full };
    let file = Arc::new(SourceFile::from_bytes(&target.path, bytes));
    let outcome = batch::check_source(file, &*target.project.files, &target, run);
    if matches!(outcome, Outcome::NotATemplate) {
        not_a_template(&target.path);
    }
    Ok((vec![target], vec![outcome]))
}

fn from_disk(arguments: &Arguments, projects: &mut Projects, run: &mut Run) -> Result<Checked, Problem> {
    let found = discover::discover(&arguments.paths, projects, arguments.force_exclude)?;
    run.failures.extend(found.failures);
    let mut outcomes;
    if arguments.fix || arguments.diff {
        let mut fixes = Fixes::default();
        for target in &found.targets {
            if let Err(failure) = fixes.apply(target, arguments.unsafe_fixes) {
                run.failures.push(failure);
            }
        }
        if arguments.diff {
            terminal::print(ExitCode::SUCCESS, |out| out.write_all(fixes.diff().as_bytes()));
            outcomes = batch::check(&found.targets, run, !arguments.no_progress);
        } else {
            run.fixed = fixes.count;
            run.failures.extend(fixes.write());
            outcomes = Vec::new();
            for target in &found.targets {
                let overlay = Overlay::new(&*target.project.files, &fixes.changed);
                outcomes.push(match fixes.changed.get(&target.path) {
                    Some(file) => batch::check_source(Arc::clone(file), &overlay, target, run),
                    None => batch::check_file(target, run),
                });
            }
        }
    } else {
        outcomes = batch::check(&found.targets, run, !arguments.no_progress);
    }
    let is_template = |outcome: &Outcome| !matches!(outcome, Outcome::NotATemplate);
    match (found.targets.as_slice(), found.folders.as_slice()) {
        ([only], []) if arguments.paths.len() == 1 && !outcomes.iter().any(is_template) => {
            not_a_template(&only.path);
        }
        (_, [first, ..]) if run.failures.is_empty() && !outcomes.iter().any(is_template) => {
            let help = "name the folder or the file that holds your SAM, Serverless Framework or CloudFormation \
                        templates; files that .gitignore or `exclude` in dewline.yaml leave out are not looked at";
            return Err(Problem::new(first, "there is no template below this folder", help));
        }
        _ => {}
    }
    outcomes.shrink_to_fit();
    Ok((found.targets, outcomes))
}

fn not_a_template(path: &str) {
    terminal::note(&format!("{path}: not a SAM, Serverless Framework or CloudFormation template; nothing to check"));
}

fn collect(outcomes: Vec<Outcome>, targets: &[Target], run: &mut Run) {
    debug_assert_eq!(outcomes.len(), targets.len(), "one outcome a target");
    for outcome in outcomes {
        match outcome {
            Outcome::Checked(file, suppressed) => {
                run.files.push(*file);
                run.suppressed += suppressed;
            }
            Outcome::Failed(failure) => run.failures.push(failure),
            Outcome::NotATemplate => {}
        }
    }
}

/// The policies that any of the settings selects, in the order of the registry, then those of
/// one's own.
fn rules(projects: &Projects) -> Vec<Rule> {
    let selected = projects.all_settings().flat_map(|settings| {
        let policies = settings.selection.policies().iter().map(|one| (one.meta, one.severity));
        policies.chain(settings.selection.rules().iter().map(|one| (one.meta, one.severity)))
    });
    let mut found: Vec<Rule> = Vec::new();
    for (meta, severity) in selected {
        if !found.iter().any(|rule| rule.meta.name == meta.name) {
            found.push(Rule { meta, severity: severity.unwrap_or(meta.severity) });
        }
    }
    let order = |rule: &Rule| policies::ALL.iter().position(|policy| policy.meta.name == rule.meta.name);
    found.sort_by_key(|rule| (order(rule).is_none(), order(rule)));
    found
}

/// Rule files with mistakes are files with findings.
fn broken_rules(projects: &Projects) -> Vec<report::File> {
    let broken = projects.rule_files().into_iter().filter(|file| !file.mistakes.is_empty());
    broken
        .map(|file| {
            let mut sources = Sources::default();
            let id = sources.add(Arc::new(SourceFile::new(&file.path, &*file.text)));
            let findings = file.mistakes.iter().map(|mistake| Finding {
                policy: trouble::UNREADABLE.to_owned(),
                category: Category::Validity,
                severity: Severity::High,
                message: mistake.message.clone(),
                span: Span::new(id, mistake.range.start as u32, mistake.range.end as u32),
                label: None,
                help: Some(format!("{}; no rule of this file is run until it is mended", mistake.help)),
                resource: None,
                related: Vec::new(),
                fix: None,
                fingerprint: String::new(),
            });
            let mut findings: Vec<Finding> = findings.collect();
            assign_fingerprints(&mut findings, &sources);
            report::File { path: file.path, dialect: report::RULES, sources, findings, monitored: Vec::new() }
        })
        .collect()
}

/// Takes out what is below the severity that is shown; answers whether anything fails the run.
fn shown(run: &mut Run, targets: &[Target]) -> bool {
    let mut fails = false;
    let mut hidden = 0;
    for file in &mut run.files {
        let Some(target) = targets.iter().find(|target| target.path == file.path) else {
            // Rules that nobody can read fail the run: what they guard is not guarded.
            fails |= file.dialect == report::RULES;
            continue;
        };
        fails |= file.findings.iter().any(|finding| finding.severity >= target.project.fail_on);
        let before = file.findings.len();
        file.findings.retain(|finding| finding.severity >= target.project.min_severity);
        hidden += before - file.findings.len();
    }
    run.hidden = hidden;
    fails
}

fn write(arguments: &Arguments, run: &Run, color: terminal::Color, code: ExitCode) -> Result<ExitCode, Problem> {
    let default = [(Format::Human, None)];
    let formats = if arguments.formats.is_empty() { &default[..] } else { &arguments.formats };
    for (format, path) in formats {
        let Some(path) = path else { continue };
        let mut text = Vec::new();
        report::write(*format, run, &Style::PLAIN, &mut text)
            .and_then(|()| std::fs::write(path, text))
            .map_err(|error| Problem::cannot_write(path, &error))?;
    }
    let Some((format, _)) = formats.iter().find(|(_, path)| path.is_none()) else { return Ok(code) };
    // A diff stands alone on standard output.
    if arguments.diff && matches!(format, Format::Human) {
        return Ok(code);
    }
    let style = terminal::stdout(color);
    let people = matches!(format, Format::Human | Format::Concise);
    Ok(terminal::print(code, |out| match (people, arguments.statistics) {
        (true, true) => report::statistics(run, &style, out),
        _ => report::write(*format, run, &style, out),
    }))
}
