//! Which configuration and which folder a file belongs to.

use super::deployment;
use super::files::{self, DiskFiles};
use super::problem::Problem;
use super::rules;
use crate::config::{self, Config};
use crate::engine::{Selection, SelectionRequest, Settings};
use crate::facts::date::Date;
use crate::finding::Severity;
use crate::guard::RuleFile;
use crate::policies;
use crate::policy::{Meta, Options, Profile};
use crate::template::Inputs;
use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What the command line says over any configuration.
#[derive(Clone, Debug, Default)]
pub struct Overrides {
    /// Read this configuration file.
    pub config: Option<PathBuf>,
    /// Read no configuration file.
    pub isolated: bool,
    /// The profile.
    pub profile: Option<Profile>,
    /// Run only these.
    pub select: Vec<String>,
    /// Run these besides.
    pub extend_select: Vec<String>,
    /// Do not run these.
    pub ignore: Vec<String>,
    /// What is shown.
    pub min_severity: Option<Severity>,
    /// What fails.
    pub fail_on: Option<Severity>,
    /// Guard files, relative to the working directory.
    pub guard: Vec<PathBuf>,
    /// What is said about the deployment.
    pub inputs: Inputs,
    /// The environment of the samconfig.toml beside each template.
    pub environment: Option<String>,
}

/// A configuration file with the folder its paths are relative to.
#[derive(Debug)]
pub struct Configured {
    /// What it says.
    pub config: Config,
    /// The file, absolute.
    pub path: PathBuf,
    /// The folder it lies in, absolute.
    pub folder: PathBuf,
    /// Its organisation rules.
    pub guard: Vec<RuleFile>,
}

/// Everything a file is checked with.
#[derive(Clone, Debug)]
pub struct Project {
    /// Where its files are read.
    pub files: Arc<DiskFiles>,
    /// Its configuration, if it has one.
    pub configured: Option<Arc<Configured>>,
    /// What the engine is asked to do.
    pub settings: Arc<Settings>,
    /// The severity from which on findings are shown.
    pub min_severity: Severity,
    /// The severity from which on findings fail.
    pub fail_on: Severity,
}

/// Finds and keeps the projects of a run.
pub struct Projects {
    overrides: Overrides,
    today: Date,
    guard: Vec<RuleFile>,
    by_folder: HashMap<PathBuf, Option<Arc<Configured>>>,
    by_file: HashMap<PathBuf, Arc<Configured>>,
    roots: HashMap<PathBuf, Arc<DiskFiles>>,
    settings: Vec<(Option<PathBuf>, String, Arc<Settings>)>,
    has_environment: bool,
}

impl Projects {
    /// The projects of a run; reads what the command line names.
    pub fn new(overrides: Overrides, today: Date) -> Result<Self, Problem> {
        let guard = overrides.guard.iter().map(|path| rules::named_on_command_line(path));
        let guard = guard.collect::<Result<Vec<_>, _>>()?.concat();
        let (by_folder, by_file, roots) = (HashMap::new(), HashMap::new(), HashMap::new());
        let settings = Vec::new();
        let mut projects =
            Self { overrides, today, guard, by_folder, by_file, roots, settings, has_environment: false };
        // Names are checked before any file is looked at; a configuration may have some of its own.
        let mut request = SelectionRequest { rules: rules::metas(&projects.guard), ..SelectionRequest::default() };
        if let Err(problem) = projects.selection(&request) {
            let current = std::env::current_dir().unwrap_or_default();
            let Some(configured) = projects.configured(&current)? else { return Err(problem) };
            request.rules.extend(rules::metas(&configured.guard));
            request.instances.extend(configured.config.instances.iter().map(|one| one.meta));
            projects.selection(&request)?;
        }
        Ok(projects)
    }

    /// The project of the file at `full`, an absolute path.
    pub fn of(&mut self, full: &Path) -> Result<Project, Problem> {
        let folder = full.parent().unwrap_or(Path::new("/"));
        let configured = self.configured(folder)?;
        let root = match self.roots.get(folder) {
            Some(root) => Arc::clone(root),
            None => {
                let root = Arc::new(DiskFiles::new(&files::project_root(full)));
                self.roots.insert(folder.to_owned(), Arc::clone(&root));
                root
            }
        };
        let config = configured.as_deref().map(|configured| &configured.config);
        let min_severity = self.overrides.min_severity.or(config.and_then(|config| config.min_severity));
        let fail_on = self.overrides.fail_on.or(config.and_then(|config| config.fail_on));
        Ok(Project {
            files: root,
            settings: self.settings(configured.as_deref(), full)?,
            min_severity: min_severity.unwrap_or(Severity::Info),
            fail_on: fail_on.unwrap_or(Severity::High),
            configured,
        })
    }

    /// The configuration of the files in `folder`.
    pub fn configured(&mut self, folder: &Path) -> Result<Option<Arc<Configured>>, Problem> {
        if let Some(path) = self.overrides.config.clone() {
            let full = std::path::absolute(&path).unwrap_or(path);
            return self.load(&full).map(Some);
        }
        if self.overrides.isolated {
            return Ok(None);
        }
        if let Some(known) = self.by_folder.get(folder) {
            return Ok(known.clone());
        }
        let own = config::FILE_NAMES.iter().map(|name| folder.join(name)).find(|path| path.is_file());
        let found = match own {
            Some(path) => Some(self.load(&path)?),
            None if folder.join(".git").exists() => None,
            None => match folder.parent() {
                Some(parent) => self.configured(parent)?,
                None => None,
            },
        };
        self.by_folder.insert(folder.to_owned(), found.clone());
        Ok(found)
    }

