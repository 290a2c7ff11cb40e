//! Intrinsic functions between their short and their long form.

use super::Request;
use crate::document::edit::Edit;
use crate::document::{Document, Kind, NodeRef, Style};
use crate::template::intrinsic::is_function;
use lsp_types::{CodeAction, CodeActionKind};

/// Functions that have both forms.
const FUNCTIONS: [&str; 18] = [
    "Ref",
    "GetAtt",
    "Sub",
    "If",
    "Join",
    "Select",
    "Split",
    "FindInMap",
    "ImportValue",
    "Base64",
    "Cidr",
    "GetAZs",
    "Equals",
    "And",
    "Or",
    "Not",
    "Length",
    "ToJsonString",
];

pub(super) fn actions(request: &Request<'_>) -> Vec<CodeAction> {
    let Some(document) = request.part.document() else { return Vec::new() };
    if document.source().path().ends_with(".json") {
        return Vec::new();
    }
    let mut at = document.node_at(request.span.start);
    // The innermost function around the cursor.
    while let Some(node) = at {
        let made = to_long(document, node).or_else(|| to_short(document, node));
        if let Some((title, edit)) = made {
            return vec![super::action(title, CodeActionKind::REFACTOR_REWRITE, request.edit(&[edit]))];
        }
        at = node.parent();
    }
    Vec::new()
}

fn long_name(name: &str) -> String {
    if name == "Ref" { name.to_owned() } else { format!("Fn::{name}") }
}

/// The text of a node that stands on one line.
fn one_line<'d>(document: &'d Document, node: NodeRef<'_>) -> Option<&'d str> {
    let text = document.source().text().get(node.outer_start() as usize..node.span().end as usize)?;
    (!text.contains('\n')).then_some(text)
}

fn to_long(document: &Document, node: NodeRef<'_>) -> Option<(String, Edit)> {
    let name = node.tag()?.strip_prefix('!').filter(|name| FUNCTIONS.contains(name))?;
    one_line(document, node)?;
    let long = long_name(name);
    let raw = document.source().text().get(node.span().range())?;
    let argument = match (name, node.kind(), node.style()) {
        ("GetAtt", Kind::Scalar, _) => {
            let (id, attribute) = node.text().split_once('.')?;
            format!("[{id}, {attribute}]")
        }
        (_, Kind::Scalar, Style::Plain) if raw.contains(['{', '}', '[', ']', ',', '#', ':']) => {
            format!("\"{}\"", node.text().replace('\\', "\\\\").replace('"', "\\\""))
        }
        (_, Kind::Scalar, Style::Plain | Style::SingleQuoted | Style::DoubleQuoted)
        | (_, Kind::Map | Kind::Seq, Style::Flow) => raw.to_owned(),
        _ => return None,
    };
    let text = format!("{{{long}: {argument}}}");
    let edit = Edit { start: node.outer_start(), end: node.span().end, text };
    Some((format!("Write `!{name}` in its long form"), edit))
}

fn to_short(document: &Document, node: NodeRef<'_>) -> Option<(String, Edit)> {
    let mut pairs = node.pairs();
    let (key, value) = pairs.next()?;
    let name = key.text().strip_prefix("Fn::").unwrap_or(key.text());
    if pairs.next().is_some() || !is_function(key.text()) || !FUNCTIONS.contains(&name) || value.tag().is_some() {
        return None;
    }
    // A tag directly behind a tag is no YAML that CloudFormation reads.
    let parent = node.parent()?;
    if parent.kind() == Kind::Map
        && parent.pairs().count() == 1
        && parent.pairs().any(|(key, _)| is_function(key.text()))
    {
        return None;
    }
    let argument = match (name, value.kind(), value.style()) {
        ("GetAtt", Kind::Seq, _) => {
            let items: Vec<NodeRef<'_>> = value.children().collect();
            let [id, attribute] = items.as_slice() else { return None };
            if [id, attribute].iter().any(|item| item.kind() != Kind::Scalar || item.tag().is_some()) {
                return None;
            }
            format!("{}.{}", id.text(), attribute.text())
        }
        (_, Kind::Scalar, Style::Plain | Style::SingleQuoted | Style::DoubleQuoted)
        | (_, Kind::Map | Kind::Seq, Style::Flow) => one_line(document, value)?.to_owned(),
        _ => return None,
    };
    let text = format!("!{name} {argument}");
    let span = node.span();
    let title = format!("Write `{}` in its short form", key.text());
    if node.style() == Style::Flow || parent.kind() == Kind::Seq {
        return Some((title, Edit { start: span.start, end: span.end, text }));
    }
    // A block map below its key moves up behind the colon.
    let before = document.source().text().get(..span.start as usize)?;
    let gap = before.len() - before.trim_end().len();
    let start = span.start - gap as u32;
    before.trim_end().ends_with(':').then(|| (title, Edit { start, end: span.end, text: format!(" {text}") }))
}
