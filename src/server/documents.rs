//! The texts the server knows, in front of the files on disk.

use super::host::{Project, ResourceEstimate};
use super::positions::{self, Encoding};
use crate::document::Document;
use crate::engine::{Analysis, Staged};
use crate::finding::Finding;
use crate::source::{FileId, Files, ReadError, SourceFile};
use crate::template::symbols::{self, Symbols};
use lsp_types::{TextDocumentContentChangeEvent, Uri};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

/// One text in one version. It never changes: an edit makes another.
pub(super) struct Text {
    /// Its path.
    pub path: String,
    /// Its address as the client writes it.
    pub uri: Uri,
    /// The client's version; `None` for a template that is known only because it includes an
    /// open file.
    pub version: Option<i32>,
    /// The text.
    pub file: Arc<SourceFile>,
    /// What came of checking it; `None` inside for what is no template.
    pub checked: OnceLock<Option<Arc<Checked>>>,
    superseded: AtomicBool,
}

/// One checked template.
pub(super) struct Checked {
    /// The analysis, before organisation rules.
    pub staged: Staged,
    /// All findings, once organisation rules have run.
    pub complete: OnceLock<Vec<Finding>>,
    /// Every path the analysis asked for, found or not.
    pub reads: BTreeSet<String>,
    /// What it was checked with.
    pub project: Project,
    /// How long the analysis took.
    pub took: Duration,
    /// What its resources cost, once somebody asks.
    pub estimates: OnceLock<Vec<ResourceEstimate>>,
    /// Its names, once somebody asks.
    pub symbols: OnceLock<Symbols>,
}

impl Checked {
    /// The analysis.
    pub fn analysis(&self) -> &Analysis {
        &self.staged.analysis
    }

    /// The names in its text.
    pub fn symbols(&self) -> &Symbols {
        self.symbols.get_or_init(|| {
            let Analysis { dialect, sources, document, included, graph, .. } = self.analysis();
            let documents: Vec<&Document> = std::iter::once(document).chain(included).collect();
            let template = graph.template();
            Symbols::new(symbols::Subject { dialect: *dialect, documents: &documents, sources, template })
        })
    }

    /// The parse of one of its files.
    pub fn document(&self, file: FileId) -> Option<&Document> {
        let Analysis { document, included, .. } = self.analysis();
        std::iter::once(document).chain(included).find(|document| document.file() == file)
    }

    /// The findings known so far.
    pub fn findings(&self) -> &[Finding] {
        self.complete.get().unwrap_or(&self.staged.analysis.findings)
    }

    /// Those of them that the client is shown.
    pub fn shown(&self) -> impl Iterator<Item = &Finding> {
        self.findings().iter().filter(|finding| {
            let known = self.project.baseline.as_ref().is_some_and(|known| known.contains(&finding.fingerprint));
            finding.severity >= self.project.min_severity && !known
        })
    }

    /// Whether organisation rules are still to run.
    pub fn waits_for_guard(&self) -> bool {
        !self.project.settings.guard.is_empty() && self.complete.get().is_none()
    }

    /// Runs organisation rules, once.
    pub fn run_guard(&self) {
        self.complete.get_or_init(|| self.staged.with_guard(&self.project.settings));
    }
}

impl Text {
    pub fn new(uri: Uri, version: Option<i32>, file: Arc<SourceFile>) -> Self {
        let path = file.path().to_owned();
        Self { path, uri, version, file, checked: OnceLock::new(), superseded: AtomicBool::new(false) }
    }

    /// Whether a newer text has taken its place.
    pub fn is_superseded(&self) -> bool {
        self.superseded.load(Ordering::Relaxed)
    }

    fn may_read(&self, path: &str) -> bool {
        match self.checked.get() {
            Some(Some(checked)) => checked.reads.contains(path),
            Some(None) => false,
            // It may be under analysis right now, with what was there before.
            None => true,
        }
    }
}

