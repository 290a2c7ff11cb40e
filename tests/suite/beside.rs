//! The files that stand beside an example of a policy.

use dewline::source::{Files, ReadError, SourceFile};
use std::sync::Arc;

/// The files that stand beside an example.
pub struct Beside(pub Vec<(String, String)>);

impl Files for Beside {
    fn read(&self, path: &str) -> Result<Arc<SourceFile>, ReadError> {
        match self.0.iter().find(|(name, _)| name == path) {
            Some((name, text)) => Ok(Arc::new(SourceFile::new(name, text.as_str()))),
            None if path.starts_with("..") => Err(ReadError::Outside),
            None => Err(ReadError::Missing),
        }
    }
    fn exists(&self, path: &str) -> bool {
        self.0.iter().any(|(name, _)| name == path)
    }
    /// The packages that examples name: `24-mb.zip`.
    fn size(&self, path: &str) -> Option<u64> {
        let megabytes: u64 = path.rsplit('/').next()?.strip_suffix("-mb.zip")?.parse().ok()?;
        Some(megabytes << 20)
    }
}
