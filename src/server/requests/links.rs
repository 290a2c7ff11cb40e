//! `textDocument/documentLink`: code, handlers, definitions and includes.

use super::definition::existing;
use crate::server::dispatch::Answer;
use crate::server::snapshot::Snapshot;
use crate::template::symbols::LinkKind;
use lsp_types::{DocumentLink, DocumentLinkParams};

pub(in crate::server) fn links(snapshot: &Snapshot, params: DocumentLinkParams) -> Answer<Option<Vec<DocumentLink>>> {
    let Some(part) = snapshot.part(&params.text_document.uri) else { return Ok(None) };
    let own = part.checked.symbols().links().iter().filter(|link| link.span.file == part.id);
    let links = own.filter_map(|link| {
        let path = existing(&part, link)?;
        let tooltip = match link.kind {
            LinkKind::File => "Open the file",
            LinkKind::Handler => "Open the handler",
            LinkKind::Code => "Open the code",
        };
        Some(DocumentLink {
            range: snapshot.range(part.file(), link.span),
            target: Some(snapshot.uri(path)?),
            tooltip: Some(tooltip.to_owned()),
            data: None,
        })
    });
    Ok(Some(links.collect()))
}
