//! Changes to a text that keep its comments, quotes, indentation and line ends.
//!
//! Every function answers the byte-range edits that make one change, or `None` where it
//! cannot be made without touching something else (an anchor that others refer to, an
//! explicit `? key`, a value in broken text).

mod flow;
mod render;

use super::{Document, Kind, NodeRef, Style};
pub(super) use render::Habits;
use render::column;

/// Replaces the bytes `start..end` by `text`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edit {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
    /// What stands there instead.
    pub text: String,
}

impl Edit {
    fn new(start: u32, end: u32, text: impl Into<String>) -> Self {
        Self { start, end: end.max(start), text: text.into() }
    }

    fn insert(at: u32, text: impl Into<String>) -> Self {
        Self::new(at, at, text)
    }
}

/// Data to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tree {
    /// `null`
    Null,
    /// A boolean.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A string.
    Str(String),
    /// A list.
    Seq(Vec<Tree>),
    /// A map in this order.
    Map(Vec<(String, Tree)>),
    /// A text behind a tag, `!Ref Queue`; JSON has no tags.
    Tagged(&'static str, String),
}

impl Tree {
    fn is_scalar(&self) -> bool {
        match self {
            Self::Seq(items) => items.is_empty(),
            Self::Map(entries) => entries.is_empty(),
            _ => true,
        }
    }
}

/// `text` with `edits` made; `None` where they overlap or do not fit.
pub fn apply(text: &str, edits: &[Edit]) -> Option<String> {
    let mut sorted: Vec<&Edit> = edits.iter().collect();
    sorted.sort_by_key(|edit| (edit.start, edit.end));
    let mut out = String::with_capacity(text.len() + 64);
    let mut at = 0;
    for edit in sorted {
        out.push_str(text.get(at..edit.start as usize)?);
        out.push_str(&edit.text);
        at = edit.end as usize;
    }
    out.push_str(text.get(at..)?);
    Some(out)
}

impl Document {
    /// Gives the entry of `key` in `map` the value `tree`. A string keeps the quotes of the
    /// string it replaces.
    pub fn set(&self, map: NodeRef<'_>, key: &str, tree: &Tree) -> Option<Vec<Edit>> {
        let (key, value) = Self::entry(map, key)?;
        self.editable(value)?;
        let habits = *self.habits.get_or_init(|| Habits::of(self));
        let span = value.span();
        let style = match value.style() {
            quoted @ (Style::SingleQuoted | Style::DoubleQuoted) => quoted,
            _ => Style::Plain,
        };
        let flow = map.style() == Style::Flow;
        let text = match tree {
            Tree::Str(text) if flow => habits.flow_text(text, style),
            Tree::Str(text) => render::scalar(text, style, false),
            tree if flow => habits.flow(tree, None),
            tree => habits.block(tree, 0),
        };
        let colon = self.colon(key, value)?;
        if !flow && !tree.is_scalar() {
            let text = habits.behind_key(tree, column(self.text(), key.outer_start()));
            return Some(self.replace_by_block(colon, value, &text));
        }
        if span.start == span.end || value.kind() == Kind::Map && !flow || value.kind() == Kind::Seq && !flow {
            let start = if span.start == span.end { colon } else { self.gap_start(colon, value) };
            let end = if span.start == span.end { colon } else { span.end };
            return Some(vec![Edit::new(start, end, format!(" {text}"))]);
        }
        Some(vec![Edit::new(value.outer_start(), span.end, text)])
    }

    /// Puts `tree` in the place of a scalar, behind its tag if it has one; a string keeps the
    /// quotes of the text it replaces.
    pub fn replace(&self, scalar: NodeRef<'_>, tree: &Tree) -> Option<Vec<Edit>> {
        self.editable(scalar)?;
        let span = scalar.span();
        let inline = matches!(scalar.style(), Style::Plain | Style::SingleQuoted | Style::DoubleQuoted);
        if scalar.kind() != Kind::Scalar || !inline || span.start == span.end {
            return None;
        }
        let habits = *self.habits.get_or_init(|| Habits::of(self));
        let flow = std::iter::successors(scalar.parent(), |node| node.parent()).any(|node| node.style() == Style::Flow);
        let text = match tree {
            Tree::Str(text) if flow => habits.flow_text(text, scalar.style()),
            Tree::Str(text) => render::scalar(text, scalar.style(), false),
            tree if flow => habits.flow(tree, None),
            tree if tree.is_scalar() => habits.block(tree, 0),
            _ => return None,
        };
        Some(vec![Edit::new(span.start, span.end, text)])
    }

