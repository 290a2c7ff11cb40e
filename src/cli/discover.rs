//! From the paths of a command line to the files that are looked at.

use super::files;
use super::problem::Problem;
use super::project::{Project, Projects};
use crate::report::Failure;
use crate::source::closest;
use ignore::WalkBuilder;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Folders that tools fill with copies of what was checked already, or with foreign code.
const SKIPPED: [&str; 7] = ["node_modules", ".git", ".aws-sam", ".serverless", "cdk.out", ".venv", "vendor"];
/// Files that are large, everywhere, and never templates.
const LOCK_FILES: [&str; 4] = ["package-lock.json", "npm-shrinkwrap.json", "pnpm-lock.yaml", "composer.lock"];
const EXTENSIONS: [&str; 4] = ["yaml", "yml", "json", "template"];

/// A file to look at.
#[derive(Debug)]
pub struct Target {
    /// As reports show it.
    pub path: String,
    /// Where it is, absolute.
    pub full: PathBuf,
    /// What it is checked with.
    pub project: Project,
}

/// What the paths of a command line lead to.
#[derive(Debug, Default)]
pub struct Found {
    /// Files, by path.
    pub targets: Vec<Target>,
    /// Paths that lead nowhere.
    pub failures: Vec<Failure>,
    /// Folders among the paths.
    pub folders: Vec<String>,
}

/// Looks for files. `force_exclude` makes exclusions count for named files, too.
pub fn discover(paths: &[PathBuf], projects: &mut Projects, force_exclude: bool) -> Result<Found, Problem> {
    let current = std::env::current_dir().unwrap_or_default();
    let mut found = Found::default();
    let mut seen = BTreeSet::new();
    for path in paths {
        let full = absolute(path, &current);
        let shown = files::shown(&full, &current);
        match full.metadata() {
            Ok(meta) if meta.is_dir() => {
                found.folders.push(if shown.is_empty() { ".".to_owned() } else { shown });
                walk(&full, &current, &mut seen, projects, &mut found)?;
            }
            Ok(_) => {
                let project = projects.of(&full)?;
                if !(force_exclude && (in_skipped(&full, &current) || excluded(&project, &full)))
                    && seen.insert(full.clone())
                {
                    found.targets.push(Target { path: shown, full, project });
                }
            }
            Err(error) => found.failures.push(missing(&full, shown, &error)),
        }
    }
    found.targets.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(found)
}

/// Whether a template may have this name.
pub fn may_be_template(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    EXTENSIONS.contains(&extension) && !LOCK_FILES.contains(&&*name)
}

fn absolute(path: &Path, current: &Path) -> PathBuf {
    let joined = current.join(path);
    crate::source::normalize("", &joined.to_string_lossy()).map_or(joined, PathBuf::from)
}

fn walk(
    folder: &Path,
    current: &Path,
    seen: &mut BTreeSet<PathBuf>,
    projects: &mut Projects,
    found: &mut Found,
) -> Result<(), Problem> {
    let skips = |name: &str| SKIPPED.contains(&name);
    let walker = WalkBuilder::new(folder)
        .require_git(false)
        .filter_entry(move |entry| entry.depth() == 0 || !entry.file_name().to_str().is_some_and(skips))
        .build();
    for entry in walker {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                found.failures.push(Failure {
                    path: String::new(),
                    message: error.to_string(),
                    help: "make it readable, or exclude it in `dewline.yaml`".to_owned(),
                });
                continue;
            }
        };
        let path = entry.path();
        let is_file = entry.file_type().is_some_and(|kind| kind.is_file()) || entry.path_is_symlink() && path.is_file();
        if !is_file || !may_be_template(path) || seen.contains(path) {
            continue;
        }
        let project = projects.of(path)?;
        if excluded(&project, path) {
            continue;
        }
        seen.insert(path.to_owned());
        found.targets.push(Target { path: files::shown(path, current), full: path.to_owned(), project });
    }
    Ok(())
}

fn excluded(project: &Project, full: &Path) -> bool {
    project.configured.as_deref().is_some_and(|configured| configured.config.excludes(&configured.relative(full)))
}

fn in_skipped(full: &Path, current: &Path) -> bool {
    let below = full.strip_prefix(current).unwrap_or(full);
    below.components().any(|part| part.as_os_str().to_str().is_some_and(|name| SKIPPED.contains(&name)))
}

fn missing(full: &Path, shown: String, error: &std::io::Error) -> Failure {
    if error.kind() != std::io::ErrorKind::NotFound {
        return Failure {
            path: shown,
            message: format!("it cannot be read: {error}"),
            help: "check the path and its permissions".to_owned(),
        };
    }
    // A name of the same folder that is close to what was typed.
    let name = full.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let entries = full.parent().and_then(|folder| folder.read_dir().ok()).into_iter().flatten().flatten();
    let mut names: Vec<String> = entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    let close = closest(&name, names.iter().map(String::as_str), 1);
    let help = match close.first() {
        Some(close) => format!("did you mean `{}{close}`?", shown.strip_suffix(&name).unwrap_or_default()),
        None => "check the path; it is relative to the working directory".to_owned(),
    };
    Failure { path: shown, message: "there is no such file or folder".to_owned(), help }
}
