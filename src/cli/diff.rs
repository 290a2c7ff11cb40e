//! `dewline diff`: what a change does to cost and findings.

use super::deployment::Deployment;
use super::files::{self, project_root};
use super::pricing::{self, Pricing};
use super::problem::Problem;
use super::project::{Overrides, Project, Projects};
use super::revision::Revision;
use super::{batch, check, clock, estimate, single, terminal};
use crate::engine::{self, Analysis};
use crate::estimate::{BudgetCheck, Comparison, added, cost as reckon};
use crate::finding::Severity;
use crate::report::diff::{self as report, Difference, Findings};
use crate::report::{self as reports, File};
use crate::source::{FileId, Files, normalize};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

/// Names that are tried where no template is named.
const NAMES: [&str; 5] = ["template.yaml", "template.yml", "template.json", "serverless.yml", "serverless.yaml"];

/// Arguments of `diff`.
#[derive(clap::Args, Debug)]
pub struct Arguments {
    /// Before: a template, a folder, or a revision of git (`main`, `HEAD~1`, `v1.2:path/template.yaml`).
    base: String,
    /// After: the same; the template on disk where nothing is said.
    head: Option<String>,
    /// The template in folders and revisions; `template.yaml` or `serverless.yml` where nothing is said.
    #[arg(long, value_name = "FILE")]
    template: Option<PathBuf>,
    /// How to print the difference.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    #[command(flatten)]
    pricing: Pricing,
    /// Fail on new findings from this severity on; `high` unless configured.
    #[arg(long, value_name = "SEVERITY", value_parser = check::severity)]
    fail_on: Option<Severity>,
    /// End with 0 whatever was found.
    #[arg(long)]
    exit_zero: bool,
    #[command(flatten)]
    deployment: Deployment,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// Tables for a terminal.
    #[default]
    Human,
    /// Data, by `schemas/diff.schema.json`.
    Json,
    /// A comment for a pull request.
    Markdown,
}

/// Runs the verb.
pub fn run(arguments: &Arguments, color: terminal::Color) -> ExitCode {
    diff(arguments, color).unwrap_or_else(|problem| problem.print(color))
}

/// One of the two states.
struct Side {
    label: String,
    analysis: Analysis,
}

/// Where a state is read.
enum Place {
    Disk(PathBuf),
    Revision(Revision, PathBuf),
}

impl Place {
    fn path(&self) -> &Path {
        let (Self::Disk(path) | Self::Revision(_, path)) = self;
        path
    }
}

fn diff(arguments: &Arguments, color: terminal::Color) -> Result<ExitCode, Problem> {
    let current = std::env::current_dir().unwrap_or_default();
    let head = match &arguments.head {
        Some(name) => place(name, arguments.template.as_deref(), &current)?,
        None => Place::Disk(current.join(template_in(&current, arguments.template.as_deref())?)),
    };
    // A revision holds the template where the other side has it.
    let named = arguments.template.clone().or_else(|| Some(head.path().to_owned()));
    let base = place(&arguments.base, named.as_deref(), &current)?;
    let mut projects = Projects::new(overrides(arguments)?, clock::today())?;
    // Both are checked as the later one is, so that only the templates differ.
    let project = projects.of(head.path())?;
    let label = |name: Option<&String>, place: &Place| match place {
        Place::Disk(path) => files::shown(path, &current),
        Place::Revision(..) => name.cloned().unwrap_or_default(),
    };
    let (base_label, head_label) = (label(Some(&arguments.base), &base), label(arguments.head.as_ref(), &head));
    let beside = head.path().to_owned();
    let base = side(base, base_label, &project, &current)?;
    let head = side(head, head_label, &project, &current)?;
    let given = arguments.pricing.usage(&beside, &head.analysis.graph)?;
    let prices = arguments.pricing.prices()?;
    let region = pricing::region(&arguments.deployment, &given.usage, &head.analysis.graph);
    let options = arguments.pricing.options(region, &given.usage, &prices);
    let mut cost = Comparison::new(&reckon(&base.analysis.graph, &options), &reckon(&head.analysis.graph, &options));
    cost.budget = added(&given.usage.budget, &cost);
    let over: Vec<&BudgetCheck> = cost.budget.iter().filter(|one| one.is_exceeded()).collect();
    for one in &over {
        estimate::over_budget(one, &head.analysis, given.file.as_ref(), color);
    }
    let (before, after) = (file(base.analysis, &project), file(head.analysis, &project));
    let findings = Findings::new(&before, &after);
    let failing = findings.new.iter().any(|(_, finding)| finding.severity >= project.fail_on) || !over.is_empty();
    let code = ExitCode::from(u8::from(failing && !arguments.exit_zero));
    let watched = [&before, &after].map(report::Watched::of);
    let difference = Difference { base: &base.label, head: &head.label, cost: &cost, findings, watched };
    let text = match arguments.format {
        Format::Human => report::human(&difference, &terminal::stdout(color)),
        Format::Json => report::json(&difference),
        Format::Markdown => report::markdown(&difference),
    };
    Ok(terminal::print(code, |out| out.write_all(text.as_bytes())))
}