    fn load(&mut self, full: &Path) -> Result<Arc<Configured>, Problem> {
        if let Some(known) = self.by_file.get(full) {
            return Ok(Arc::clone(known));
        }
        let current = std::env::current_dir().unwrap_or_default();
        let shown = files::shown(full, &current);
        let file = files::read(&shown, full).map_err(|error| {
            Problem::new(&shown, format!("the configuration cannot be read: {error}"), "check the path of `--config`")
        })?;
        let folder = full.parent().unwrap_or(Path::new("/")).to_owned();
        let loaded = rules::of_configuration(&config::guard_entries(&file), &folder);
        let mut names: Vec<&'static Meta> = policies::ALL.iter().map(|policy| &policy.meta).collect();
        names.extend(loaded.metas());
        names.extend(rules::metas(&self.guard));
        let config = config::read(&file, &names).map_err(|problems| Problem::Config(Arc::clone(&file), problems))?;
        if let Some(problem) = loaded.problem(&file, &config.guard) {
            return Err(problem);
        }
        let configured = Arc::new(Configured { config, path: full.to_owned(), folder, guard: loaded.files });
        self.by_file.insert(full.to_owned(), Arc::clone(&configured));
        Ok(configured)
    }

    /// Settings are made once for every set of rules that applies to some file.
    fn settings(&mut self, configured: Option<&Configured>, full: &Path) -> Result<Arc<Settings>, Problem> {
        let folder = configured.map(|configured| configured.folder.clone());
        let relative = configured.map(|configured| configured.relative(full)).unwrap_or_default();
        let key = configured.map_or(String::new(), |configured| {
            let parts = configured.config.paths.iter();
            parts.map(|part| if part.glob.is_match(&relative) { '1' } else { '0' }).collect()
        });
        let own = full.parent().unwrap_or(Path::new("/"));
        let environment = match &self.overrides.environment {
            Some(name) => deployment::sam_environment(own, name)?,
            None => None,
        };
        self.has_environment |= environment.is_some();
        let key = if environment.is_some() { format!("{key} {}", own.display()) } else { key };
        if let Some((.., settings)) = self.settings.iter().find(|known| known.0 == folder && known.1 == key) {
            return Ok(Arc::clone(settings));
        }
        let mut request = SelectionRequest::default();
        let mut inputs = self.overrides.inputs.clone();
        if let Some(environment) = environment {
            deployment::fill(&mut inputs, environment);
        }
        let mut guard = self.guard.clone();
        let mut require_reason = false;
        if let Some(configured) = configured {
            let config = &configured.config;
            let asked = config.rules_for(&relative);
            request.profile = config.profile;
            request.select.clone_from(&config.select);
            request.extend.clone_from(&config.extend_select);
            request.instances.extend(config.instances.iter().map(|one| one.meta));
            request.ignore = asked.ignore;
            request.severities = asked.severity;
            request.options = asked
                .options
                .into_iter()
                .map(|(name, values)| (name, Options::new(values)))
                .collect::<BTreeMap<_, _>>();
            if inputs.regions.is_empty() {
                inputs.region = inputs.region.or_else(|| config.region.clone());
            }
            inputs.stage = inputs.stage.or_else(|| config.stage.clone());
            for (name, value) in &config.parameters {
                inputs.parameters.entry(name.clone()).or_insert_with(|| value.clone());
            }
            let known = |file: &&RuleFile| !self.guard.iter().any(|own| own.path == file.path);
            guard.extend(configured.guard.iter().filter(known).cloned());
            require_reason = config.require_suppression_reason;
        }
        request.rules = rules::metas(&guard);
        let selection = self.selection(&request)?;
        let settings = Arc::new(Settings { selection, today: self.today, inputs, guard, require_reason });
        self.settings.push((folder, key, Arc::clone(&settings)));
        Ok(settings)
    }

    fn selection(&self, configured: &SelectionRequest) -> Result<Selection, Problem> {
        let mut request = configured.clone();
        request.profile = self.overrides.profile.or(request.profile);
        if !self.overrides.select.is_empty() {
            request.select.clone_from(&self.overrides.select);
            request.extend.clear();
        }
        request.extend.extend(self.overrides.extend_select.iter().cloned());
        request.ignore.extend(self.overrides.ignore.iter().cloned());
        Selection::new(&request).map_err(|error| {
            let help = match error.suggestions.as_slice() {
                [] => "`dewline explain --all` lists all policies".to_owned(),
                names => format!("did you mean `{}`?", names.join("` or `")),
            };
            Problem::new("", error.to_string(), help)
        })
    }

    /// Whether an environment was asked for and no template has one.
    pub fn lacks_environment(&self) -> bool {
        self.overrides.environment.is_some() && !self.has_environment
    }

    /// Every rule file that is used so far, by path.
    pub fn rule_files(&self) -> Vec<RuleFile> {
        let mut found: Vec<RuleFile> = Vec::new();
        for file in self.settings.iter().flat_map(|(.., settings)| &settings.guard) {
            if !found.iter().any(|known| known.path == file.path) {
                found.push(file.clone());
            }
        }
        found.sort_by(|a, b| a.path.cmp(&b.path));
        found
    }

    /// Every set of settings made so far.
    pub fn all_settings(&self) -> impl Iterator<Item = &Settings> {
        self.settings.iter().map(|(.., settings)| &**settings)
    }
}

impl Configured {
    /// `full` relative to the configuration file's folder, with `/`.
    pub fn relative(&self, full: &Path) -> String {
        files::shown(full, &self.folder)
    }
}
