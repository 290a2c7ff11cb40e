//! Files with organisation rules: named by path, by folder, or as packs that come with dewline.

use super::files::{self, DiskFiles};
use super::problem::Problem;
use crate::document::settings::SettingsProblem;
use crate::guard::{RuleFile, packs};
use crate::policies;
use crate::policy::Meta;
use crate::source::{Files, ReadError, SourceFile, Span, closest};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The ending of files with rules.
const ENDING: &str = "guard";

/// The rule file at `path`, or those of the folder, or the pack of the name.
pub fn named_on_command_line(path: &Path) -> Result<Vec<RuleFile>, Problem> {
    let current = std::env::current_dir().unwrap_or_default();
    if !path.exists()
        && let Some(files) = path.to_str().and_then(packs::find)
    {
        return Ok(files);
    }
    let shown = files::shown(path, &current);
    let mut found = Vec::new();
    for path in files_below(path) {
        let shown = files::shown(&path, &current);
        let file = files::read(&shown, &path).map_err(|error| {
            let message = format!("the Guard rules cannot be read: {error}");
            Problem::new(&shown, message, format!("check `--guard`; {}", pack_names()))
        })?;
        found.push(parse(&shown, file.text()));
    }
    if found.is_empty() {
        return Err(Problem::new(&shown, "there is no file with rules in this folder", "their names end in .guard"));
    }
    Ok(found)
}

/// The rule files that `entry` of a configuration in `folder` names.
fn named(entry: &str, folder: &Path) -> Result<Vec<RuleFile>, (String, String)> {
    if let Some(files) = packs::find(entry) {
        return Ok(files);
    }
    let current = std::env::current_dir().unwrap_or_default();
    let disk = DiskFiles::new(&files::project_root(&folder.join("dewline.yaml")));
    let full = folder.join(entry);
    let mut found = Vec::new();
    for path in files_below(&full) {
        let shown = files::shown(&path, &current);
        let file = disk.read(&path.to_string_lossy()).map_err(|error| unreadable(entry, &error))?;
        found.push(parse(&shown, file.text()));
    }
    if found.is_empty() {
        return Err((format!("the folder `{entry}` holds no rules"), "their names end in .guard".to_owned()));
    }
    Ok(found)
}

fn unreadable(entry: &str, error: &ReadError) -> (String, String) {
    let is_name = !entry.contains(['/', '.']);
    let help = match closest(entry, packs::names(), 1).first().filter(|_| is_name) {
        Some(name) => format!("did you mean the pack `{name}`?"),
        None => format!("write a path relative to this file; {}", pack_names()),
    };
    (format!("the Guard rules `{entry}` cannot be read: {error}"), help)
}

fn pack_names() -> String {
    format!("packs are {}", packs::names().collect::<Vec<_>>().join(", "))
}

/// The file itself, or the rule files below a folder, by name.
fn files_below(path: &Path) -> Vec<PathBuf> {
    if !path.is_dir() {
        return vec![path.to_owned()];
    }
    let entries = path.read_dir().into_iter().flatten().flatten().map(|entry| entry.path());
    let mut entries: Vec<PathBuf> = entries.collect();
    entries.sort();
    let is_rules = |path: &PathBuf| path.extension().is_some_and(|ending| ending == ENDING) && path.is_file();
    let (files, rest): (Vec<_>, Vec<_>) = entries.into_iter().partition(is_rules);
    let is_folder = |path: &PathBuf| path.is_dir() && !path.is_symlink();
    files.into_iter().chain(rest.into_iter().filter(is_folder).flat_map(|path| files_below(&path))).collect()
}

/// Every rule file below `path`.
pub fn below(path: &Path) -> Vec<PathBuf> {
    files_below(path)
}

/// Reads rules; a name that a built-in policy has is a mistake.
pub fn parse(shown: &str, text: &str) -> RuleFile {
    let mut file = RuleFile::parse(shown, text);
    let taken = file.metas().find(|meta| policies::find(meta.name).is_some());
    if let Some(meta) = taken {
        let message = format!("there is a policy named `{}` already", meta.name);
        file.refuse(message, "give the rule another name with `# name: …` above it");
    }
    file
}

/// The rule files that the `guard` of a configuration names, each with the entry that does.
pub fn of_configuration(entries: &[String], folder: &Path) -> Loaded {
    let mut loaded = Loaded::default();
    for entry in entries {
        match named(entry, folder) {
            Ok(files) => loaded.files.extend(files),
            Err((message, help)) => loaded.refused.push((entry.clone(), message, help)),
        }
    }
    loaded
}

/// What the entries of `guard` lead to.
#[derive(Debug, Default)]
pub struct Loaded {
    /// The files.
    pub files: Vec<RuleFile>,
    /// Entries that lead nowhere: entry, what is wrong, next step.
    refused: Vec<(String, String, String)>,
}

impl Loaded {
    /// The descriptions of the rules.
    pub fn metas(&self) -> Vec<&'static Meta> {
        metas(&self.files)
    }

    /// The entries that lead nowhere, at their places.
    pub fn problem(&self, file: &Arc<SourceFile>, entries: &[(String, Span)]) -> Option<Problem> {
        let problems = self.refused.iter().map(|(entry, message, help)| SettingsProblem {
            span: entries.iter().find(|(known, _)| known == entry).map(|(_, span)| *span).unwrap_or_default(),
            message: message.clone(),
            help: Some(help.clone()),
        });
        let problems: Vec<SettingsProblem> = problems.collect();
        (!problems.is_empty()).then(|| Problem::Config(Arc::clone(file), problems))
    }
}

/// The descriptions of all rules, each name once.
pub fn metas(files: &[RuleFile]) -> Vec<&'static Meta> {
    let mut found: Vec<&'static Meta> = Vec::new();
    for meta in files.iter().flat_map(RuleFile::metas) {
        if !found.iter().any(|known| known.name == meta.name) {
            found.push(meta);
        }
    }
    found
}
