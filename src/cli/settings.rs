//! Configuration and command line merged into the settings of a run.

use super::files::DiskFiles;
use crate::config::{self, Config, Rules};
use crate::engine::{Selection, SelectionError, SelectionRequest, Settings};
use crate::facts::date::Date;
use crate::guard::RuleFile;
use crate::policies;
use crate::policy::{Meta, Options};
use crate::report::{self, Style};
use crate::source::{Files, SourceFile};
use crate::template::Inputs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

/// The day the clock shows, in UTC.
pub fn clock() -> Date {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    Date::from_unix_days((seconds / 86_400) as i64).unwrap_or(Date { year: 1970, month: 1, day: 1 })
}

/// A configuration with the folder its paths are relative to.
#[derive(Debug, Default)]
pub struct Found {
    /// What it says.
    pub config: Config,
    /// The folder of the file; none when there is no file.
    pub folder: Option<PathBuf>,
}

/// Reads the configuration: the file named, or else the nearest one from `start` up to the
/// repository's root.
///
/// # Errors
/// The text for standard error.
pub fn configuration(named: Option<&str>, start: &Path, style: &Style) -> Result<Found, String> {
    let path = match named {
        Some(path) => Some(PathBuf::from(path)),
        None => nearest(start),
    };
    let Some(path) = path else { return Ok(Found::default()) };
    let shown =
        path.strip_prefix(std::env::current_dir().unwrap_or_default()).unwrap_or(&path).to_string_lossy().into_owned();
    let bytes = std::fs::read(&path).map_err(|error| {
        format!(
            "error: the configuration {shown} cannot be read: {error}\n  help: check the path given with --config\n"
        )
    })?;
    let file = Arc::new(SourceFile::from_bytes(shown, bytes));
    let metas: Vec<&'static Meta> = policies::ALL.iter().map(|policy| &policy.meta).collect();
    match config::read(&file, &metas) {
        Ok(config) => Ok(Found { config, folder: path.parent().map(Path::to_owned) }),
        Err(problems) => {
            let mut text = Vec::new();
            for problem in problems {
                // Writing to memory does not fail.
                let _ = report::diagnostic(
                    &file,
                    problem.span,
                    &problem.message,
                    problem.help.as_deref(),
                    style,
                    &mut text,
                );
            }
            Err(String::from_utf8_lossy(&text).into_owned())
        }
    }
}

fn nearest(start: &Path) -> Option<PathBuf> {
    let start = start.canonicalize().ok()?;
    for folder in start.ancestors() {
        let found = config::FILE_NAMES.iter().map(|name| folder.join(name)).find(|path| path.is_file());
        if found.is_some() || folder.join(".git").exists() {
            return found;
        }
    }
    None
}

/// What the command line says about the policies of a run.
#[derive(Debug, Default)]
pub struct Wanted {
    /// The request without the configuration's rules.
    pub request: SelectionRequest,
    /// The day of the check.
    pub today: Option<Date>,
    /// The deployment.
    pub inputs: Inputs,
}

/// The settings for files to which `rules` apply.
///
/// # Errors
/// A selector that names nothing.
pub fn settings(
    wanted: &Wanted,
    config: &Config,
    rules: Rules,
    guard: &[RuleFile],
) -> Result<Settings, SelectionError> {
    let mut request = wanted.request.clone();
    request.profile = request.profile.or(config.profile);
    if request.select.is_empty() {
        request.select.clone_from(&config.select);
    }
    request.extend.extend(config.extend_select.iter().cloned());
    request.ignore.extend(rules.ignore);
    request.severities.extend(rules.severity);
    request.options.extend(rules.options.into_iter().map(|(name, values)| (name, Options::new(values))));
    let mut inputs = wanted.inputs.clone();
    inputs.region = inputs.region.or_else(|| config.region.clone());
    inputs.stage = inputs.stage.or_else(|| config.stage.clone());
    for (name, value) in &config.parameters {
        inputs.parameters.entry(name.clone()).or_insert_with(|| value.clone());
    }
    Ok(Settings {
        selection: Selection::new(&request)?,
        today: wanted.today.unwrap_or_else(clock),
        inputs,
        guard: guard.to_vec(),
        require_reason: config.require_suppression_reason,
    })
}

/// Reads the Guard files of a configuration.
///
/// # Errors
/// What is wrong with the first file that cannot be used.
pub fn guard_files(found: &Found) -> Result<Vec<RuleFile>, String> {
    let folder = found.folder.clone().unwrap_or_default();
    let mut rules = Vec::new();
    for path in &found.config.guard {
        let full = folder.join(path);
        let files = DiskFiles::new(&folder);
        let text = files.read(&full.to_string_lossy()).map_err(|error| format!("the Guard file {path}: {error}"))?;
        rules.push(RuleFile::parse(path.clone(), text.text()).map_err(|error| error.to_string())?);
    }
    Ok(rules)
}