/// All texts by path. Cloning it makes the picture a request answers from.
#[derive(Clone, Default)]
pub(super) struct Documents {
    texts: BTreeMap<String, Arc<Text>>,
}

impl Documents {
    pub fn get(&self, path: &str) -> Option<&Arc<Text>> {
        self.texts.get(path)
    }

    pub fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }

    pub fn iter(&self) -> impl Iterator<Item = &Arc<Text>> {
        self.texts.values()
    }

    pub fn insert(&mut self, text: Text) {
        if let Some(old) = self.texts.insert(text.path.clone(), Arc::new(text)) {
            old.superseded.store(true, Ordering::Relaxed);
        }
    }

    pub fn remove(&mut self, path: &str) -> Option<Arc<Text>> {
        let old = self.texts.remove(path)?;
        old.superseded.store(true, Ordering::Relaxed);
        Some(old)
    }

    /// Applies edits in order.
    pub fn change(
        &mut self,
        path: &str,
        version: i32,
        changes: Vec<TextDocumentContentChangeEvent>,
        encoding: Encoding,
    ) {
        let Some(old) = self.texts.get(path) else { return };
        let mut file = Arc::clone(&old.file);
        for change in changes {
            let text = match change.range {
                Some(range) => {
                    let start = positions::offset(&file, range.start, encoding);
                    let end = positions::offset(&file, range.end, encoding).max(start);
                    let old = file.text();
                    [&old[..start], &change.text, &old[end..]].concat()
                }
                None => change.text,
            };
            file = Arc::new(SourceFile::new(path, text));
        }
        let text = Text::new(old.uri.clone(), Some(version), file);
        self.insert(text);
    }

    /// Forgets what came of checking the texts that read `path`; answers which.
    pub fn renew_readers(&mut self, path: &str) -> Vec<String> {
        self.renew(|text| text.path != path && text.may_read(path))
    }

    /// Forgets what came of checking all texts; answers which.
    pub fn renew_all(&mut self) -> Vec<String> {
        self.renew(|_| true)
    }

    fn renew(&mut self, concerned: impl Fn(&Text) -> bool) -> Vec<String> {
        let texts: Vec<Arc<Text>> = self.texts.values().filter(|text| concerned(text)).cloned().collect();
        for text in &texts {
            self.insert(Text::new(text.uri.clone(), text.version, Arc::clone(&text.file)));
        }
        texts.iter().map(|text| text.path.clone()).collect()
    }
}

/// The files of a project with open texts in front of them; notes what is asked for.
pub(super) struct Overlay<'d> {
    documents: &'d Documents,
    disk: &'d dyn Files,
    asked: Mutex<BTreeSet<String>>,
}

impl<'d> Overlay<'d> {
    pub fn new(documents: &'d Documents, disk: &'d dyn Files) -> Self {
        Self { documents, disk, asked: Mutex::default() }
    }

    /// Every path that was asked for.
    pub fn asked(self) -> BTreeSet<String> {
        self.asked.into_inner().unwrap_or_default()
    }

    fn note(&self, path: &str) {
        if let Ok(mut asked) = self.asked.lock() {
            asked.insert(path.to_owned());
        }
    }
}

impl Files for Overlay<'_> {
    fn read(&self, path: &str) -> Result<Arc<SourceFile>, ReadError> {
        self.note(path);
        match self.documents.get(path) {
            // An open text outside the project stays as unreadable as its file.
            Some(text) if self.disk.exists(path) => Ok(Arc::clone(&text.file)),
            Some(text) => match self.disk.read(path) {
                Err(ReadError::Outside) => Err(ReadError::Outside),
                _ => Ok(Arc::clone(&text.file)),
            },
            None => self.disk.read(path),
        }
    }

    fn exists(&self, path: &str) -> bool {
        self.note(path);
        self.disk.exists(path) || self.documents.get(path).is_some() && self.read(path).is_ok()
    }

    fn size(&self, path: &str) -> Option<u64> {
        self.note(path);
        self.disk.size(path)
    }
}
