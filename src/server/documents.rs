//! Open documents, in front of the files on disk.

use super::positions::{self, Encoding};
use crate::source::{Files, ReadError, SourceFile};
use lsp_types::{TextDocumentContentChangeEvent, Uri};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What editors hold open, by path.
pub(super) struct Documents<'s> {
    disk: &'s dyn Files,
    open: BTreeMap<String, Open>,
}

/// One open document.
pub(super) struct Open {
    /// Its text as the editor has it.
    pub file: Arc<SourceFile>,
    /// Its version as the editor counts.
    pub version: i32,
    uri: Uri,
    stale: bool,
}

impl<'s> Documents<'s> {
    pub fn new(disk: &'s dyn Files) -> Self {
        Self { disk, open: BTreeMap::new() }
    }

    pub fn open(&mut self, uri: &Uri, version: i32, text: String) {
        let path = path_of(uri);
        let file = Arc::new(SourceFile::new(path.clone(), text));
        self.open.insert(path, Open { file, version, uri: uri.clone(), stale: false });
    }

    /// Applies edits in order.
    pub fn change(
        &mut self,
        uri: &Uri,
        version: i32,
        changes: Vec<TextDocumentContentChangeEvent>,
        encoding: Encoding,
    ) {
        let Some(open) = self.open.get_mut(&path_of(uri)) else { return };
        for change in changes {
            let text = match change.range {
                Some(range) => {
                    let start = positions::offset(&open.file, range.start, encoding);
                    let end = positions::offset(&open.file, range.end, encoding).max(start);
                    let old = open.file.text();
                    [&old[..start], &change.text, &old[end..]].concat()
                }
                None => change.text,
            };
            open.file = Arc::new(SourceFile::new(open.file.path(), text));
        }
        open.version = version;
        open.stale = true;
    }

    pub fn close(&mut self, uri: &Uri) {
        self.open.remove(&path_of(uri));
    }

    pub fn get(&self, uri: &Uri) -> Option<&Open> {
        self.open.get(&path_of(uri))
    }

    pub fn mark_fresh(&mut self, uri: &Uri) {
        if let Some(open) = self.open.get_mut(&path_of(uri)) {
            open.stale = false;
        }
    }

    /// Documents changed since their diagnostics were last sent.
    pub fn take_stale(&mut self) -> Vec<Uri> {
        self.open.values().filter(|open| open.stale).map(|open| open.uri.clone()).collect()
    }
}

impl Files for Documents<'_> {
    fn read(&self, path: &str) -> Result<Arc<SourceFile>, ReadError> {
        match self.open.get(path) {
            Some(open) => Ok(Arc::clone(&open.file)),
            None => self.disk.read(path),
        }
    }

    fn exists(&self, path: &str) -> bool {
        self.open.contains_key(path) || self.disk.exists(path)
    }

    fn size(&self, path: &str) -> Option<u64> {
        self.disk.size(path)
    }
}

/// The path of a `file:` address; other schemes keep the whole address as their name.
pub(super) fn path_of(uri: &Uri) -> String {
    let text = uri.as_str();
    let Some(path) = text.strip_prefix("file://") else { return text.to_owned() };
    let path = path.find('/').map_or(path, |at| &path[at..]);
    let bytes = path.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let escaped =
            (byte == b'%').then(|| path.get(at + 1..at + 3).and_then(|hex| u8::from_str_radix(hex, 16).ok())).flatten();
        out.push(escaped.unwrap_or(byte));
        at += if escaped.is_some() { 3 } else { 1 };
    }
    String::from_utf8_lossy(&out).into_owned()
}
