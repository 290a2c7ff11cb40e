//! `textDocument/references` and `textDocument/documentHighlight`.

use crate::server::dispatch::Answer;
use crate::server::snapshot::Snapshot;
use lsp_types::{DocumentHighlight, DocumentHighlightKind, DocumentHighlightParams, Location, ReferenceParams};

pub(in crate::server) fn references(snapshot: &Snapshot, params: ReferenceParams) -> Answer<Option<Vec<Location>>> {
    let mut found: Vec<Location> = Vec::new();
    for (part, offset) in snapshot.cursors(&params.text_document_position) {
        let symbols = part.checked.symbols();
        let Some(mention) = symbols.at(part.id, offset) else { continue };
        for other in symbols.references(&mention.name, part.template()) {
            if other.declares && !params.context.include_declaration {
                continue;
            }
            let location = snapshot.location(part.analysis(), other.span);
            if let Some(location) = location.filter(|location| !found.contains(location)) {
                found.push(location);
            }
        }
    }
    Ok((!found.is_empty()).then_some(found))
}

pub(in crate::server) fn highlight(
    snapshot: &Snapshot,
    params: DocumentHighlightParams,
) -> Answer<Option<Vec<DocumentHighlight>>> {
    let mut found: Vec<DocumentHighlight> = Vec::new();
    for (part, offset) in snapshot.cursors(&params.text_document_position_params) {
        let symbols = part.checked.symbols();
        let Some(mention) = symbols.at(part.id, offset) else { continue };
        for other in symbols.references(&mention.name, part.template()) {
            let kind = if other.declares { DocumentHighlightKind::WRITE } else { DocumentHighlightKind::READ };
            let range = snapshot.range(part.file(), other.span);
            if other.span.file == part.id && !found.iter().any(|known| known.range == range) {
                found.push(DocumentHighlight { range, kind: Some(kind) });
            }
        }
    }
    Ok((!found.is_empty()).then_some(found))
}
