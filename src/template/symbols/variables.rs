//! `${self:…}`, `${file(…):…}` and `${param:…}`: which key each part of a variable leads to.

use super::links::{Link, LinkKind};
use super::scan::placeholders;
use super::{Mention, Name, Space, Subject, inner, real};
use crate::document::{Document, Kind, NodeRef};
use crate::source::{Span, normalize};

/// Variables that lead to variables.
const MAX_HOPS: usize = 12;

/// A source of a variable, with the offsets of its parts in the raw text.
struct Source<'t> {
    kind: &'t str,
    parameter: Option<(usize, &'t str)>,
    address: Option<(usize, &'t str)>,
}

/// Every mention in variables, and the keys they lead to.
pub(super) fn collect(subject: Subject<'_>, found: &mut Vec<Mention>, links: &mut Vec<Link>) {
    for document in subject.documents {
        let text = document.source().text();
        for part in placeholders(text) {
            for source in sources(text, part.inner_start, part.inner_end) {
                mention(subject, document, &source, found, links);
            }
        }
    }
    let custom = subject.documents.first().and_then(|document| document.root()?.get("custom"));
    if let Some(custom) = custom {
        declare(real(custom), "0#custom", found, 0);
    }
}

/// Keys below `custom` are what variables are made for: they are names even while unused.
fn declare(node: NodeRef<'_>, path: &str, found: &mut Vec<Mention>, depth: usize) {
    if depth > MAX_HOPS {
        return;
    }
    for (key, value) in node.pairs() {
        let path = format!("{path}.{}", key.text());
        found.push(Mention {
            name: Name::new(Space::Key, path.clone()),
            span: inner(key),
            declares: true,
            attribute: None,
        });
        declare(value, &path, found, depth + 1);
    }
}

/// The sources of the variable whose inside is `from..to`, separated by commas.
fn sources(text: &str, from: usize, to: usize) -> Vec<Source<'_>> {
    let bytes = text.as_bytes();
    let mut starts = vec![from];
    let (mut braces, mut brackets, mut quote) = (0, 0, 0u8);
    for (at, byte) in bytes.iter().copied().enumerate().take(to).skip(from) {
        match byte {
            byte if quote != 0 => quote = if byte == quote { 0 } else { quote },
            byte @ (b'"' | b'\'') => quote = byte,
            b'{' => braces += 1,
            b'}' => braces -= 1,
            b'(' => brackets += 1,
            b')' => brackets -= 1,
            b',' if braces == 0 && brackets == 0 => starts.push(at + 1),
            _ => {}
        }
    }
    let ends: Vec<usize> = starts.iter().skip(1).map(|start| start - 1).chain([to]).collect();
    starts.iter().zip(ends).filter_map(|(start, end)| source(text, *start, end)).collect()
}

fn source(text: &str, from: usize, to: usize) -> Option<Source<'_>> {
    let part = text.get(from..to)?;
    let start = from + (part.len() - part.trim_start().len());
    let part = part.trim();
    let length = part.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(part.len());
    let kind = part.get(..length).filter(|kind| !kind.is_empty())?;
    let mut rest = length;
    let mut parameter = None;
    if part[rest..].starts_with('(') {
        let close = part[rest..].find(')').map(|at| rest + at)?;
        let raw = &part[rest + 1..close];
        let inside = raw.trim().trim_matches(['"', '\'']);
        let lead = raw.find(inside).unwrap_or(0);
        parameter = Some((start + rest + 1 + lead, inside));
        rest = close + 1;
    }
    let address = part[rest..].strip_prefix(':').map(|address| (start + rest + 1, address));
    (parameter.is_some() || address.is_some()).then_some(Source { kind, parameter, address })
}

fn mention(
    subject: Subject<'_>,
    document: &Document,
    source: &Source<'_>,
    found: &mut Vec<Mention>,
    links: &mut Vec<Link>,
) {
    let at = |start: usize, text: &str| Span::new(document.file(), start as u32, (start + text.len()) as u32);
    let mut add = |name: Name, span: Span, declares: bool| {
        found.push(Mention { name, span, declares, attribute: None });
    };
    let base = match source.kind {
        "self" => Some(0),
        "file" => {
            let Some((start, path)) = source.parameter.filter(|(_, path)| !path.contains("${")) else { return };
            let Some(full) = full_path(subject, path) else { return };
            let span = at(start, path);
            links.push(Link { span, kind: LinkKind::File, candidates: vec![full.clone()] });
            add(Name::new(Space::File, full.clone()), span, false);
            subject.documents.iter().position(|document| document.source().path() == full)
        }
        "param" => return parameter(subject, document, source, found),
        "opt" | "env" | "sls" => {
            if let Some((start, address)) = source.address.filter(|(_, address)| !address.contains("${")) {
                add(Name::new(Space::Outside, format!("{}:{address}", source.kind)), at(start, address), false);
            }
            return;
        }
        _ => return,
    };
    let (Some(base), Some((start, address))) = (base, source.address) else { return };
    let mut path: Vec<&str> = Vec::new();
    let mut offset = start;
    for part in address.split('.') {
        if part.contains('$') || part.is_empty() {
            break;
        }
        path.push(part);
        let span = at(offset, part);
        offset += part.len() + 1;
        match locate(subject, base, &path, 0) {
            Some(place) => {
                let name = Name::new(Space::Key, place.name());
                add(name.clone(), inner(place.key), true);
                add(name, span, false);
            }
            None => add(Name::new(Space::Key, format!("{base}#{}", path.join("."))), span, false),
        }
    }
}

