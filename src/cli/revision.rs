//! Files of a revision, read through the `git` command.

use super::problem::Problem;
use crate::source::{Files, ReadError, SourceFile, normalize};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};

/// Largest file that is read, in bytes.
const MAX_FILE: u64 = 64 << 20;

/// The files of one commit of one repository.
#[derive(Debug)]
pub struct Revision {
    root: PathBuf,
    /// The commit, in hexadecimal digits.
    commit: String,
    sizes: Mutex<HashMap<String, Option<u64>>>,
}

impl Revision {
    /// The commit that `name` stands for in the repository at `root`.
    pub fn new(root: &Path, name: &str) -> Result<Self, Problem> {
        let help = "name a file, a folder, or a revision such as `main`, `HEAD~1` or `v1.2:path/template.yaml`";
        // What begins with a dash would be an option of git.
        if name.starts_with('-') || name.is_empty() {
            return Err(Problem::new("", format!("`{name}` is no file, no folder and no revision"), help));
        }
        let wanted = format!("{name}^{{commit}}");
        let answer = git(root, &["rev-parse", "--verify", "--quiet", &wanted])
            .map_err(|error| Problem::new("", format!("the `git` command cannot be run: {error}"), "install git"))?;
        let commit = answer.map(|bytes| String::from_utf8_lossy(&bytes).trim().to_owned());
        match commit.filter(|commit| commit.len() >= 40 && commit.chars().all(|c| c.is_ascii_hexdigit())) {
            Some(commit) => Ok(Self { root: root.to_owned(), commit, sizes: Mutex::default() }),
            None => Err(Problem::new("", format!("`{name}` is no file, no folder and no revision of git"), help)),
        }
    }

    /// `path` from the root of the repository.
    fn inside(&self, path: &str) -> Result<String, ReadError> {
        let absolute = std::path::absolute(path).unwrap_or_else(|_| PathBuf::from(path));
        let text = normalize("", &absolute.to_string_lossy()).ok_or(ReadError::Outside)?;
        // A link in front of the root is followed as it is on disk.
        let full = PathBuf::from(&text);
        let inside = full.strip_prefix(&self.root).map(Path::to_owned).or_else(|_| {
            let root = self.root.canonicalize().unwrap_or_else(|_| self.root.clone());
            full.strip_prefix(&root).map(Path::to_owned)
        });
        let inside = inside.map_err(|_| ReadError::Outside)?;
        Ok(inside.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/"))
    }

    fn size_of(&self, inside: &str) -> Option<u64> {
        let mut known = self.sizes.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(size) = known.get(inside) {
            return *size;
        }
        // One line a file: mode, kind, object, size, a tab and the path.
        let listing = git(&self.root, &["ls-tree", "-r", "-l", "-z", &self.commit, "--", inside]).ok().flatten();
        let listing = listing.unwrap_or_default();
        let sizes = String::from_utf8_lossy(&listing);
        let mut sizes =
            sizes.split('\0').filter_map(|line| line.split('\t').next()?.split_whitespace().nth(3)).peekable();
        let size = sizes.peek().is_some().then(|| sizes.filter_map(|size| size.parse::<u64>().ok()).sum());
        known.insert(inside.to_owned(), size);
        size
    }
}

impl Files for Revision {
    fn read(&self, path: &str) -> Result<Arc<SourceFile>, ReadError> {
        let inside = self.inside(path)?;
        match self.size_of(&inside) {
            None => return Err(ReadError::Missing),
            Some(size) if size > MAX_FILE => return Err(ReadError::TooLarge(MAX_FILE >> 20)),
            Some(_) => {}
        }
        let object = format!("{}:{inside}", self.commit);
        match git(&self.root, &["cat-file", "blob", &object]) {
            Ok(Some(bytes)) => Ok(Arc::new(SourceFile::from_bytes(path, bytes))),
            Ok(None) => Err(ReadError::Io("it is a folder".to_owned())),
            Err(error) => Err(ReadError::Io(error.to_string())),
        }
    }

    fn exists(&self, path: &str) -> bool {
        self.inside(path).is_ok_and(|inside| self.size_of(&inside).is_some())
    }

    fn size(&self, path: &str) -> Option<u64> {
        self.size_of(&self.inside(path).ok()?)
    }
}

/// What `git` writes; nothing where it fails. Objects that a partial clone left behind are not
/// fetched: there is no network.
fn git(root: &Path, arguments: &[&str]) -> std::io::Result<Option<Vec<u8>>> {
    let output = Command::new("git")
        .arg("-C")
        .arg(root)
        .args(["--no-pager", "--literal-pathspecs"])
        .args(arguments)
        .env("GIT_NO_LAZY_FETCH", "1")
        .env("GIT_OPTIONAL_LOCKS", "0")
        .env("GIT_TERMINAL_PROMPT", "0")
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()?;
    Ok(output.status.success().then_some(output.stdout))
}
