//! What a template declares.

use super::{Name, Space, Subject, Symbol, inner, real};
use crate::document::{Document, Kind, NodeRef};
use crate::source::Span;
use crate::template::Dialect;
use crate::template::value::Map;

const SECTIONS: [(&str, Space); 5] = [
    ("Parameters", Space::Parameter),
    ("Mappings", Space::Mapping),
    ("Conditions", Space::Condition),
    ("Resources", Space::Resource),
    ("Outputs", Space::Output),
];

/// Every declaration, by place.
pub(super) fn collect(subject: Subject<'_>, found: &mut Vec<Symbol>) {
    for root in templates(subject) {
        for (section, space) in SECTIONS {
            let Some(map) = root.get(section).map(real) else { continue };
            for (key, value) in map.pairs() {
                add(found, space, key, value);
            }
        }
    }
    if subject.dialect == Dialect::Serverless {
        functions(subject, found);
    }
    included(subject, found);
    found.sort_by_key(|symbol| (symbol.key, symbol.name.clone()));
    found.dedup_by(|a, b| a.key == b.key && a.name == b.name);
}

/// The nodes that hold CloudFormation sections.
pub(super) fn templates(subject: Subject<'_>) -> Vec<NodeRef<'_>> {
    let Some(root) = subject.documents.first().and_then(|document| document.root()) else { return Vec::new() };
    if subject.dialect != Dialect::Serverless {
        return vec![root];
    }
    let Some(resources) = root.get("resources").map(real) else { return Vec::new() };
    match resources.kind() {
        Kind::Seq => resources.children().map(real).collect(),
        _ => vec![resources],
    }
}

fn add(found: &mut Vec<Symbol>, space: Space, key: NodeRef<'_>, value: NodeRef<'_>) {
    let name = key.text();
    if key.kind() != Kind::Scalar || name.is_empty() || name.starts_with("Fn::") || name == "<<" {
        return;
    }
    let body = Span { end: value.span().end.max(key.span().end), start: key.outer_start(), ..key.span() };
    let value = real(value);
    let detail = match space {
        Space::Resource | Space::Parameter => value.get("Type").map(NodeRef::text).unwrap_or_default().to_owned(),
        Space::Output => value.get("Description").map(NodeRef::text).unwrap_or_default().to_owned(),
        Space::Function => value.get("handler").map(NodeRef::text).unwrap_or_default().to_owned(),
        _ => String::new(),
    };
    found.push(Symbol { name: Name::new(space, name), key: inner(key), body, detail });
    if space == Space::Mapping {
        for (first, row) in value.pairs() {
            let row = real(row);
            let whole = Span { end: row.span().end.max(first.span().end), ..first.span() };
            let text = format!("{name}.{}", first.text());
            for (second, value) in row.pairs() {
                let body = Span { end: value.span().end.max(second.span().end), ..second.span() };
                let name = Name::new(Space::MappingKey, format!("{text}.{}", second.text()));
                found.push(Symbol { name, key: inner(second), body, detail: real(value).text().to_owned() });
            }
            let name = Name::new(Space::MappingKey, text);
            found.push(Symbol { name, key: inner(first), body: whole, detail: String::new() });
        }
    }
}

/// The functions of a service, in its own file or in files of nothing but functions.
fn functions(subject: Subject<'_>, found: &mut Vec<Symbol>) {
    let Some(root) = subject.documents.first().and_then(|document| document.root()) else { return };
    let Some(functions) = root.get("functions").map(real) else { return };
    let mut maps = vec![functions];
    if functions.kind() == Kind::Seq {
        maps = functions.children().map(real).collect();
    }
    for map in maps {
        let included = super::variables::included_node(subject, map);
        for (key, value) in included.unwrap_or(map).pairs() {
            add(found, Space::Function, key, value);
        }
    }
}

/// Declarations in included files: the expanded template knows where their keys are written.
fn included(subject: Subject<'_>, found: &mut Vec<Symbol>) {
    for (section, space) in SECTIONS {
        for entry in subject.template.section(section).into_iter().flat_map(Map::iter) {
            let span = entry.key_origin.span();
            if span.file.0 == 0 || entry.key_origin.is_generated() {
                continue;
            }
            let Some(document) = subject.documents.iter().find(|document| document.file() == span.file) else {
                continue;
            };
            let Some((key, value)) = pair_at(document, span) else { continue };
            if key.text() == entry.key {
                add(found, space, key, value);
            }
        }
    }
}

/// The pair whose key is written at `span`.
fn pair_at(document: &Document, span: Span) -> Option<(NodeRef<'_>, NodeRef<'_>)> {
    let key = document.node_at(span.start)?;
    let map = if key.kind() == Kind::Map { key } else { key.parent()? };
    map.pairs().find(|(key, _)| key.span() == span)
}
