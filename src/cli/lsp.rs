//! `dewline lsp`: the language server on standard input and output.

use super::clock;
use super::discover;
use super::files::{self, DiskFiles};
use super::problem::Problem;
use super::project::{Configured, Overrides, Projects};
use super::rules;
use super::terminal;
use super::usage;
use crate::config;
use crate::config::baseline::Baseline;
use crate::engine::Analysis;
use crate::estimate::{self, Estimate, Range, traffic};
use crate::facts::date::Date;
use crate::facts::prices::Prices;
use crate::finding::Severity;
use crate::graph::Graph;
use crate::guard::{RuleFile, RuleMistake};
use crate::policy::Meta;
use crate::server::{self, ConfigurationProblem, Host, Log, Options, PathEstimate, Project, ResourceEstimate};
use crate::source::{FileId, SourceFile, Span};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};

/// Arguments of `lsp`.
#[derive(clap::Args, Debug)]
pub struct Arguments {
    /// Accepted for editors that name the channel; there is no other.
    #[arg(long)]
    stdio: bool,
    /// Write what the server does to this file, one line an event.
    #[arg(long, value_name = "FILE")]
    log: Option<PathBuf>,
}

/// Runs the verb.
pub fn run(arguments: &Arguments, color: terminal::Color) -> ExitCode {
    match serve(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => problem.print(color),
    }
}

fn serve(arguments: &Arguments) -> Result<(), Problem> {
    let out = match &arguments.log {
        Some(path) => Some(Box::new(std::fs::File::create(path).map_err(|error| {
            let message = format!("the log cannot be written: {error}");
            Problem::new(path.display().to_string(), message, "name a file in a folder that may be written to")
        })?) as Box<dyn std::io::Write + Send>),
        None => None,
    };
    // What a defect says belongs into the log, not into the editor's output.
    if arguments.log.is_none() {
        std::panic::set_hook(Box::new(|_| {}));
    }
    server::run(Arc::new(Workspace::new(clock::today())), Log::new(out))
        .map_err(|error| Problem::new("", error.to_string(), "the editor starts the server and speaks to it"))
}

/// Finds the projects of a workspace, each time anew after [`Host::reload`].
struct Workspace {
    today: Date,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    overrides: Overrides,
    folders: Vec<PathBuf>,
    /// `None` until the first question, and after every change.
    projects: Option<Projects>,
    /// Without configuration, for folders whose configuration is broken.
    isolated: Option<Projects>,
    /// What is wrong with the client's wishes.
    refused: Vec<ConfigurationProblem>,
    baselines: BTreeMap<PathBuf, Arc<BTreeSet<String>>>,
}

impl Workspace {
    fn new(today: Date) -> Self {
        Self { today, state: Mutex::default() }
    }