/// `${param:name}`: the parameter in `params`, of whatever stage has it.
fn parameter(subject: Subject<'_>, document: &Document, source: &Source<'_>, found: &mut Vec<Mention>) {
    let Some((start, name)) = source.address.filter(|(_, name)| !name.contains("${")) else { return };
    let span = Span::new(document.file(), start as u32, (start + name.len()) as u32);
    let text = Name::new(Space::Outside, format!("param:{name}"));
    let root = subject.documents.first().and_then(|document| document.root());
    for (_, stage) in root.and_then(|root| root.get("params")).into_iter().flat_map(|params| real(params).pairs()) {
        for (key, _) in real(stage).pairs().filter(|(key, _)| key.text() == name) {
            found.push(Mention { name: text.clone(), span: inner(key), declares: true, attribute: None });
        }
    }
    found.push(Mention { name: text, span, declares: false, attribute: None });
}

/// A path as variables write it, which is relative to the service's folder.
pub(super) fn full_path(subject: Subject<'_>, path: &str) -> Option<String> {
    let own = subject.documents.first()?.source().path();
    let folder = own.rfind('/').map_or("", |at| &own[..at]);
    normalize(folder, path)
}

/// A key that an address leads to.
struct Place<'a> {
    document: usize,
    path: Vec<String>,
    key: NodeRef<'a>,
    value: NodeRef<'a>,
}

impl Place<'_> {
    fn name(&self) -> String {
        format!("{}#{}", self.document, self.path.join("."))
    }
}

/// The key at `path` of a document, through variables that stand for whole values.
fn locate<'a>(subject: Subject<'a>, document: usize, path: &[&str], hops: usize) -> Option<Place<'a>> {
    let (last, before) = path.split_last()?;
    let (document, mut full, node) = match before {
        [] => (document, Vec::new(), subject.documents.get(document)?.root()?),
        _ => {
            let place = locate(subject, document, before, hops)?;
            (place.document, place.path, place.value)
        }
    };
    let (document, node) = follow(subject, document, node, &mut full, hops)?;
    let (key, value) = node.pairs().find(|(key, _)| key.text() == *last)?;
    full.push((*last).to_owned());
    Some(Place { document, path: full, key, value: real(value) })
}

/// What a value stands for that is one variable and nothing else.
fn follow<'a>(
    subject: Subject<'a>,
    document: usize,
    node: NodeRef<'a>,
    path: &mut Vec<String>,
    hops: usize,
) -> Option<(usize, NodeRef<'a>)> {
    let node = real(node);
    let Some((base, address)) = whole_variable(subject, node).filter(|_| hops < MAX_HOPS) else {
        return Some((document, node));
    };
    if address.is_empty() {
        path.clear();
        return Some((base, subject.documents.get(base)?.root()?));
    }
    let place = locate(subject, base, &address, hops + 1)?;
    path.clone_from(&place.path);
    Some((place.document, place.value))
}

/// The document and address of a scalar that is one `${self:…}` or `${file(…):…}`.
fn whole_variable<'a>(subject: Subject<'a>, node: NodeRef<'a>) -> Option<(usize, Vec<&'a str>)> {
    if node.kind() != Kind::Scalar {
        return None;
    }
    let text = node.text().trim();
    let inside = text.strip_prefix("${")?.strip_suffix('}')?;
    let source = source(inside, 0, inside.len())?;
    let address = source.address.map(|(_, address)| address).unwrap_or_default();
    if address.contains('$') {
        return None;
    }
    let address = address.split([',', ' ']).next().unwrap_or_default();
    let address: Vec<&str> = address.split('.').filter(|part| !part.is_empty()).collect();
    match source.kind {
        "self" => Some((0, address)),
        "file" => {
            let full = full_path(subject, source.parameter?.1)?;
            let base = subject.documents.iter().position(|document| document.source().path() == full)?;
            Some((base, address))
        }
        _ => None,
    }
}

/// The map that a scalar `${file(…)}` stands for.
pub(super) fn included_node<'a>(subject: Subject<'a>, node: NodeRef<'a>) -> Option<NodeRef<'a>> {
    whole_variable(subject, node)?;
    follow(subject, 0, node, &mut Vec::new(), 0).map(|(_, node)| node)
}
