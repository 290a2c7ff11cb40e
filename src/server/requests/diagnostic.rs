//! `textDocument/diagnostic` and `workspace/diagnostic`: diagnostics when the client asks.

use crate::server::dispatch::{Answer, Refusal};
use crate::server::documents::Text;
use crate::server::publish::{self, Published};
use crate::server::snapshot::Snapshot;
use crate::server::uri;
use lsp_server::ErrorCode;
use lsp_types::{
    Diagnostic, DocumentDiagnosticParams, DocumentDiagnosticReport, DocumentDiagnosticReportKind,
    DocumentDiagnosticReportResult, FullDocumentDiagnosticReport, RelatedFullDocumentDiagnosticReport,
    RelatedUnchangedDocumentDiagnosticReport, UnchangedDocumentDiagnosticReport, WorkspaceDiagnosticParams,
    WorkspaceDiagnosticReport, WorkspaceDiagnosticReportResult, WorkspaceDocumentDiagnosticReport,
    WorkspaceFullDocumentDiagnosticReport, WorkspaceUnchangedDocumentDiagnosticReport,
};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

pub(in crate::server) fn document(
    snapshot: &Snapshot,
    params: DocumentDiagnosticParams,
) -> Answer<DocumentDiagnosticReportResult> {
    let path = uri::path_of(&params.text_document.uri);
    let mut all = Published::default();
    let mut included = Vec::new();
    match snapshot.documents.get(&path) {
        Some(text) if snapshot.checked(&path).is_none() && publish::is_configuration(&path) => {
            all.update(&path, publish::by_file(text, None, snapshot));
        }
        _ => {
            for part in snapshot.parts(&path) {
                let files = publish::by_file(&part.text, Some(&part.checked), snapshot);
                included.extend(files.iter().map(|(file, _)| file.clone()).filter(|file| *file != path));
                all.update(&part.text.path, files);
            }
        }
    }
    let items = all.of(&path);
    let id = result_id(&items);
    let wants_related = snapshot.client.capabilities.text_document.as_ref().and_then(|t| t.diagnostic.as_ref());
    let related: HashMap<_, _> = included
        .into_iter()
        .filter(|_| wants_related.is_some_and(|d| d.related_document_support == Some(true)))
        .filter_map(|file| {
            let items = all.of(&file);
            let report = FullDocumentDiagnosticReport { result_id: Some(result_id(&items)), items };
            Some((snapshot.uri(&file)?, DocumentDiagnosticReportKind::Full(report)))
        })
        .collect();
    let related_documents = (!related.is_empty()).then_some(related);
    let report = if params.previous_result_id.as_ref() == Some(&id) {
        DocumentDiagnosticReport::Unchanged(RelatedUnchangedDocumentDiagnosticReport {
            related_documents,
            unchanged_document_diagnostic_report: UnchangedDocumentDiagnosticReport { result_id: id },
        })
    } else {
        DocumentDiagnosticReport::Full(RelatedFullDocumentDiagnosticReport {
            related_documents,
            full_document_diagnostic_report: FullDocumentDiagnosticReport { result_id: Some(id), items },
        })
    };
    Ok(DocumentDiagnosticReportResult::Report(report))
}

/// What tells two lists of diagnostics apart.
fn result_id(items: &[Diagnostic]) -> String {
    let text = serde_json::to_vec(items).unwrap_or_default();
    let digest = Sha256::digest(text);
    let number = digest.iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte));
    format!("{number:016x}")
}