    fn with<T>(&self, run: impl FnOnce(&mut State) -> T) -> T {
        // A panic while the lock was held leaves at worst a cache half filled.
        run(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Host for Workspace {
    fn project(&self, path: &str) -> Project {
        self.with(|state| state.project(Path::new(path), self.today))
    }

    fn configure(&self, options: &Options, folders: &[String]) {
        self.with(|state| {
            *state = State { folders: folders.iter().map(PathBuf::from).collect(), ..State::default() };
            state.overrides = overrides(options, &state.folders, &mut state.refused);
        });
    }

    fn reload(&self) {
        self.with(|state| {
            state.projects = None;
            state.isolated = None;
            state.baselines.clear();
        });
    }

    fn rules(&self, file: &Arc<SourceFile>) -> Vec<&'static Meta> {
        let folder = Path::new(file.path()).parent().unwrap_or(Path::new("/"));
        rules::of_configuration(&config::guard_entries(file), folder).metas()
    }

    fn estimates(&self, analysis: &Analysis) -> Vec<ResourceEstimate> {
        if analysis.graph.template().elsewhere().is_some() {
            return Vec::new();
        }
        let path = analysis.sources.get(FileId(0)).path();
        // What is wrong with a usage file, `dewline estimate` says.
        let Ok(given) = usage::load(None, Path::new(path)) else { return Vec::new() };
        let region = estimate::region(&given.usage, &analysis.graph);
        let region = region.unwrap_or_else(|| estimate::USUAL_REGION.to_owned());
        let options = estimate::Options { region, usage: &given.usage, free_tier: false, prices: Prices::embedded() };
        described(&estimate::estimate(&analysis.graph, &options), &analysis.graph)
    }

    fn candidates(&self, folder: &str) -> Vec<String> {
        self.with(|state| {
            let Ok(projects) = state.projects(self.today) else { return Vec::new() };
            let found = discover::discover(&[PathBuf::from(folder)], projects, true).unwrap_or_default();
            let mut paths: Vec<String> =
                found.targets.iter().map(|target| files::shown(&target.full, Path::new(""))).collect();
            paths.sort();
            paths
        })
    }

    fn siblings(&self, folder: &str) -> Vec<String> {
        let entries = Path::new(folder).read_dir().into_iter().flatten().flatten();
        let paths = entries.map(|entry| entry.path()).filter(|path| discover::may_be_template(path) && path.is_file());
        let mut paths: Vec<String> = paths.map(|path| files::shown(&path, Path::new(""))).collect();
        paths.sort();
        paths
    }
}

impl State {
    fn projects(&mut self, today: Date) -> Result<&mut Projects, Problem> {
        let projects = match self.projects.take() {
            Some(projects) => projects,
            None => Projects::new(self.overrides.clone(), today)?,
        };
        Ok(self.projects.insert(projects))
    }

    fn project(&mut self, path: &Path, today: Date) -> Project {
        // A text that was never saved belongs to the first folder, and reads nothing outside it.
        let unsaved = self.folders.first().cloned().or_else(|| std::env::current_dir().ok()).unwrap_or_default();
        let unsaved = unsaved.join("template.yaml");
        let path = if path.is_absolute() { path } else { &unsaved };
        let mut problems = self.refused.clone();
        let found = self.projects(today).and_then(|projects| projects.of(path));
        let (project, broken) = match found {
            Ok(project) => (Some(project), None),
            Err(problem) => (None, Some(problem)),
        };
        problems.extend(broken.iter().flat_map(located));
        problems.extend(project.iter().flat_map(|project| &project.settings.guard).flat_map(mistakes));
        // An editor is no place to be without answers while the configuration is being edited.
        let project = project.or_else(|| {
            let overrides = Overrides { isolated: true, ..Overrides::default() };
            let isolated = match self.isolated.take() {
                Some(isolated) => isolated,
                None => Projects::new(overrides, today).ok()?,
            };
            self.isolated.insert(isolated).of(path).ok()
        });
        let files = match files::repository(path.parent().unwrap_or(path)) {
            Some(_) => project.as_ref().map(|project| Arc::clone(&project.files)),
            // Without a repository the workspace's folder is the project.
            None => self
                .folders
                .iter()
                .filter(|folder| path.starts_with(folder))
                .max_by_key(|f| f.as_os_str().len())
                .map(|folder| Arc::new(DiskFiles::new(folder))),
        };
        let files = files.or_else(|| project.as_ref().map(|project| Arc::clone(&project.files)));
        let configured = project.as_ref().and_then(|project| project.configured.clone());
        let baseline = configured.as_deref().and_then(|configured| self.baseline(configured, &mut problems));
        Project {
            files: files.unwrap_or_else(|| Arc::new(DiskFiles::new(&files::project_root(path)))),
            settings: project
                .as_ref()
                .map_or_else(|| Arc::new(fallback(today)), |project| Arc::clone(&project.settings)),
            min_severity: project.as_ref().map_or(Severity::Info, |project| project.min_severity),
            baseline,
            excluded: configured.as_deref().is_some_and(|c| c.config.excludes(&c.relative(path))),
            configuration: configured.as_deref().map(|configured| files::shown(&configured.path, Path::new(""))),
            problems: Arc::new(problems),
        }
    }

    fn baseline(
        &mut self,
        configured: &Configured,
        problems: &mut Vec<ConfigurationProblem>,
    ) -> Option<Arc<BTreeSet<String>>> {
        let path = configured.folder.join(configured.config.baseline.as_ref()?);
        if let Some(known) = self.baselines.get(&path) {
            return Some(Arc::clone(known));
        }
        let shown = files::shown(&path, Path::new(""));
        let read = files::read(&shown, &path).map_err(|error| error.to_string());
        let read = read.and_then(|file| Baseline::read(file.text()).map_err(|error| error.to_string()));
        match read {
            Ok(baseline) => {
                let known: BTreeSet<String> = baseline.fingerprints().map(str::to_owned).collect();
                let known = Arc::new(known);
                self.baselines.insert(path, Arc::clone(&known));
                Some(known)
            }
            Err(error) => {
                let message = format!("the baseline cannot be read: {error}");
                problems.push(ConfigurationProblem { path: Some(shown), span: None, message, help: None });
                None
            }
        }
    }
}

/// An estimate as hints: resources that cost something, and functions whose traffic is known.
fn described(result: &Estimate, graph: &Graph) -> Vec<ResourceEstimate> {
    let money = |amount: f64| format!("{}{amount:.2}", if result.currency == "USD" { "$" } else { result.currency });
    // `$12.00/month ($8.00 to $30.00)`; one amount where it is known exactly.
    let ranged = |range: Range, per: &str| {
        let (low, high) = (money(range.low), money(range.high));
        let span = if low == high { String::new() } else { format!(" ({low} to {high})") };
        format!("{}{per}{span}", money(range.expected))
    };
    let basis = format!("Estimated for {}, with prices of {}.", result.region, result.prices_as_of);
    let costs = result.resources.iter().filter(|cost| cost.monthly.expected >= 0.005).map(|cost| {
        let (low, high) = (money(cost.monthly.low), money(cost.monthly.high));
        let from = if cost.complete { "" } else { "from " };
        let lines = [
            format!("{low} to {high} a month, {} of it without any traffic.", money(cost.baseline)),
            if cost.complete { String::new() } else { "Some of its traffic is not known.".to_owned() },
            basis.clone(),
            "`dewline estimate` shows every assumption.".to_owned(),
        ];
        ResourceEstimate {
            resource: cost.name.clone(),
            cost: Some(format!("{from}{}", ranged(cost.monthly, "/month"))),
            cold_start: None,
            explanation: lines.join("\n\n"),
            path: None,
        }
    });
    let cold = result.cold_starts.iter().map(|cold| {
        let percent = |share: f64| format!("{:.1} %", share * 100.0);
        let init = cold
            .init_ms
            .map(|(median, high)| format!("Init takes {median:.0} ms, in one of 100 {high:.0} ms, or more."));
        let share = format!("{} to {} of calls start cold.", percent(cold.share.low), percent(cold.share.high));
        ResourceEstimate {
            resource: cold.function.clone(),
            cost: None,
            cold_start: Some(format!("cold {}, p99 {:.0} ms", percent(cold.share.expected), cold.p99_ms)),
            explanation: [share, init.unwrap_or_default(), basis.clone()].join("\n\n"),
            path: None,
        }
    });
    let entries = traffic::entries(graph);
    let paths = result.entries.iter().filter(|entry| entry.per_million.high > 0.0).filter_map(|entry| {
        let node = entries.iter().find(|node| traffic::shown(**node) == entry.name)?;
        let least = if entry.missing.is_empty() { "" } else { "at least " };
        let million = ranged(entry.per_million, " a million");
        let month = entry.monthly.map_or(String::new(), |cost| format!(", {}", ranged(cost, "/month")));
        Some(ResourceEstimate {
            resource: entry.resource.clone(),
            cost: None,
            cold_start: None,
            explanation: String::new(),
            path: Some(PathEstimate {
                span: node.origin().span(),
                title: format!("{least}{million}{month}"),
                reaches: entry.reaches.iter().map(|one| one.name.clone()).collect(),
            }),
        })
    });
    costs.chain(cold).chain(paths).collect()
}

/// Settings for the case that none can be made: nothing is configured, and nothing fails.
fn fallback(today: Date) -> crate::engine::Settings {
    crate::engine::Settings {
        selection: crate::engine::Selection::default(),
        today,
        inputs: crate::template::Inputs::default(),
        guard: Vec::new(),
        require_reason: false,
    }
}

/// The mistakes of a rule file.
fn mistakes(file: &RuleFile) -> Vec<ConfigurationProblem> {
    let one = |mistake: &RuleMistake| ConfigurationProblem {
        path: std::path::absolute(&file.path).ok().map(|path| files::shown(&path, Path::new(""))),
        span: Some(Span::new(FileId(0), mistake.range.start as u32, mistake.range.end as u32)),
        message: mistake.message.clone(),
        help: Some(mistake.help.clone()),
    };
    file.mistakes.iter().map(one).collect()
}

fn located(problem: &Problem) -> Vec<ConfigurationProblem> {
    match problem {
        Problem::Failure(failure) => vec![ConfigurationProblem {
            path: (!failure.path.is_empty()).then(|| failure.path.clone()),
            span: None,
            message: failure.message.clone(),
            help: Some(failure.help.clone()),
        }],
        Problem::Config(file, problems) => problems
            .iter()
            .map(|problem| ConfigurationProblem {
                path: Some(file.path().to_owned()),
                span: Some(problem.span),
                message: problem.message.clone(),
                help: problem.help.clone(),
            })
            .collect(),
    }
}

/// The client's wishes in the form the command line gives them.
fn overrides(options: &Options, folders: &[PathBuf], refused: &mut Vec<ConfigurationProblem>) -> Overrides {
    let mut refuse = |message: String| {
        refused.push(ConfigurationProblem { path: None, span: None, message, help: None });
    };
    let profile = options.profile.as_deref().filter(|name| !name.is_empty()).and_then(|name| {
        name.parse().map_err(|()| refuse(format!("the setting `profile` names no profile: `{name}`"))).ok()
    });
    let min_severity = options.min_severity.as_deref().filter(|name| !name.is_empty()).and_then(|name| {
        name.parse().map_err(|()| refuse(format!("the setting `minSeverity` names no severity: `{name}`"))).ok()
    });
    let mut known = |names: &[String]| -> Vec<String> {
        let is_known = |name: &&String| {
            let named = [name.as_str()];
            let known = crate::engine::is_selector(named[0]);
            if !known {
                refuse(format!("the settings name `{name}`, and there is no such policy or category"));
            }
            known
        };
        names.iter().filter(is_known).cloned().collect()
    };
    let (select, extend_select, ignore) =
        (known(&options.select), known(&options.extend_select), known(&options.ignore));
    let text = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
    let config = text(&options.config)
        .map(|path| folders.first().map_or_else(|| PathBuf::from(&path), |folder| folder.join(&path)));
    Overrides {
        config,
        isolated: options.isolated,
        profile,
        select,
        extend_select,
        ignore,
        min_severity,
        fail_on: None,
        guard: Vec::new(),
        inputs: crate::template::Inputs {
            region: text(&options.region),
            stage: text(&options.stage),
            parameters: options.parameters.clone(),
            ..crate::template::Inputs::default()
        },
        environment: None,
    }
}