    /// Adds `key: tree` to `map`: behind the entry of `after`, else at the end.
    pub fn insert(&self, map: NodeRef<'_>, key: &str, tree: &Tree, after: Option<&str>) -> Option<Vec<Edit>> {
        if map.kind() != Kind::Map || map.get(key).is_some() || self.is_repaired(map.span()) {
            return None;
        }
        let habits = *self.habits.get_or_init(|| Habits::of(self));
        if map.style() == Style::Flow {
            return self.insert_flow(map, Some(key), tree, after, habits);
        }
        let pairs: Vec<_> = map.pairs().collect();
        let place = after.and_then(|after| pairs.iter().position(|(key, _)| key.text() == after));
        let (first, _) = pairs.first()?;
        let (before, last) = pairs.get(place.unwrap_or(pairs.len() - 1))?;
        let indent = self.block_column(*first)?;
        let name = render::scalar(key, Style::Plain, false);
        let entry = format!("{name}:{}", habits.behind_key(tree, indent));
        self.add_line(self.pair_end(*before, *last)?, *last, indent, &entry, habits)
    }

    /// Adds an entry to the map at `path` below `map`, with the maps of the path that are
    /// missing.
    pub fn insert_at(&self, map: NodeRef<'_>, path: &[&str], key: &str, tree: &Tree) -> Option<Vec<Edit>> {
        let nest = |path: &[&str]| {
            let entry = Tree::Map(vec![(key.to_owned(), tree.clone())]);
            path.iter().rev().fold(entry, |inner, name| Tree::Map(vec![((*name).to_owned(), inner)]))
        };
        let Some((first, rest)) = path.split_first() else { return self.insert(map, key, tree, None) };
        match map.get(first) {
            None => self.insert(map, first, &nest(rest), None),
            Some(value) if value.kind() == Kind::Map => self.insert_at(value, rest, key, tree),
            Some(value) if is_null(value) => self.set(map, first, &nest(rest)),
            Some(_) => None,
        }
    }

    /// Appends an item to `seq`.
    pub fn append(&self, seq: NodeRef<'_>, tree: &Tree) -> Option<Vec<Edit>> {
        if seq.kind() != Kind::Seq || self.is_repaired(seq.span()) {
            return None;
        }
        let habits = *self.habits.get_or_init(|| Habits::of(self));
        if seq.style() == Style::Flow {
            return self.insert_flow(seq, None, tree, None, habits);
        }
        let last = seq.children().next_back()?;
        let indent = column(self.text(), seq.span().start);
        let item = format!("- {}", habits.block(tree, indent + 2));
        self.add_line(last.span().end, last, indent, &item, habits)
    }

    /// Removes the entry of `key` from `map`.
    pub fn remove(&self, map: NodeRef<'_>, key: &str) -> Option<Vec<Edit>> {
        if self.is_repaired(map.span()) {
            return None;
        }
        let pairs: Vec<_> = map.pairs().collect();
        let index = pairs.iter().position(|(name, _)| name.text() == key)?;
        let (key, value) = *pairs.get(index)?;
        self.unreferenced(value)?;
        let start = key.outer_start();
        let end = self.pair_end(key, value)?;
        let next = pairs.get(index + 1).map(|(key, _)| key.outer_start());
        if map.style() == Style::Flow {
            if !self.text().get(map.span().range())?.starts_with('{') {
                // A single pair that stands in a list without braces.
                return Some(vec![Edit::new(start, end, "{}")]);
            }
            let before = index.checked_sub(1).and_then(|index| pairs.get(index));
            let before = before.map(|(key, value)| self.pair_end(*key, *value));
            return self.remove_flow(start, end, before.flatten(), next);
        }
        self.block_column(key)?;
        self.remove_lines(map, start, end, next, pairs.len(), "{}")
    }

