//! Changes of text as the protocol wants them.

use super::dispatch::{Answer, Refusal};
use super::positions;
use super::snapshot::Snapshot;
use crate::engine::Analysis;
use crate::finding;
use crate::source::{SourceFile, Span};
use lsp_types::{
    DocumentChangeOperation, DocumentChanges, OneOf, OptionalVersionedTextDocumentIdentifier, RenameFile, ResourceOp,
    ResourceOperationKind, TextDocumentEdit, TextEdit, WorkspaceEdit,
};
use std::collections::BTreeMap;

/// Edits of any number of files.
pub(super) struct Edits<'s> {
    snapshot: &'s Snapshot,
    files: BTreeMap<String, Vec<TextEdit>>,
    renames: Vec<(String, String)>,
}

impl<'s> Edits<'s> {
    pub fn new(snapshot: &'s Snapshot) -> Self {
        Self { snapshot, files: BTreeMap::new(), renames: Vec::new() }
    }

    /// The edits of a fix.
    pub fn of_fix(snapshot: &'s Snapshot, analysis: &Analysis, fix: &finding::Fix) -> Self {
        let mut edits = Self::new(snapshot);
        for edit in &fix.edits {
            edits.add(analysis, edit.span, edit.text.clone());
        }
        edits
    }

    /// Replaces the bytes of a span.
    pub fn add(&mut self, analysis: &Analysis, span: Span, text: String) {
        self.add_in(analysis.sources.get(span.file), span, text);
    }

    /// Replaces the bytes of a span of `file`.
    pub fn add_in(&mut self, file: &SourceFile, span: Span, text: String) {
        let range = positions::range(file, span, self.snapshot.client.encoding);
        let edits = self.files.entry(file.path().to_owned()).or_default();
        let edit = TextEdit { range, new_text: text };
        if !edits.contains(&edit) {
            edits.push(edit);
        }
    }

    /// Gives a file another path, where the client can do that.
    pub fn rename_file(&mut self, from: &str, to: &str) -> Answer<()> {
        let operations = self.capabilities().and_then(|edit| edit.resource_operations.as_ref());
        if !operations.is_some_and(|operations| operations.contains(&ResourceOperationKind::Rename)) {
            return Err(Refusal::new("this editor cannot rename files for a language server"));
        }
        let rename = (from.to_owned(), to.to_owned());
        if !self.renames.contains(&rename) {
            self.renames.push(rename);
        }
        Ok(())
    }

    fn capabilities(&self) -> Option<&lsp_types::WorkspaceEditClientCapabilities> {
        self.snapshot.client.capabilities.workspace.as_ref()?.workspace_edit.as_ref()
    }

    pub fn finish(self) -> WorkspaceEdit {
        let versioned = self.capabilities().is_some_and(|edit| edit.document_changes == Some(true));
        let snapshot = self.snapshot;
        if !versioned && self.renames.is_empty() {
            let changes = self.files.into_iter().filter_map(|(path, edits)| Some((snapshot.uri(&path)?, edits)));
            return WorkspaceEdit { changes: Some(changes.collect()), ..WorkspaceEdit::default() };
        }
        let edits = self.files.into_iter().filter_map(|(path, edits)| {
            let version = snapshot.documents.get(&path).and_then(|text| text.version);
            let text_document = OptionalVersionedTextDocumentIdentifier { uri: snapshot.uri(&path)?, version };
            Some(TextDocumentEdit { text_document, edits: edits.into_iter().map(OneOf::Left).collect() })
        });
        let mut changes: Vec<DocumentChangeOperation> = edits.map(DocumentChangeOperation::Edit).collect();
        changes.extend(self.renames.into_iter().filter_map(|(from, to)| {
            let (old_uri, new_uri) = (snapshot.uri(&from)?, snapshot.uri(&to)?);
            let rename = RenameFile { old_uri, new_uri, options: None, annotation_id: None };
            Some(DocumentChangeOperation::Op(ResourceOp::Rename(rename)))
        }));
        WorkspaceEdit { document_changes: Some(DocumentChanges::Operations(changes)), ..WorkspaceEdit::default() }
    }
}
