//! The files of one analysis and where they come from.

use super::{FileId, SourceFile, Span};
use std::sync::Arc;

/// Reads project files for the engine, which itself never touches the file system. The
/// command line reads from disk; the language server answers from open buffers first.
pub trait Files: Sync {
    /// The file at `path`: `/`-separated, relative to the working directory or absolute.
    fn read(&self, path: &str) -> Result<Arc<SourceFile>, ReadError>;

    /// Whether a file is there, without reading it.
    fn exists(&self, path: &str) -> bool;

    /// Size in bytes of the file, or of all files below a directory; `None` when it is not there.
    fn size(&self, path: &str) -> Option<u64>;
}

/// A project of which only the template is there.
#[derive(Clone, Copy, Debug)]
pub struct NoFiles;

impl Files for NoFiles {
    fn read(&self, _: &str) -> Result<Arc<SourceFile>, ReadError> {
        Err(ReadError::Missing)
    }

    fn exists(&self, _: &str) -> bool {
        false
    }

    fn size(&self, _: &str) -> Option<u64> {
        None
    }
}

/// Why a file could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// Nothing is at the path.
    #[error("there is no such file")]
    Missing,
    /// The path leads outside the project root.
    #[error("the path leads outside the project")]
    Outside,
    /// The file is larger than the reader takes.
    #[error("the file is larger than {0} MiB")]
    TooLarge(u64),
    /// The operating system refused.
    #[error("{0}")]
    Io(String),
}

/// The files one analysis has read, in the order of first use; the template comes first.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    files: Vec<Arc<SourceFile>>,
}

impl Sources {
    /// The id of `file`, which is added unless a file of its path is there.
    pub fn add(&mut self, file: Arc<SourceFile>) -> FileId {
        let found = self.files.iter().position(|known| known.path() == file.path());
        let index = found.unwrap_or_else(|| {
            self.files.push(file);
            self.files.len() - 1
        });
        FileId(index as u16)
    }

    /// The file behind an id.
    ///
    /// # Panics
    /// When the id belongs to another analysis.
    pub fn get(&self, id: FileId) -> &Arc<SourceFile> {
        &self.files[id.0 as usize]
    }

    /// The text of a span.
    pub fn text(&self, span: Span) -> &str {
        self.get(span.file).text().get(span.range()).unwrap_or_default()
    }

    /// All files with their ids.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &Arc<SourceFile>)> {
        self.files.iter().enumerate().map(|(index, file)| (FileId(index as u16), file))
    }
}

/// Joins `relative` to the directory `base` and removes `.` and `..` by text alone; absolute
/// paths stay where they lead. A relative result may begin with `..`: whoever reads files
/// decides how far out they may lie. `None` when an absolute path climbs above the root.
pub fn normalize(base: &str, relative: &str) -> Option<String> {
    let alone = relative.starts_with('/') || base.is_empty();
    let joined = if alone { relative.to_owned() } else { format!("{base}/{relative}") };
    let is_absolute = joined.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in joined.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => drop(parts.pop()),
            ".." if is_absolute => return None,
            part => parts.push(part),
        }
    }
    let path = parts.join("/");
    Some(if is_absolute { format!("/{path}") } else { path })
}
