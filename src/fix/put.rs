//! Values where the author writes them.

use super::data::Forms;
use crate::document::edit::{Edit, Tree};
use crate::document::{Document, Kind as NodeKind, NodeRef, Style};
use crate::source::Span;
use crate::template::authored::{Spot, is_map};
use crate::template::value::{Kind, Value};
use serde_json::Value as Json;

/// Whether no alias shares `node`.
pub(super) fn is_own(node: NodeRef<'_>) -> bool {
    std::iter::successors(Some(node), |node| node.parent()).all(|node| node.anchor().is_none())
}

/// How a scalar of the model is written when it is written plainly.
pub(super) fn text_of(value: &Value) -> String {
    match &value.kind {
        Kind::Str(text) => text.to_string(),
        Kind::Int(number) => number.to_string(),
        Kind::Bool(value) => value.to_string(),
        _ => String::new(),
    }
}

/// Puts a scalar in the place of `old`, which is written as it is meant: no function, no
/// variable, no other unit.
pub(super) fn replace(document: &Document, node: NodeRef<'_>, value: &Json, old: &str) -> Option<Vec<Edit>> {
    if node.kind() != NodeKind::Scalar || node.text().contains("${") || node.text() != old {
        return None;
    }
    scalar(document, node, value)
}

fn scalar(document: &Document, node: NodeRef<'_>, value: &Json) -> Option<Vec<Edit>> {
    if node.text().contains("${") || node.tag().is_some() {
        return None;
    }
    let quoted = matches!(node.style(), Style::SingleQuoted | Style::DoubleQuoted);
    let tree = match value {
        Json::String(text) => Tree::Str(text.clone()),
        Json::Number(number) if quoted => Tree::Str(number.to_string()),
        Json::Bool(value) if quoted => Tree::Str(value.to_string()),
        Json::Number(number) => Tree::Int(number.as_i64()?),
        Json::Bool(value) => Tree::Bool(*value),
        _ => return None,
    };
    document.replace(node, &tree)
}

/// Puts data in the place of a scalar or function.
pub(super) fn rewrite(document: &Document, node: NodeRef<'_>, tree: &Tree) -> Option<Vec<Edit>> {
    let refers = match node.tag() {
        Some(tag) => matches!(tag, "!Ref" | "!GetAtt"),
        None if node.kind() == NodeKind::Map => node.get("Ref").or_else(|| node.get("Fn::GetAtt")).is_some(),
        None => node.kind() == NodeKind::Scalar && !node.text().contains("${"),
    };
    if !is_own(node) || !refers {
        return None;
    }
    if node.kind() == NodeKind::Scalar && node.tag().is_none() && matches!(tree, Tree::Str(_) | Tree::Tagged(..)) {
        return document.replace(node, tree);
    }
    let (key, value) = node.entry().filter(|(_, value)| value.id() == node.id())?;
    if node.kind() == NodeKind::Scalar && node.tag().is_some() && matches!(tree, Tree::Str(_) | Tree::Tagged(..)) {
        return document.set(node.parent()?, key.text(), tree);
    }
    (value.kind() == NodeKind::Map).then(|| document.set(node.parent()?, key.text(), tree))?
}

/// Writes a word otherwise that stands in the text as it is meant, perhaps between quotes.
pub(super) fn respell(document: &Document, span: Span, old: &str, new: &str) -> Option<Vec<Edit>> {
    let text = document.source().text().get(span.range())?;
    let plain = |word: &str| {
        !word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, ':' | '.' | '_' | '-' | '/'))
    };
    let quotes = match text.chars().next()? {
        quote @ ('\'' | '"') => text.strip_prefix(quote)?.strip_suffix(quote).map(|inner| (inner, 1))?,
        _ => (text, 0),
    };
    let (written, offset) = quotes;
    if written != old || !plain(new) || new.ends_with(':') {
        return None;
    }
    let (start, end) = (span.start + offset, span.end - offset);
    Some(vec![Edit { start, end, text: new.to_owned() }])
}

/// Puts the text of `node` under a function.
pub(super) fn wrap(document: &Document, node: NodeRef<'_>, tree: &Tree) -> Option<Vec<Edit>> {
    if node.kind() != NodeKind::Scalar || node.tag().is_some() || !is_own(node) {
        return None;
    }
    let inline = matches!(node.style(), Style::Plain | Style::SingleQuoted | Style::DoubleQuoted);
    if !inline {
        return None;
    }
    if let Some(edits) = document.replace(node, tree) {
        return Some(edits);
    }
    let (key, _) = node.entry().filter(|(_, value)| value.id() == node.id())?;
    document.set(node.parent()?, key.text(), tree)
}

