//! Files from disk.

use crate::source::{Files, ReadError, SourceFile};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Largest file that is read, in bytes.
const MAX_FILE: u64 = 64 << 20;

/// Reads files below a project root from disk.
#[derive(Debug)]
pub struct DiskFiles {
    root: PathBuf,
}

/// The repository around `folder` (an absolute path): the nearest folder with a `.git`.
pub fn repository(folder: &Path) -> Option<&Path> {
    folder.ancestors().find(|folder| folder.join(".git").exists())
}

/// The project that `template` (an absolute path) belongs to: the repository around it; else
/// the working directory, when the template lies in it; else the folder above the template's
/// own, because services of one project include files of each other.
pub fn project_root(template: &Path) -> PathBuf {
    let own = template.parent().unwrap_or(Path::new("/"));
    if let Some(repository) = repository(own) {
        return repository.to_owned();
    }
    if let Some(current) = std::env::current_dir().ok().filter(|current| own.starts_with(current)) {
        return current;
    }
    own.parent().filter(|folder| folder.parent().is_some()).unwrap_or(own).to_owned()
}

/// `path` as reports show it: with `/`, without `.`, relative to `current` where it lies below.
pub fn shown(path: &Path, current: &Path) -> String {
    let path = path.strip_prefix(current).unwrap_or(path);
    let text = path.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/");
    crate::source::normalize("", &text).unwrap_or(text)
}

impl DiskFiles {
    /// Files below `root`; everything outside is refused.
    pub fn new(root: &Path) -> Self {
        Self { root: root.canonicalize().unwrap_or_else(|_| root.to_owned()) }
    }

    /// The real path behind `path`, if it lies inside the root: symbolic links are followed
    /// before the comparison.
    fn inside(&self, path: &str) -> Result<PathBuf, ReadError> {
        let path = Path::new(path);
        match path.canonicalize() {
            Ok(full) if full.starts_with(&self.root) => Ok(full),
            Ok(_) => Err(ReadError::Outside),
            // What is missing outside is still outside: nobody learns what lies there.
            Err(error) => {
                let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
                let text = crate::source::normalize("", &absolute.to_string_lossy()).unwrap_or_default();
                let there = Path::new(&text).ancestors().find_map(|folder| folder.canonicalize().ok());
                let is_inside = there.is_some_and(|folder| folder.starts_with(&self.root));
                Err(if is_inside { from_io(&error) } else { ReadError::Outside })
            }
        }
    }
}

fn from_io(error: &std::io::Error) -> ReadError {
    match error.kind() {
        std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory => ReadError::Missing,
        std::io::ErrorKind::PermissionDenied => ReadError::Io("reading it is not permitted".to_owned()),
        std::io::ErrorKind::IsADirectory => ReadError::Io("it is a folder".to_owned()),
        _ => ReadError::Io(error.to_string()),
    }
}

/// Reads the file at `path`, wherever it lies.
pub fn read(path: &str, full: &Path) -> Result<Arc<SourceFile>, ReadError> {
    let meta = full.metadata().map_err(|error| from_io(&error))?;
    if meta.len() > MAX_FILE {
        return Err(ReadError::TooLarge(MAX_FILE >> 20));
    }
    // A pipe or a device has no size to check, and may never end.
    if !meta.is_file() {
        let what = if meta.is_dir() { "it is a folder" } else { "it is not a regular file" };
        return Err(ReadError::Io(what.to_owned()));
    }
    let bytes = std::fs::read(full).map_err(|error| from_io(&error))?;
    Ok(Arc::new(SourceFile::from_bytes(path, bytes)))
}

impl Files for DiskFiles {
    fn read(&self, path: &str) -> Result<Arc<SourceFile>, ReadError> {
        read(path, &self.inside(path)?)
    }

    fn exists(&self, path: &str) -> bool {
        self.inside(path).is_ok()
    }

    fn size(&self, path: &str) -> Option<u64> {
        size(&self.inside(path).ok()?, 0)
    }
}

/// Bytes of a file, or of everything below a folder; links are not followed.
fn size(path: &Path, depth: usize) -> Option<u64> {
    let meta = path.symlink_metadata().ok()?;
    if !meta.is_dir() {
        return Some(meta.len());
    }
    if depth > 32 {
        return None;
    }
    let entries = path.read_dir().ok()?;
    Some(entries.flatten().filter_map(|entry| size(&entry.path(), depth + 1)).sum())
}
