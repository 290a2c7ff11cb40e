//! `textDocument/documentSymbol` and `workspace/symbol`.

use super::diagnostic::each_template;
use crate::server::dispatch::Answer;
use crate::server::snapshot::{Part, Snapshot};
use crate::source::Span;
use crate::template::symbols::{Space, Symbol};
use lsp_types::{
    DocumentSymbol, DocumentSymbolParams, DocumentSymbolResponse, SymbolInformation, SymbolKind, WorkspaceSymbolParams,
    WorkspaceSymbolResponse,
};
use std::sync::atomic::AtomicBool;

/// Answers to one question, at most.
const MAX_SYMBOLS: usize = 2000;

/// The sections symbols are shown under, in the order of a template.
const SECTIONS: [(Space, &str); 6] = [
    (Space::Parameter, "Parameters"),
    (Space::Mapping, "Mappings"),
    (Space::Condition, "Conditions"),
    (Space::Function, "functions"),
    (Space::Resource, "Resources"),
    (Space::Output, "Outputs"),
];

fn kind(space: Space) -> SymbolKind {
    match space {
        Space::Parameter => SymbolKind::VARIABLE,
        Space::Mapping => SymbolKind::CONSTANT,
        Space::Condition => SymbolKind::BOOLEAN,
        Space::Function => SymbolKind::FUNCTION,
        Space::Resource => SymbolKind::CLASS,
        Space::Output => SymbolKind::INTERFACE,
        _ => SymbolKind::KEY,
    }
}

/// The kind of a resource, by what it is.
fn kind_of(symbol: &Symbol) -> SymbolKind {
    match symbol.detail.as_str() {
        "AWS::Serverless::Function" | "AWS::Lambda::Function" => SymbolKind::FUNCTION,
        _ => kind(symbol.name.space),
    }
}

pub(in crate::server) fn document(
    snapshot: &Snapshot,
    params: DocumentSymbolParams,
) -> Answer<Option<DocumentSymbolResponse>> {
    let Some(part) = snapshot.part(&params.text_document.uri) else { return Ok(None) };
    let own: Vec<&Symbol> = part.checked.symbols().symbols().iter().filter(|s| s.key.file == part.id).collect();
    let mut sections = Vec::new();
    for (space, name) in SECTIONS {
        let children: Vec<DocumentSymbol> = own
            .iter()
            .filter(|symbol| symbol.name.space == space)
            .map(|symbol| {
                let below = own.iter().filter(|other| {
                    other.name.space == Space::MappingKey
                        && symbol.body.encloses(other.body)
                        && other.name.text.matches('.').count() == 1
                });
                let below: Vec<_> = below.map(|other| one(snapshot, &part, other, Vec::new())).collect();
                one(snapshot, &part, symbol, below)
            })
            .collect();
        let (Some(first), Some(last)) = (children.first(), children.last()) else { continue };
        let (start, end) = (first.range.start, last.range.end);
        let selection = first.selection_range;
        #[allow(deprecated)] // the field is part of the type
        sections.push(DocumentSymbol {
            name: name.to_owned(),
            detail: None,
            kind: SymbolKind::NAMESPACE,
            tags: None,
            deprecated: None,
            range: lsp_types::Range { start, end },
            selection_range: selection,
            children: Some(children),
        });
    }
    let support = snapshot.client.capabilities.text_document.as_ref().and_then(|text| text.document_symbol.as_ref());
    if support.is_some_and(|support| support.hierarchical_document_symbol_support == Some(true)) {
        return Ok(Some(DocumentSymbolResponse::Nested(sections)));
    }
    let flat = own.iter().filter(|symbol| symbol.name.space != Space::MappingKey);
    Ok(Some(DocumentSymbolResponse::Flat(flat.filter_map(|symbol| information(snapshot, &part, symbol)).collect())))
}

fn one(snapshot: &Snapshot, part: &Part, symbol: &Symbol, children: Vec<DocumentSymbol>) -> DocumentSymbol {
    let name = match symbol.name.space {
        Space::MappingKey => symbol.name.text.rsplit('.').next().unwrap_or_default(),
        _ => &symbol.name.text,
    };
    #[allow(deprecated)] // the field is part of the type
    DocumentSymbol {
        name: name.to_owned(),
        detail: Some(symbol.detail.clone()).filter(|detail| !detail.is_empty()),
        kind: kind_of(symbol),
        tags: None,
        deprecated: None,
        range: snapshot.range(part.file(), widened(symbol)),
        selection_range: snapshot.range(part.file(), symbol.key),
        children: (!children.is_empty()).then_some(children),
    }
}

/// The body, which the key must lie in.
fn widened(symbol: &Symbol) -> Span {
    Span { start: symbol.body.start.min(symbol.key.start), end: symbol.body.end.max(symbol.key.end), ..symbol.body }
}

fn information(snapshot: &Snapshot, part: &Part, symbol: &Symbol) -> Option<SymbolInformation> {
    let detail = (!symbol.detail.is_empty()).then(|| symbol.detail.clone());
    #[allow(deprecated)] // the field is part of the type
    Some(SymbolInformation {
        name: symbol.name.text.clone(),
        kind: kind_of(symbol),
        tags: None,
        deprecated: None,
        location: snapshot.location(part.analysis(), symbol.key)?,
        container_name: detail,
    })
}

pub(in crate::server) fn workspace(
    snapshot: &Snapshot,
    params: WorkspaceSymbolParams,
    cancelled: &AtomicBool,
) -> Answer<Option<WorkspaceSymbolResponse>> {
    let query = params.query.to_lowercase();
    let mut found: Vec<SymbolInformation> = Vec::new();
    each_template(snapshot, cancelled, |one, text| {
        for part in one.parts(&text.path) {
            let symbols = part.checked.symbols().symbols().iter();
            let wanted = symbols.filter(|symbol| symbol.name.space != Space::MappingKey);
            for symbol in wanted.filter(|symbol| matches(&query, symbol)) {
                let information = information(one, &part, symbol);
                if let Some(information) = information.filter(|i| found.len() < MAX_SYMBOLS && !found.contains(i)) {
                    found.push(information);
                }
            }
        }
    })?;
    found.sort_by(|a, b| (&a.location.uri, a.location.range.start).cmp(&(&b.location.uri, b.location.range.start)));
    Ok(Some(WorkspaceSymbolResponse::Flat(found)))
}

/// Whether the letters of the query come in this order in the name or type.
fn matches(query: &str, symbol: &Symbol) -> bool {
    let in_order = |text: &str| {
        let mut letters = text.chars().flat_map(char::to_lowercase);
        query.chars().all(|wanted| letters.any(|letter| letter == wanted))
    };
    in_order(&symbol.name.text) || symbol.detail.to_lowercase().contains(query)
}
