//! Suppressing a finding where it stands, or in the whole file.

use super::Request;
use crate::document::edit::{Edit, Tree};
use crate::document::{Document, Kind, NodeRef};
use crate::finding::Finding;
use crate::source::suppression::Scope;
use lsp_types::{CodeAction, CodeActionKind};

/// What stands for the reason until the author writes it.
const REASON: &str = "TODO: say why";

pub(super) fn actions(request: &Request<'_>, finding: &Finding) -> Vec<CodeAction> {
    let Some(document) = request.part.document() else { return Vec::new() };
    if matches!(finding.policy.as_str(), "unused-suppression" | "malformed-suppression") {
        return Vec::new();
    }
    let is_json = document.source().path().ends_with(".json");
    let (here, file) = if is_json {
        (
            in_metadata(document, resource(request, document, finding), finding),
            in_metadata(document, document.root(), finding),
        )
    } else {
        (Some(above(document, finding)), Some(at_top(document, finding)))
    };
    let action = |title: String, edits: Vec<Edit>| super::action(title, CodeActionKind::QUICKFIX, request.edit(&edits));
    let here = here.map(|edits| action(format!("Suppress `{}` here", finding.policy), edits));
    let file = file.map(|edits| action(format!("Suppress `{}` in this file", finding.policy), edits));
    here.into_iter().chain(file).collect()
}

/// A comment above the line of the finding, or one more name in the comment that is there.
fn above(document: &Document, finding: &Finding) -> Vec<Edit> {
    let source = document.source();
    let line = source.line_of(finding.span.start);
    let start = source.line_starts().get(line as usize).copied().unwrap_or(0);
    let on_line_above = document.suppressions().covered.into_iter().find(|covered| {
        let own = covered.suppression.span;
        covered.suppression.scope == Scope::Node
            && source.line_of(own.start) + 1 == line
            && source.line_text(line - 1).trim_start().starts_with('#')
    });
    if let Some(last) = on_line_above.as_ref().and_then(|covered| covered.suppression.names.last()) {
        let at = last.span.end;
        return vec![Edit { start: at, end: at, text: format!(", {}", finding.policy) }];
    }
    let text = source.line_text(line);
    let indent = &text[..text.len() - text.trim_start().len()];
    let end = if source.text().contains("\r\n") { "\r\n" } else { "\n" };
    let text = format!("{indent}# dewline: ignore[{}] {REASON}{end}", finding.policy);
    vec![Edit { start, end: start, text }]
}

/// A comment at the top of the file.
fn at_top(document: &Document, finding: &Finding) -> Vec<Edit> {
    let source = document.source();
    let end = if source.text().contains("\r\n") { "\r\n" } else { "\n" };
    let start = if source.text().starts_with('\u{feff}') { 3 } else { 0 };
    let text = format!("# dewline: ignore-file[{}] {REASON}{end}", finding.policy);
    vec![Edit { start, end: start, text }]
}

/// The body of the resource a finding is in.
fn resource<'d>(request: &Request<'_>, document: &'d Document, finding: &Finding) -> Option<NodeRef<'d>> {
    let symbol = request.part.checked.symbols().owner(finding.span)?;
    let key = document.node_at(symbol.key.start)?;
    let (_, body) = key.parent()?.pairs().find(|(known, _)| known.id() == key.id())?;
    Some(body)
}

/// JSON has no comments: an entry in `Metadata`.
fn in_metadata(document: &Document, map: Option<NodeRef<'_>>, finding: &Finding) -> Option<Vec<Edit>> {
    let map = map?;
    let entry = Tree::Map(vec![
        ("policy".to_owned(), Tree::Str(finding.policy.clone())),
        ("reason".to_owned(), Tree::Str(REASON.to_owned())),
    ]);
    let list = map.get("Metadata").and_then(|metadata| metadata.get("dewline")?.get("ignore"));
    match list {
        Some(list) if list.kind() == Kind::Seq => document.append(list, &entry),
        Some(_) => None,
        None => document.insert_at(map, &["Metadata", "dewline"], "ignore", &Tree::Seq(vec![entry])),
    }
}
