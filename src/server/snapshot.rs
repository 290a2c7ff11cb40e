//! The immutable picture that one request or one check works on.

use super::documents::{Checked, Documents, Overlay, Text};
use super::host::Host;
use super::log::Log;
use super::options::Options;
use super::positions::{self, Encoding};
use super::uri;
use crate::document::Document;
use crate::engine::{Analysis, Staged};
use crate::graph::Template;
use crate::source::{FileId, SourceFile, Span};
use lsp_types::{ClientCapabilities, Diagnostic, Location, Position, Range, TextDocumentPositionParams, Uri};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Instant;

/// What the client said about itself.
pub(super) struct Client {
    /// Its capabilities.
    pub capabilities: ClientCapabilities,
    /// What columns count.
    pub encoding: Encoding,
}

/// Everything a request may read.
#[derive(Clone)]
pub(super) struct Snapshot {
    pub documents: Documents,
    pub host: Arc<dyn Host>,
    pub client: Arc<Client>,
    pub options: Arc<Options>,
    pub folders: Arc<Vec<String>>,
    pub log: Arc<Log>,
    /// Counts changes of anything but open texts.
    pub generation: u64,
    /// What templates that are not open had to say last.
    pub closed: Arc<Mutex<Closed>>,
}

/// The diagnostics of templates that are not open, which stay while nothing on disk changes:
/// clients ask for those of the workspace every few seconds.
#[derive(Default)]
pub(super) struct Closed {
    pub generation: Option<u64>,
    /// By template, then by file.
    pub found: Vec<(String, Vec<(String, Vec<Diagnostic>)>)>,
}

/// A file as part of a template: its own, or one that it includes.
#[derive(Clone)]
pub(super) struct Part {
    /// The template.
    pub text: Arc<Text>,
    /// Its check.
    pub checked: Arc<Checked>,
    /// The file within the analysis.
    pub id: FileId,
}

impl Part {
    pub fn analysis(&self) -> &Analysis {
        self.checked.analysis()
    }

    /// The template behind the analysis.
    pub fn template(&self) -> &Template {
        self.analysis().graph.template()
    }

    /// The file's parse.
    pub fn document(&self) -> Option<&Document> {
        self.checked.document(self.id)
    }

    /// The file's text as the analysis read it.
    pub fn file(&self) -> &Arc<SourceFile> {
        self.analysis().sources.get(self.id)
    }
}

impl Snapshot {
    /// What came of checking the text at `path`, which is checked now unless it was; `None`
    /// when it is no template or not known.
    pub fn checked(&self, path: &str) -> Option<Arc<Checked>> {
        let text = self.documents.get(path)?;
        text.checked.get_or_init(|| self.check(text)).clone()
    }

    /// A defect in a policy costs this answer, not the server.
    fn check(&self, text: &Text) -> Option<Arc<Checked>> {
        let started = Instant::now();
        let project = self.host.project(&text.path);
        if project.excluded {
            return None;
        }
        let overlay = Overlay::new(&self.documents, &*project.files);
        let made = catch_unwind(AssertUnwindSafe(|| Staged::new(Arc::clone(&text.file), &overlay, &project.settings)));
        let reads = overlay.asked();
        let took = started.elapsed();
        match made {
            Ok(staged) => {
                self.log.line(|| {
                    let what = if staged.is_some() { "checked" } else { "no template" };
                    format!("{what} {} in {} ms", text.path, took.as_millis())
                });
                Some(Arc::new(Checked {
                    staged: staged?,
                    complete: OnceLock::new(),
                    reads,
                    project,
                    took,
                    estimates: OnceLock::new(),
                    symbols: OnceLock::new(),
                }))
            }
            Err(_) => {
                self.log.line(|| format!("a policy failed on {}", text.path));
                None
            }
        }
    }

    /// The templates that the file at `path` belongs to: itself, or those that include it.
    pub fn parts(&self, path: &str) -> Vec<Part> {
        let own = self.documents.get(path).and_then(|text| {
            let checked = self.checked(path)?;
            Some(Part { text: Arc::clone(text), checked, id: FileId(0) })
        });
        if let Some(own) = own {
            return vec![own];
        }
        self.documents.iter().filter_map(|text| self.including(text, path)).collect()
    }

    fn including(&self, text: &Arc<Text>, path: &str) -> Option<Part> {
        let checked = self.checked(&text.path)?;
        let (id, _) = checked.analysis().sources.iter().find(|(_, file)| file.path() == path)?;
        Some(Part { text: Arc::clone(text), checked, id })
    }

    /// The first template that the file at `uri` belongs to.
    pub fn part(&self, uri: &Uri) -> Option<Part> {
        self.parts(&uri::path_of(uri)).into_iter().next()
    }

    /// The templates that the file under the cursor belongs to, and the offset in it.
    pub fn cursors(&self, at: &TextDocumentPositionParams) -> Vec<(Part, u32)> {
        let parts = self.parts(&uri::path_of(&at.text_document.uri));
        let offset = |part: &Part| self.offset(part.file(), at.position);
        parts.into_iter().map(|part| (part.clone(), offset(&part))).collect()
    }

    /// The text of an open document.
    pub fn file(&self, uri: &Uri) -> Option<&Arc<SourceFile>> {
        self.documents.get(&uri::path_of(uri)).map(|text| &text.file)
    }

    /// The byte offset of a position.
    pub fn offset(&self, file: &SourceFile, position: Position) -> u32 {
        positions::offset(file, position, self.client.encoding) as u32
    }

    /// The range of a span.
    pub fn range(&self, file: &SourceFile, span: Span) -> Range {
        positions::range(file, span, self.client.encoding)
    }

    /// The address of a file: as the client writes it, where it is open.
    pub fn uri(&self, path: &str) -> Option<Uri> {
        match self.documents.get(path) {
            Some(text) => Some(text.uri.clone()),
            None => uri::of_path(path),
        }
    }

    /// Where a span of an analysis lies.
    pub fn location(&self, analysis: &Analysis, span: Span) -> Option<Location> {
        let file = analysis.sources.get(span.file);
        Some(Location { uri: self.uri(file.path())?, range: self.range(file, span) })
    }
}
