//! Files from disk.

use crate::source::{Files, ReadError, SourceFile};
use std::path::Path;
use std::sync::Arc;

/// Largest file that is read, in bytes.
const MAX_FILE: u64 = 64 << 20;

/// Reads files below a project root from disk.
pub struct DiskFiles {
    root: std::path::PathBuf,
}

/// The project that `template` (an absolute path) belongs to: the repository around it; else
/// the working directory, when the template lies in it; else the folder above the template's
/// own, because services of one project include files of each other.
pub fn project_root(template: &Path) -> std::path::PathBuf {
    let own = template.parent().unwrap_or(Path::new("/"));
    if let Some(repository) = own.ancestors().find(|folder| folder.join(".git").exists()) {
        return repository.to_owned();
    }
    if let Some(current) = std::env::current_dir().ok().filter(|current| own.starts_with(current)) {
        return current;
    }
    own.parent().filter(|folder| folder.parent().is_some()).unwrap_or(own).to_owned()
}

/// [`project_root`] of a path as the user wrote it.
pub fn project_root_of(path: &str) -> std::path::PathBuf {
    project_root(&std::path::absolute(path).unwrap_or_else(|_| path.into()))
}

impl DiskFiles {
    /// Files below `root`; everything outside is refused.
    pub fn new(root: &Path) -> Self {
        Self { root: root.canonicalize().unwrap_or_else(|_| root.to_owned()) }
    }

    fn inside(&self, path: &str) -> Result<std::path::PathBuf, ReadError> {
        let full = Path::new(path).canonicalize().map_err(|error| from_io(&error))?;
        if full.starts_with(&self.root) { Ok(full) } else { Err(ReadError::Outside) }
    }
}

fn from_io(error: &std::io::Error) -> ReadError {
    match error.kind() {
        std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory => ReadError::Missing,
        _ => ReadError::Io(error.to_string()),
    }
}

impl Files for DiskFiles {
    fn read(&self, path: &str) -> Result<Arc<SourceFile>, ReadError> {
        let full = self.inside(path)?;
        let size = full.metadata().map_err(|error| from_io(&error))?.len();
        if size > MAX_FILE {
            return Err(ReadError::TooLarge(MAX_FILE >> 20));
        }
        let bytes = std::fs::read(&full).map_err(|error| from_io(&error))?;
        Ok(Arc::new(SourceFile::from_bytes(path, bytes)))
    }

    fn exists(&self, path: &str) -> bool {
        self.inside(path).is_ok()
    }

    fn size(&self, path: &str) -> Option<u64> {
        let full = self.inside(path).ok()?;
        let meta = full.metadata().ok()?;
        meta.is_file().then(|| meta.len())
    }
}