    /// Removes item `index` from `seq`.
    pub fn remove_item(&self, seq: NodeRef<'_>, index: usize) -> Option<Vec<Edit>> {
        let items: Vec<_> = seq.children().collect();
        let item = *items.get(index)?;
        self.unreferenced(item)?;
        let before = index.checked_sub(1).and_then(|index| items.get(index));
        if seq.kind() != Kind::Seq || self.is_repaired(seq.span()) {
            return None;
        }
        if seq.style() == Style::Flow {
            let next = items.get(index + 1).map(|next| next.outer_start());
            return self.remove_flow(item.outer_start(), item.span().end, before.map(|node| node.span().end), next);
        }
        let start = self.dash(before.map_or(seq.span().start, |node| node.span().end), item)?;
        let next = items.get(index + 1);
        let next = next.map(|next| self.dash(item.span().end, *next));
        if next == Some(None) {
            return None;
        }
        self.remove_lines(seq, start, item.span().end.max(start + 1), next.flatten(), items.len(), "[]")
    }

    /// Renames the key `key` of `map`, keeping its quotes.
    pub fn rename(&self, map: NodeRef<'_>, key: &str, name: &str) -> Option<Vec<Edit>> {
        let (key, _) = Self::entry(map, key)?;
        if key.anchor().is_some() || map.get(name).is_some() || self.is_repaired(key.span()) {
            return None;
        }
        let habits = *self.habits.get_or_init(|| Habits::of(self));
        let text = match map.style() {
            Style::Flow => habits.flow_text(name, key.style()),
            _ => render::scalar(name, key.style(), false),
        };
        Some(vec![Edit::new(key.span().start, key.span().end, text)])
    }

    fn text(&self) -> &str {
        self.source().text()
    }