/// Puts a text in the place of the function whose argument `node` is.
pub(super) fn unwrap(document: &Document, node: NodeRef<'_>, text: &str) -> Option<Vec<Edit>> {
    if node.kind() != NodeKind::Scalar || !is_own(node) {
        return None;
    }
    // Text over several lines keeps its form: only the tag goes.
    if let (Some("!Sub"), Some(tag)) = (node.tag(), node.tag_span())
        && node.style() != Style::Plain
        && node.text() == text
    {
        let written = document.source().text();
        let spaces = written.get(tag.end as usize..)?.chars().take_while(|c| *c == ' ').count() as u32;
        return Some(vec![Edit { start: tag.start, end: tag.end + spaces, text: String::new() }]);
    }
    let function = if node.tag().is_some() { node } else { node.parent()? };
    let whole = node.tag().is_some() || function.pairs().count() == 1;
    let (key, value) = function.entry().filter(|_| whole)?;
    let inline = matches!(node.style(), Style::Plain | Style::SingleQuoted | Style::DoubleQuoted);
    (inline && value.id() == function.id())
        .then(|| document.set(function.parent()?, key.text(), &Tree::Str(text.to_owned())))?
}

/// Removes the entry or item that `node` is or belongs to.
pub(super) fn remove(document: &Document, node: NodeRef<'_>) -> Option<Vec<Edit>> {
    if !is_own(node) {
        return None;
    }
    let parent = node.parent()?;
    // What would be left empty goes as a whole: a list, a section of the template.
    let is_section = parent.parent().is_some_and(|root| root.parent().is_none());
    let only = match parent.kind() {
        NodeKind::Seq => parent.children().len() == 1,
        _ => parent.pairs().count() == 1 && is_section,
    };
    if only && parent.entry().is_some() {
        let (key, _) = parent.entry()?;
        return document.remove(parent.parent()?, key.text());
    }
    match node.entry() {
        Some((key, _)) => document.remove(parent, key.text()),
        None => {
            let index = parent.children().position(|item| item.id() == node.id())?;
            document.remove_item(parent, index)
        }
    }
}

/// Puts the value of a spot below its map: in the place of a scalar, or as a new entry with the
/// maps that are missing on the way.
pub(super) fn put(spot: &Spot<'_>, forms: Forms) -> Option<Vec<Edit>> {
    let Spot { document, map, path, value, after, short_for } = spot;
    let mut at = *map;
    for (index, key) in path.iter().enumerate() {
        if !is_map(at) || !is_own(at) {
            return None;
        }
        let last = index + 1 == path.len();
        let nested = || {
            path.get(index + 1..)
                .unwrap_or_default()
                .iter()
                .rev()
                .fold(value.clone(), |inner, key| serde_json::json!({ key: inner }))
        };
        let Some(next) = at.get(key) else {
            let after = after.filter(|_| index == 0);
            return document.insert(at, key, &forms.tree(&nested())?, after);
        };
        let empty = next.kind() == NodeKind::Scalar && next.text().is_empty() && next.style() == Style::Plain
            || matches!(next.kind(), NodeKind::Map | NodeKind::Seq)
                && next.children().len() == 0
                && next.tag().is_none();
        if empty {
            return document.set(at, key, &forms.tree(&nested())?);
        }
        if last {
            let plain = !value.is_object() && !value.is_array();
            return if plain { scalar(spot.document, next, value) } else { lengthen(at, next, key, spot, forms) };
        }
        if next.kind() == NodeKind::Scalar && next.tag().is_none() {
            let key_of_text = (*short_for)?;
            let mut long = serde_json::Map::new();
            long.insert(key_of_text.to_owned(), next.text().into());
            long.extend(nested().as_object()?.clone());
            return document.set(at, key, &forms.tree(&Json::Object(long))?);
        }
        at = next;
    }
    None
}

/// A map in the place of a boolean that stood for it, or a list in the place of one of as many
/// scalars.
fn lengthen(map: NodeRef<'_>, next: NodeRef<'_>, key: &str, spot: &Spot<'_>, forms: Forms) -> Option<Vec<Edit>> {
    if next.kind() == NodeKind::Scalar && next.text() == "true" && spot.value.is_object() {
        return spot.document.set(map, key, &forms.tree(&spot.value)?);
    }
    let items = spot.value.as_array().filter(|items| items.len() == next.children().len())?;
    if next.kind() != NodeKind::Seq || next.tag().is_some() || !is_own(next) {
        return None;
    }
    let pairs = next.children().zip(items).filter(|(node, item)| item.as_str() != Some(node.text()));
    let edits: Option<Vec<Vec<Edit>>> = pairs.map(|(node, item)| scalar(spot.document, node, item)).collect();
    edits.map(|edits| edits.concat())
}
