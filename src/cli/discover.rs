//! Which files a run looks at.

use ignore::WalkBuilder;
use std::path::Path;

/// Endings a template may have.
const ENDINGS: [&str; 4] = ["yaml", "yml", "json", "template"];
/// Folders that hold what tools made or fetched.
const SKIPPED: [&str; 8] = ["node_modules", ".git", ".aws-sam", ".serverless", "cdk.out", ".venv", "venv", "target"];

/// A file to look at.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Candidate {
    /// Its path, relative to the working directory unless named otherwise.
    pub path: String,
    /// Whether it was named on the command line rather than found in a folder.
    pub named: bool,
}

/// Why a named path yields nothing.
#[derive(Debug)]
pub struct Missing {
    /// The path.
    pub path: String,
    /// What is wrong.
    pub message: String,
}

/// The files behind `paths`, sorted, each once.
pub fn candidates(paths: &[String]) -> (Vec<Candidate>, Vec<Missing>) {
    let mut found = Vec::new();
    let mut missing = Vec::new();
    for path in paths {
        let on_disk = Path::new(path);
        match on_disk.metadata() {
            Ok(meta) if meta.is_dir() => walk(on_disk, &mut found, &mut missing),
            Ok(_) => found.push(Candidate { path: shown(on_disk), named: true }),
            Err(error) => {
                let message = if error.kind() == std::io::ErrorKind::NotFound {
                    "there is no such file or folder".to_owned()
                } else {
                    error.to_string()
                };
                missing.push(Missing { path: path.clone(), message });
            }
        }
    }
    // A file that is both named and found counts as named.
    found.sort_by(|a, b| a.path.cmp(&b.path).then(b.named.cmp(&a.named)));
    found.dedup_by(|a, b| a.path == b.path);
    (found, missing)
}

fn walk(root: &Path, found: &mut Vec<Candidate>, missing: &mut Vec<Missing>) {
    let walker = WalkBuilder::new(root)
        .hidden(true)
        .require_git(false)
        .filter_entry(|entry| {
            !(entry.file_type().is_some_and(|kind| kind.is_dir())
                && SKIPPED.contains(&&*entry.file_name().to_string_lossy()))
        })
        .build();
    for entry in walker {
        match entry {
            Ok(entry) => {
                let ending = entry.path().extension().and_then(|ending| ending.to_str()).unwrap_or_default();
                if entry.file_type().is_some_and(|kind| kind.is_file()) && ENDINGS.contains(&ending) {
                    found.push(Candidate { path: shown(entry.path()), named: false });
                }
            }
            Err(error) => missing.push(Missing { path: shown(root), message: error.to_string() }),
        }
    }
}

/// A path with `/` and without a leading `./`.
fn shown(path: &Path) -> String {
    let text = path.to_string_lossy().replace('\\', "/");
    text.strip_prefix("./").unwrap_or(&text).to_owned()
}