fn overrides(arguments: &Arguments) -> Result<Overrides, Problem> {
    Ok(Overrides {
        fail_on: arguments.fail_on,
        inputs: arguments.deployment.inputs()?,
        environment: arguments.deployment.config_env.clone(),
        ..Overrides::default()
    })
}

/// What `name` means: a file, a folder with a template, or a revision.
fn place(name: &str, template: Option<&Path>, current: &Path) -> Result<Place, Problem> {
    let path = current.join(name);
    if path.is_file() {
        return Ok(Place::Disk(path));
    }
    if path.is_dir() {
        // Below another folder the template has the name it has below this one.
        let relative = template.map(|template| template.strip_prefix(current).unwrap_or(template).to_owned());
        let relative = match relative {
            Some(path) if path.is_absolute() => path.file_name().map(PathBuf::from),
            other => other,
        };
        return Ok(Place::Disk(path.join(template_in(&path, relative.as_deref())?)));
    }
    let around = template.filter(|path| path.is_absolute()).and_then(Path::parent).unwrap_or(current);
    let Some(root) = files::repository(around).or_else(|| files::repository(current)) else {
        let help = "run it inside a repository, or name two templates";
        return Err(Problem::new("", format!("`{name}` is no file, and there is no git repository here"), help));
    };
    // `REVISION:PATH`, the path from the root as git has it, or from here with `./`.
    let (revision, written) = name.split_once(':').map_or((name, None), |(name, path)| (name, Some(path)));
    let revision = Revision::new(root, revision)?;
    let path = match (written, template) {
        (Some(path), _) if path.starts_with("./") || path.starts_with("../") => current.join(path),
        (Some(path), _) => root.join(path),
        (None, Some(template)) => current.join(template),
        (None, None) => {
            let found = NAMES.iter().map(|name| current.join(name));
            let found = found.into_iter().find(|path| revision.exists(&path.to_string_lossy()));
            found.unwrap_or_else(|| current.join(NAMES[0]))
        }
    };
    let path = normalize("", &path.to_string_lossy()).map_or(path, PathBuf::from);
    Ok(Place::Revision(revision, path))
}

/// The template in `folder`, relative to it.
fn template_in(folder: &Path, named: Option<&Path>) -> Result<PathBuf, Problem> {
    if let Some(named) = named {
        return Ok(named.to_owned());
    }
    let found = NAMES.iter().find(|name| folder.join(name).is_file());
    found.map(PathBuf::from).ok_or_else(|| {
        let message = format!("there is none of {} in the folder", NAMES.join(", "));
        Problem::new(folder.display().to_string(), message, "name the template with `--template`")
    })
}

fn side(place: Place, label: String, project: &Project, current: &Path) -> Result<Side, Problem> {
    let shown = files::shown(place.path(), current);
    let help = "check the path; `--template FILE` names the template in folders and revisions";
    let (file, files): (_, Arc<dyn Files>) = match place {
        Place::Disk(path) => {
            let files: Arc<dyn Files> = Arc::new(files::DiskFiles::new(&project_root(&path)));
            (files::read(&shown, &path), files)
        }
        Place::Revision(revision, _) => (revision.read(&shown), Arc::new(revision)),
    };
    let file = file.map_err(|error| Problem::new(format!("{label}: {shown}"), error.to_string(), help))?;
    let analysis = engine::analyze(file, &*files, &project.settings);
    let analysis = analysis.ok_or_else(|| single::not_a_template(Path::new(&shown)))?;
    Ok(Side { label, analysis })
}

/// One side as reports have it: the findings that are shown, and how far it is watched.
fn file(analysis: Analysis, project: &Project) -> File {
    let Analysis { dialect, sources, mut findings, graph, .. } = analysis;
    let path = sources.get(FileId(0)).path().to_owned();
    findings.retain(|finding| finding.severity >= project.min_severity);
    reports::File { path, dialect: dialect.name(), sources, findings, monitored: batch::monitored(&graph) }
}
