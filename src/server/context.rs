//! What could be written at the cursor. The text there is half typed and often no YAML yet, so
//! a marker takes the place of the word under the cursor, once as a key and once as a value,
//! and whatever parses says where the cursor stands.

use super::place::{self, Spot, Step};
use crate::document::{Document, Kind, NodeRef};
use crate::source::{FileId, SourceFile, Span};
use std::sync::Arc;

/// A word nobody writes.
const MARKER: &str = "dewlineCursorWord";

/// The word under the cursor.
#[derive(Clone, Debug)]
pub(super) struct Word {
    /// Its bytes; what is accepted takes their place.
    pub span: Span,
    /// The part before the cursor.
    pub before: String,
    /// Whether quotes stand around it.
    pub quoted: bool,
    /// Whether a colon follows.
    pub has_colon: bool,
}

/// One reading of the cursor's place.
pub(super) struct Context {
    /// The text with the marker.
    pub document: Document,
    /// The path; for a key it leads to the map that the key would join.
    pub steps: Vec<Step>,
    /// Whether a key is written.
    pub is_key: bool,
    /// Keys of the map that are there.
    pub siblings: Vec<String>,
    /// The function whose argument the word is, `Ref` or `Fn::GetAtt`, with the number of the
    /// argument in a list and the arguments before it.
    pub function: Option<(String, usize, Vec<String>)>,
    /// Whether it is written in flow style or JSON.
    pub flow: bool,
}

/// The word at an offset.
pub(super) fn word(file: &SourceFile, offset: u32) -> Word {
    let text = file.text();
    let offset = offset as usize;
    let is_word = |c: char| c.is_alphanumeric() || "_-:./*@".contains(c);
    let before = &text[..offset];
    let mut start = before.char_indices().rev().take_while(|(_, c)| is_word(*c)).last().map_or(offset, |(at, _)| at);
    // A dash that begins an item is no part of the word.
    if text[start..].starts_with("- ") || text[start..offset] == *"-" {
        start = offset;
    }
    if text[..start].ends_with('!') {
        start -= 1;
    }
    let end = offset + text[offset..].find(|c: char| !is_word(c) || c == ':').unwrap_or(text.len() - offset);
    let quoted = text[..start].ends_with(['"', '\'']);
    let rest = text[end..].trim_start_matches(['"', '\'']);
    Word {
        span: Span::new(FileId(0), start as u32, end as u32),
        before: text[start..offset].to_owned(),
        quoted,
        has_colon: rest.trim_start_matches(' ').starts_with(':'),
    }
}

/// The readings of the cursor's place, keys first.
pub(super) fn contexts(file: &SourceFile, word: &Word) -> Vec<Context> {
    let text = file.text();
    let (start, end) = (word.span.start as usize, word.span.end as usize);
    let line = text[end..].split('\n').next().unwrap_or_default();
    let alone = line.trim().is_empty();
    let mut found: Vec<Context> = Vec::new();
    let suffixes: &[&str] = if alone && !word.quoted { &[":", ""] } else { &[""] };
    for suffix in suffixes {
        let text = [&text[..start], MARKER, suffix, &text[end..]].concat();
        let marked = Arc::new(SourceFile::new(file.path(), text));
        let document = Document::parse(FileId(0), &marked);
        let Some(context) = context(document, start as u32 + 1, suffix.is_empty()) else { continue };
        if !found.iter().any(|known| known.is_key == context.is_key) {
            found.push(context);
        }
    }
    found
}

fn context(document: Document, offset: u32, bare: bool) -> Option<Context> {
    let Spot { node, mut steps, is_key } = place::spot(&document, offset)?;
    // A word that was taken into a neighbouring text stands nowhere.
    if node.kind() != Kind::Scalar || node.text() != MARKER || !bare && !is_key {
        return None;
    }
    let mut siblings = Vec::new();
    if is_key {
        steps.pop();
        let keys = node.parent()?.pairs().map(|(key, _)| key.text().to_owned());
        siblings = keys.filter(|key| key != MARKER).collect();
    }
    let function = if is_key { None } else { function(node) };
    let flow = is_flow(node);
    Some(Context { document, steps, is_key, siblings, function, flow })
}

fn is_flow(node: NodeRef<'_>) -> bool {
    node.parent().is_some_and(|parent| parent.style() == crate::document::Style::Flow)
}

/// The function whose argument a node is.
fn function(node: NodeRef<'_>) -> Option<(String, usize, Vec<String>)> {
    if let Some(tag) = node.tag().and_then(|tag| tag.strip_prefix('!')) {
        return Some((tag.to_owned(), 0, Vec::new()));
    }
    let parent = node.parent()?;
    if parent.kind() == Kind::Map {
        let (key, _) = parent.pairs().find(|(_, value)| value.id() == node.id())?;
        return short(key.text()).map(|name| (name, 0, Vec::new()));
    }
    let index = parent.children().position(|item| item.id() == node.id())?;
    let before = parent.children().take(index).map(|item| item.text().to_owned()).collect();
    let name = match parent.tag().and_then(|tag| tag.strip_prefix('!')) {
        Some(tag) => tag.to_owned(),
        None => {
            let holder = parent.parent().filter(|holder| holder.kind() == Kind::Map)?;
            let (key, _) = holder.pairs().find(|(_, value)| value.id() == parent.id())?;
            short(key.text())?
        }
    };
    Some((name, index, before))
}

/// The short name of a function's long form.
fn short(key: &str) -> Option<String> {
    match key {
        "Ref" | "Condition" => Some(key.to_owned()),
        key => key.strip_prefix("Fn::").map(str::to_owned),
    }
}

/// What stands between an open `${` on the cursor's line and the cursor, with its offset.
pub(super) fn open_placeholder(file: &SourceFile, offset: u32) -> Option<(u32, &str)> {
    let before = &file.text()[..offset as usize];
    let line = before.rfind('\n').map_or(0, |at| at + 1);
    let mut depth = 0usize;
    let bytes = before.as_bytes();
    let mut at = before.len();
    while at > line {
        at -= 1;
        match bytes[at] {
            b'}' => depth += 1,
            b'{' if at > line && bytes[at - 1] == b'$' => {
                if depth == 0 {
                    return Some((at as u32 + 1, &before[at + 1..]));
                }
                depth -= 1;
            }
            _ => {}
        }
    }
    None
}