pub(in crate::server) fn workspace(
    snapshot: &Snapshot,
    params: WorkspaceDiagnosticParams,
    cancelled: &AtomicBool,
) -> Answer<WorkspaceDiagnosticReportResult> {
    let mut all = Published::default();
    let mut files: Vec<String> = Vec::new();
    let mut take = |template: &str, found: Vec<(String, Vec<Diagnostic>)>| {
        files.extend(found.iter().map(|(path, _)| path.clone()));
        all.update(template, found);
    };
    for text in snapshot.documents.iter() {
        if let Some(checked) = snapshot.checked(&text.path) {
            checked.run_guard();
            take(&text.path, publish::by_file(text, Some(&checked), snapshot));
        }
    }
    for (template, found) in closed(snapshot, cancelled)? {
        take(&template, found);
    }
    files.sort();
    files.dedup();
    let items = files.into_iter().filter_map(|file| {
        let items = all.of(&file);
        let id = result_id(&items);
        let uri = snapshot.uri(&file)?;
        let version = snapshot.documents.get(&file).and_then(|text| text.version).map(i64::from);
        let is_known = params.previous_result_ids.iter().any(|known| known.uri == uri && known.value == id);
        Some(if is_known {
            WorkspaceDocumentDiagnosticReport::Unchanged(WorkspaceUnchangedDocumentDiagnosticReport {
                uri,
                version,
                unchanged_document_diagnostic_report: UnchangedDocumentDiagnosticReport { result_id: id },
            })
        } else {
            WorkspaceDocumentDiagnosticReport::Full(WorkspaceFullDocumentDiagnosticReport {
                uri,
                version,
                full_document_diagnostic_report: FullDocumentDiagnosticReport { result_id: Some(id), items },
            })
        })
    });
    Ok(WorkspaceDiagnosticReportResult::Report(WorkspaceDiagnosticReport { items: items.collect() }))
}

/// The diagnostics of templates that are not open, checked anew only when something changed.
fn closed(snapshot: &Snapshot, cancelled: &AtomicBool) -> Answer<Vec<(String, Vec<(String, Vec<Diagnostic>)>)>> {
    let known = snapshot.closed.lock().ok().filter(|known| known.generation == Some(snapshot.generation));
    if let Some(known) = known {
        return Ok(known.found.clone());
    }
    let mut found = Vec::new();
    each_closed(snapshot, cancelled, |one, text| {
        if let Some(checked) = one.checked(&text.path) {
            checked.run_guard();
            found.push((text.path.clone(), publish::by_file(text, Some(&checked), one)));
        }
    })?;
    if let Ok(mut known) = snapshot.closed.lock() {
        (known.generation, known.found) = (Some(snapshot.generation), found.clone());
    }
    Ok(found)
}

/// Shows `visit` every template of the workspace: open ones as they are, the others from disk.
pub(in crate::server) fn each_template(
    snapshot: &Snapshot,
    cancelled: &AtomicBool,
    mut visit: impl FnMut(&Snapshot, &Text),
) -> Answer<()> {
    for text in snapshot.documents.iter() {
        visit(snapshot, text);
    }
    each_closed(snapshot, cancelled, visit)
}

/// Shows `visit` every template that is not open, one at a time so that memory holds only one.
fn each_closed(snapshot: &Snapshot, cancelled: &AtomicBool, mut visit: impl FnMut(&Snapshot, &Text)) -> Answer<()> {
    let mut seen: Vec<String> = Vec::new();
    for folder in snapshot.folders.iter() {
        for path in snapshot.host.candidates(folder) {
            if cancelled.load(Ordering::Relaxed) {
                return Err(Refusal { code: ErrorCode::RequestCanceled, message: "the request was cancelled".into() });
            }
            if snapshot.documents.get(&path).is_some() || seen.contains(&path) {
                continue;
            }
            let project = snapshot.host.project(&path);
            let Ok(file) = project.files.read(&path) else { continue };
            if !crate::engine::may_be_template(file.text()) {
                continue;
            }
            let Some(uri) = uri::of_path(&path) else { continue };
            let mut one = snapshot.clone();
            one.documents.insert(Text::new(uri, None, Arc::clone(&file)));
            if let Some(text) = one.documents.get(&path) {
                visit(&one, text);
            }
            seen.push(path);
        }
    }
    Ok(())
}
