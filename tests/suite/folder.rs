//! Files of a folder, as the program reads them from disk.

use dewline::source::{Files, ReadError, SourceFile};
use std::path::PathBuf;
use std::sync::Arc;

/// A folder whose files are read by their paths below it.
pub struct Folder(pub PathBuf);

impl Files for Folder {
    fn read(&self, path: &str) -> Result<Arc<SourceFile>, ReadError> {
        let bytes = std::fs::read(self.0.join(path)).map_err(|_| ReadError::Missing)?;
        Ok(Arc::new(SourceFile::from_bytes(path, bytes)))
    }

    fn exists(&self, path: &str) -> bool {
        self.0.join(path).exists()
    }

    fn size(&self, path: &str) -> Option<u64> {
        self.0.join(path).metadata().ok().filter(std::fs::Metadata::is_file).map(|meta| meta.len())
    }
}
