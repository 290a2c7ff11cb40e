//! What may stand in `${…}`: names of `Fn::Sub`, sources and addresses of variables.

use super::names;
use super::{Candidate, Request};
use crate::document::{Document, Kind as NodeKind, NodeRef};
use crate::server::uri;
use crate::source::{Span, normalize};
use crate::template::serverless::keys::VARIABLES;
use crate::template::symbols::{Space, Symbols};
use lsp_types::CompletionItemKind as Kind;
use std::collections::BTreeSet;

/// The candidates inside an open `${` whose content begins at `start`.
pub(super) fn candidates(request: &Request<'_>, start: u32, inside: &str) -> (Span, Vec<Candidate>) {
    let end = request.word.span.end.max(request.offset);
    let from = |at: usize| Span { start: start + at as u32, end, ..request.word.span };
    // The last of several sources is the one that is written.
    let begin = inside.rfind(',').map_or(0, |at| at + 1);
    let begin = begin + (inside[begin..].len() - inside[begin..].trim_start().len());
    let source = &inside[begin..];
    if request.is_service() {
        if let Some(address) = source.strip_prefix("self:") {
            let document = request.part.as_ref().map(|part| &part.analysis().document);
            return keys(document, address, from(begin + "self:".len()), start, end);
        }
        if let Some(rest) = source.strip_prefix("file(") {
            return match rest.find(')') {
                Some(close) => {
                    let document = included(request, &rest[..close]);
                    let address = rest[close + 1..].strip_prefix(':').unwrap_or_default();
                    let at = begin + "file(".len() + close + 2;
                    keys(document, address, from(at.min(inside.len())), start, end)
                }
                None => (from(begin + "file(".len()), files(request)),
            };
        }
        for kind in ["param:", "opt:", "env:"] {
            if source.strip_prefix(kind).is_some() {
                return (from(begin + kind.len()), outside(request, kind));
            }
        }
    }
    let (at, mut found) = match source.split_once('.') {
        Some((id, _)) if !source.contains(':') => (begin + id.len() + 1, names::attributes(request, id)),
        _ => (begin, names::references(request)),
    };
    if request.is_service() && at == begin {
        let one = |(name, help): &(&str, &str)| Candidate::new(*name, Kind::MODULE).documentation(*help).rank(0);
        found.extend(VARIABLES.iter().map(one));
    }
    (from(at), found)
}

/// The keys that an address may go on with.
fn keys(document: Option<&Document>, address: &str, whole: Span, start: u32, end: u32) -> (Span, Vec<Candidate>) {
    let (path, last) = address.rsplit_once('.').map_or(("", address), |(path, last)| (path, last));
    let span = Span { start: whole.start + (address.len() - last.len()) as u32, end, ..whole };
    debug_assert!(span.start >= start);
    let real = |node: NodeRef<'_>| node.kind() == NodeKind::Map;
    let root = document.and_then(Document::root);
    let map = path
        .split('.')
        .filter(|step| !step.is_empty())
        .try_fold(root, |node, step| node.map(|node| node.get(step).map(|value| value.target().unwrap_or(value))));
    let Some(map) = map.flatten().filter(|node| real(*node)) else { return (span, Vec::new()) };
    let one = |(key, value): (NodeRef<'_>, NodeRef<'_>)| {
        let detail = if value.kind() == NodeKind::Scalar { value.text().to_owned() } else { String::new() };
        Candidate::new(key.text(), Kind::FIELD).detail(detail).rank(1)
    };
    (span, map.pairs().map(one).collect())
}

fn included<'r>(request: &'r Request<'_>, path: &str) -> Option<&'r Document> {
    let part = request.part.as_ref()?;
    let full = normalize(uri::folder_of(&part.text.path), path.trim())?;
    part.analysis().included.iter().find(|document| document.source().path() == full)
}

/// Files beside the template that can be included.
fn files(request: &Request<'_>) -> Vec<Candidate> {
    let Some(part) = &request.part else { return Vec::new() };
    let folder = uri::folder_of(&part.text.path);
    let siblings = request.snapshot.host.siblings(folder).into_iter().filter(|path| *path != part.text.path);
    siblings.map(|path| Candidate::new(format!("./{}", uri::name_of(&path)), Kind::FILE).rank(1)).collect()
}

/// Names that the template mentions already: parameters of stages, options, environment.
fn outside(request: &Request<'_>, kind: &str) -> Vec<Candidate> {
    let symbols = request.part.as_ref().map(|part| part.checked.symbols());
    let mentions = symbols.into_iter().flat_map(Symbols::mentions).filter(|m| m.name.space == Space::Outside);
    let known: BTreeSet<&str> = mentions.filter_map(|mention| mention.name.text.strip_prefix(kind)).collect();
    let given: &[&str] = if kind == "opt:" { &["stage", "region"] } else { &[] };
    let names: BTreeSet<&str> =
        known.into_iter().chain(given.iter().copied()).filter(|name| !name.is_empty()).collect();
    names.into_iter().map(|name| Candidate::new(name, Kind::VARIABLE).rank(1)).collect()
}