    fn entry<'d>(map: NodeRef<'d>, key: &str) -> Option<(NodeRef<'d>, NodeRef<'d>)> {
        map.pairs().find(|(name, _)| name.text() == key && name.kind() == Kind::Scalar)
    }

    /// Whether the value can be replaced without changing what refers to it.
    fn editable(&self, value: NodeRef<'_>) -> Option<()> {
        self.unreferenced(value)?;
        let broken = value.kind() == Kind::Missing || self.is_repaired(value.span());
        (!broken).then_some(())
    }

    /// Nothing inside the value carries an anchor.
    fn unreferenced(&self, value: NodeRef<'_>) -> Option<()> {
        let span = value.span();
        let anchored = |(node, _): &(u32, Box<str>)| {
            let inner = self.node(*node).span();
            span.start <= inner.start && inner.end <= span.end
        };
        (!self.anchors.iter().any(anchored)).then_some(())
    }

    /// The offset behind the colon of an entry.
    fn colon(&self, key: NodeRef<'_>, value: NodeRef<'_>) -> Option<u32> {
        let rest = self.text().get(key.span().end as usize..)?;
        let at = rest.find(|c: char| !c.is_whitespace()).filter(|at| rest[*at..].starts_with(':'))?;
        let colon = key.span().end + at as u32 + 1;
        (value.span().start == value.span().end || colon <= value.span().start).then_some(colon)
    }

    /// Where an entry ends; behind its colon when it has no value.
    fn pair_end(&self, key: NodeRef<'_>, value: NodeRef<'_>) -> Option<u32> {
        match value.span() {
            span if span.start == span.end => self.colon(key, value).or(Some(span.end.max(key.span().end))),
            span => Some(span.end),
        }
    }

    /// Where the text between a colon and a collection can be cut: behind comments it keeps.
    fn gap_start(&self, colon: u32, value: NodeRef<'_>) -> u32 {
        let gap = self.text().get(colon as usize..value.outer_start() as usize).unwrap_or_default();
        if gap.trim().is_empty() { colon } else { value.outer_start() }
    }

    /// Replaces a value by lines below its key; a comment on the key's line stays there.
    fn replace_by_block(&self, colon: u32, value: NodeRef<'_>, text: &str) -> Vec<Edit> {
        let span = value.span();
        if span.start == span.end {
            return vec![Edit::insert(self.line_end(colon), text)];
        }
        let start = self.gap_start(colon, value);
        if matches!(value.kind(), Kind::Map | Kind::Seq) || value.style() == Style::Literal {
            return vec![Edit::new(start, span.end, text)];
        }
        vec![Edit::new(start, span.end, ""), Edit::insert(self.line_end(span.end), text)]
    }

    /// The end of the line that holds `at`, without its break.
    fn line_end(&self, at: u32) -> u32 {
        let rest = self.text().get(at as usize..).unwrap_or_default();
        let length = rest.find('\n').unwrap_or(rest.len());
        at + rest[..length].trim_end_matches('\r').len() as u32
    }

    /// The start of the line that holds `at`.
    fn line_start(&self, at: u32) -> u32 {
        let before = self.text().get(..at as usize).unwrap_or_default();
        before.rfind('\n').map_or(if before.starts_with('\u{feff}') { 3 } else { 0 }, |at| at as u32 + 1)
    }

    /// The column of a block map whose first key is `key`; `None` for an explicit key.
    fn block_column(&self, key: NodeRef<'_>) -> Option<usize> {
        let start = key.outer_start();
        let before = self.text().get(self.line_start(start) as usize..start as usize)?;
        let explicit = before.trim_start_matches([' ', '-']).starts_with('?');
        (!explicit).then(|| column(self.text(), start))
    }

    /// A new line of a block collection behind the line that holds `end`, where `last` ends.
    fn add_line(&self, end: u32, last: NodeRef<'_>, indent: usize, entry: &str, habits: Habits) -> Option<Vec<Edit>> {
        let mut at = self.line_end(end);
        let mut leaf = last;
        while let Some(child) = leaf.children().next_back() {
            leaf = child;
        }
        if matches!(leaf.style(), Style::Literal | Style::Folded) {
            let header = self.text().get(leaf.span().start as usize..self.line_end(leaf.span().start) as usize)?;
            let keeps = header.split('#').next().is_some_and(|header| header.contains('+'));
            // What follows a text that keeps its trailing breaks, or ends with the file, would change it.
            if keeps || at as usize == self.text().len() && !header.contains('-') {
                return None;
            }
        }
        if self.text().get(end as usize..at as usize)?.trim_start_matches([' ', '\t', ',']).starts_with(['}', ']']) {
            return None;
        }
        if self.text().get(at as usize..)?.starts_with('\r') && habits.line_break == "\n" {
            at = self.line_end(end);
        }
        Some(vec![Edit::insert(at, habits.line(indent) + entry)])
    }

    /// The `-` of an item that stands behind `from`.
    fn dash(&self, from: u32, item: NodeRef<'_>) -> Option<u32> {
        let start = item.outer_start().max(from);
        let between = self.text().get(from as usize..start as usize + 1)?;
        let mut offset = 0;
        for line in between.split_inclusive('\n') {
            let text = line.split(" #").next().unwrap_or_default().trim_start();
            if text.starts_with('-') {
                return Some(from + (offset + line.len() - line.trim_start().len()) as u32);
            }
            offset += line.len();
        }
        None
    }

    /// Removes what stands at `start..end` of a block collection of `count` entries.
    fn remove_lines(
        &self,
        collection: NodeRef<'_>,
        start: u32,
        end: u32,
        next: Option<u32>,
        count: usize,
        empty: &str,
    ) -> Option<Vec<Edit>> {
        let line = self.line_start(start);
        let prefix = self.text().get(line as usize..start as usize)?;
        let blank = prefix.trim().is_empty();
        if count == 1 {
            if collection.anchor().is_some() {
                return None;
            }
            if !blank || collection.parent().is_none() {
                return Some(vec![Edit::new(start, end, empty)]);
            }
            let before = self.text().get(..start as usize)?;
            let above = before.trim_end();
            let comment = self.comments().any(|comment| comment.end as usize >= above.len() && comment.start < start);
            let tagged = collection.tag_span();
            let own = tagged.map_or(above.len() as u32, |tag| tag.end);
            if comment || above.len() as u32 != own && tagged.is_some() {
                // Behind a comment it must stand deeper than the key, which a list need not.
                return Some(vec![Edit::new(start, end, format!("  {empty}"))]);
            }
            return Some(vec![Edit::new(own, end, format!(" {empty}"))]);
        }
        if !blank {
            // The first entry behind a dash: the next one takes its place.
            let next = next?;
            let between = self.text().get(end as usize..next as usize)?;
            let end = if between.trim().is_empty() { next } else { end };
            return Some(vec![Edit::new(start, end, "")]);
        }
        let rest = self.text().get(end as usize..)?;
        let stop = rest.find('\n').map_or(self.text().len(), |at| end as usize + at + 1) as u32;
        Some(vec![Edit::new(line, stop, "")])
    }
}

fn is_null(value: NodeRef<'_>) -> bool {
    value.kind() == Kind::Scalar
        && value.style() == Style::Plain
        && value.tag().is_none()
        && matches!(value.text(), "" | "~" | "null" | "Null" | "NULL")
}
