//! Parser events to the arena. With [`super::fault`] the one place that knows the parser.

use super::fault::{Failure, Fault};
use super::node::{Document, Kind, Node, NodeId, Style};
use super::shift::Shift;
use crate::source::{FileId, SourceFile};
use granit_parser::{Event, Parser, ScalarStyle, ScanError, StrInput, StructureStyle};
use std::collections::HashMap;
use std::sync::Arc;

fn parser(text: &str) -> Parser<'_, StrInput<'_>> {
    let options = granit_parser::options! {
        emit_comments: true,
        emit_anchor_events: true,
        emit_unresolved_aliases: true,
        block_scalar_eof_without_line_feed: true,
        max_buffered_comment_events: 100_000
    };
    Parser::new_from_str_with_options(text, options)
}

fn failure(error: &ScanError) -> Failure {
    Failure { fault: Fault::of(error.kind()), at: error.marker().byte_offset().unwrap_or(0) }
}

/// How far `text` can be read without making a tree: the offset of the first error (`None`
/// when there is none before `limit`), and how many events came before it.
pub(super) fn probe(text: &str, limit: usize) -> (Option<usize>, usize) {
    let mut parser = parser(text);
    let mut count = 0;
    while let Some(next) = parser.next_event() {
        match next {
            Ok((_, span)) if span.start.byte_offset().unwrap_or(0) > limit => break,
            Ok(_) => count += 1,
            Err(error) => return (Some(failure(&error).at), count),
        }
    }
    (None, count)
}

/// Parses `text`, which is `source`'s text or a repaired copy whose offsets `shift` leads back to
/// the file.
pub(super) fn parse_text(
    file: FileId,
    source: &Arc<SourceFile>,
    text: &str,
    shift: &Shift,
) -> (Document, Option<Failure>) {
    let mut builder = Builder::new(file, source, text, shift);
    let mut parser = parser(text);
    let mut stopped = None;
    while let Some(next) = parser.next_event() {
        match next {
            Ok((event, span)) => builder.event(event, span),
            Err(error) => {
                stopped = Some(failure(&error));
                break;
            }
        }
    }
    (builder.finish(), stopped)
}

struct Open {
    id: NodeId,
    base: usize,
}

struct Builder<'t> {
    document: Document,
    text: &'t str,
    shift: &'t Shift,
    tags: HashMap<String, u16>,
    open: Vec<Open>,
    /// Children of the open collections, one run behind the other.
    pending: Vec<NodeId>,
    anchors: HashMap<usize, NodeId>,
    last_end: u32,
}

impl<'t> Builder<'t> {
    fn new(file: FileId, source: &Arc<SourceFile>, text: &'t str, shift: &'t Shift) -> Self {
        let document = Document {
            file,
            source: Arc::clone(source),
            nodes: Vec::with_capacity(text.len() / 12),
            children: Vec::with_capacity(text.len() / 12),
            text: String::new(),
            roots: Vec::new(),
            tags: vec!["".into()],
            tag_spans: Vec::new(),
            anchors: Vec::new(),
            comments: Vec::new(),
            duplicate_keys: Vec::new(),
            errors: Vec::new(),
            repaired: Vec::new(),
            broken: Vec::new(),
            habits: std::sync::OnceLock::new(),
        };
        Self {
            document,
            text,
            shift,
            tags: HashMap::new(),
            open: Vec::new(),
            pending: Vec::new(),
            anchors: HashMap::new(),
            last_end: 0,
        }
    }

    fn event(&mut self, event: Event<'t>, span: granit_parser::Span) {
        // A repaired text may be longer than the file: brackets closed at its end.
        let length = self.shift.length(self.document.source.text().len());
        let start = span.start.byte_offset().unwrap_or(0).min(length) as u32;
        let end = span.end.byte_offset().unwrap_or(0).min(length) as u32;
        let tag = event.tag().map_or(0, |tag| self.tag(&tag.original(), &span));
        match event {
            Event::Scalar(value, style, anchor, _) => {
                self.scalar(&value, style, tag, start, end);
                self.anchor(anchor);
            }
            Event::MappingStart(style, anchor, _) => {
                self.open(Kind::Map, style, tag, start);
                self.anchor(anchor);
            }
            Event::SequenceStart(style, anchor, _) => {
                self.open(Kind::Seq, style, tag, start);
                self.anchor(anchor);
            }
            Event::MappingEnd | Event::SequenceEnd => {
                if let Some(open) = self.open.pop() {
                    let flow = self.document.nodes[open.id as usize].style == Style::Flow;
                    let end = if flow { end } else { self.last_end };
                    self.last_end = self.last_end.max(end);
                    self.close(&open, end);
                }
            }
            Event::Alias(target) => {
                let target = self.anchors.get(&target).copied().unwrap_or(u32::MAX);
                self.alias(target, start, end);
            }
            Event::UnresolvedAlias(_) => self.alias(u32::MAX, start, end),
            Event::Anchor(anchor, name) => {
                if let Some(node) = self.anchors.get(&anchor) {
                    self.document.anchors.push((*node, (*name).into()));
                }
            }
            Event::Comment(..) => self.document.comments.push((start, end)),
            _ => {}
        }
    }

    /// Notes that the node just made carries an anchor (0 is none).
    fn anchor(&mut self, anchor: usize) {
        if anchor != 0 {
            self.anchors.insert(anchor, self.document.nodes.len() as NodeId - 1);
        }
    }

    fn tag(&mut self, name: &str, span: &granit_parser::Span) -> u16 {
        if let Some(range) = span.tag_span().and_then(|span| span.byte_range()) {
            let id = self.document.nodes.len() as NodeId;
            self.document.tag_spans.push((id, range.start as u32, range.end as u32));
        }
        if let Some(tag) = self.tags.get(name) {
            return *tag;
        }
        let tag = self.document.tags.len() as u16;
        self.document.tags.push(name.into());
        self.tags.insert(name.to_owned(), tag);
        tag
    }

    fn push(&mut self, node: Node) -> NodeId {
        let id = self.document.nodes.len() as NodeId;
        if node.parent == u32::MAX {
            self.document.roots.push(id);
        }
        self.document.nodes.push(node);
        self.pending.push(id);
        id
    }

    fn parent(&self) -> NodeId {
        self.open.last().map_or(u32::MAX, |open| open.id)
    }

    fn scalar(&mut self, value: &str, style: ScalarStyle, tag: u16, start: u32, end: u32) {
        let style = match style {
            ScalarStyle::Plain => Style::Plain,
            ScalarStyle::SingleQuoted => Style::SingleQuoted,
            ScalarStyle::DoubleQuoted => Style::DoubleQuoted,
            ScalarStyle::Literal => Style::Literal,
            ScalarStyle::Folded => Style::Folded,
        };
        // An implicit null is reported as `~` with an empty span.
        let value = if start == end && style == Style::Plain { "" } else { value };
        // A lone dash in brackets is parsed under another character.
        let written = self.shift.original(start as usize)..self.shift.original(end as usize);
        let value = match self.document.source.text().get(written) {
            Some("-") if style == Style::Plain => "-",
            _ => value,
        };
        let borrowed = (value.as_ptr() as usize)
            .checked_sub(self.text.as_ptr() as usize)
            .filter(|offset| self.document.source.text().get(*offset..offset + value.len()) == Some(value));
        let (a, borrowed) = if value.is_empty() {
            (0, true)
        } else if let Some(offset) = borrowed {
            (offset as u32, true)
        } else {
            let offset = self.document.text.len() as u32;
            self.document.text.push_str(value);
            (offset, false)
        };
        let (start, end) = match style {
            // The parser starts these at their content and ends them at the next token; here
            // they run from the `|` to the last character that is not a line break or blank.
            Style::Literal | Style::Folded => {
                let header = self.header(start as usize);
                let body = self.text.get(header..end as usize).unwrap_or_default();
                (header as u32, (header + body.trim_end().len()) as u32)
            }
            _ => (start, end),
        };
        self.last_end = end;
        let parent = self.parent();
        let b = value.len() as u32;
        self.push(Node { kind: Kind::Scalar, style, borrowed, tag, start, end, a, b, parent });
    }

    /// Where the `|` or `>` of the block scalar stands whose content begins at `content`.
    fn header(&self, content: usize) -> usize {
        self.indicator(content, |bytes| matches!(bytes.first(), Some(b'|' | b'>'))).unwrap_or(content)
    }

    /// The first place between the previous node and `end` for which `matches` holds, outside
    /// of comments, tags and anchors.
    fn indicator(&self, end: usize, matches: impl Fn(&[u8]) -> bool) -> Option<usize> {
        let bytes = self.text.as_bytes().get(..end)?;
        let mut at = self.last_end as usize;
        let skip = |from: usize, stop: fn(&u8) -> bool| {
            bytes[from..].iter().position(stop).map_or(bytes.len(), |count| from + count)
        };
        while at < bytes.len() {
            at = match bytes[at] {
                _ if matches(&self.text.as_bytes()[at..]) => return Some(at),
                b'#' => skip(at, |byte| *byte == b'\n'),
                b'!' | b'&' => skip(at, u8::is_ascii_whitespace),
                _ => at + 1,
            };
        }
        None
    }

    fn open(&mut self, kind: Kind, style: StructureStyle, tag: u16, start: u32) {
        let style = if matches!(style, StructureStyle::Flow) { Style::Flow } else { Style::Plain };
        let start = if kind == Kind::Seq && style == Style::Plain { self.first_dash(start) } else { start };
        let parent = self.parent();
        let id = self.push(Node { kind, style, borrowed: false, tag, start, end: start, a: 0, b: 0, parent });
        self.open.push(Open { id, base: self.pending.len() });
    }

    /// Where the first `-` of a block sequence stands; the parser starts some sequences at
    /// their first item, or at the blank behind the dash.
    fn first_dash(&self, start: u32) -> u32 {
        let dash = |bytes: &[u8]| bytes.first() == Some(&b'-') && bytes.get(1).is_none_or(u8::is_ascii_whitespace);
        let in_map = self.open.last().is_some_and(|open| self.document.nodes[open.id as usize].kind == Kind::Map);
        let bytes = self.text.as_bytes();
        if !in_map && bytes.get(start as usize..).is_some_and(dash) {
            return start;
        }
        let end = (start as usize + 1).min(bytes.len());
        if in_map {
            return self.indicator(end, dash).map_or(start, |at| at as u32);
        }
        let from = self.last_end as usize;
        let before = bytes.get(from..end).unwrap_or_default();
        (0..before.len()).rev().find(|at| dash(&bytes[from + at..])).map_or(start, |at| (from + at) as u32)
    }

    fn alias(&mut self, target: NodeId, start: u32, end: u32) {
        self.last_end = end;
        let parent = self.parent();
        self.push(Node {
            kind: Kind::Alias,
            style: Style::Plain,
            borrowed: false,
            tag: 0,
            start,
            end,
            a: target,
            b: 0,
            parent,
        });
    }

    fn close(&mut self, open: &Open, end: u32) {
        let document = &mut self.document;
        let first = document.children.len() as u32;
        document.children.extend_from_slice(&self.pending[open.base..]);
        self.pending.truncate(open.base);
        let is_map = document.nodes[open.id as usize].kind == Kind::Map;
        if is_map && (document.children.len() as u32 - first) % 2 == 1 {
            let id = document.nodes.len() as NodeId;
            let (kind, style) = (Kind::Missing, Style::Plain);
            document.nodes.push(Node {
                kind,
                style,
                borrowed: false,
                tag: 0,
                start: end,
                end,
                a: 0,
                b: 0,
                parent: open.id,
            });
            document.children.push(id);
        }
        let count = document.children.len() as u32 - first;
        let node = &mut document.nodes[open.id as usize];
        (node.a, node.b, node.end) = (first, count, end.max(node.start));
        if is_map {
            self.find_duplicates(open.id);
        }
    }

    fn find_duplicates(&mut self, map: NodeId) {
        let document = &self.document;
        let mut seen: HashMap<&str, NodeId> = HashMap::new();
        let mut found = Vec::new();
        for (key, _) in document.node(map).pairs().filter(|(key, _)| key.kind() == Kind::Scalar && key.text() != "<<") {
            match seen.entry(key.text()) {
                std::collections::hash_map::Entry::Occupied(first) => found.push((*first.get(), key.id())),
                std::collections::hash_map::Entry::Vacant(slot) => {
                    slot.insert(key.id());
                }
            }
        }
        self.document.duplicate_keys.extend(found);
    }

    fn finish(mut self) -> Document {
        while let Some(open) = self.open.pop() {
            let end = self.last_end;
            self.close(&open, end);
        }
        self.lead_back();
        self.document.duplicate_keys.sort_unstable();
        self.document
    }

    /// Makes offsets of the repaired text those of the file.
    fn lead_back(&mut self) {
        if self.shift.is_empty() {
            return;
        }
        let document = &mut self.document;
        let nodes = document.nodes.iter_mut().map(|node| (&mut node.start, &mut node.end));
        let tags = document.tag_spans.iter_mut().map(|(_, start, end)| (start, end));
        let comments = document.comments.iter_mut().map(|(start, end)| (start, end));
        for (start, end) in nodes.chain(tags).chain(comments) {
            *start = self.shift.original(*start as usize) as u32;
            *end = self.shift.original(*end as usize) as u32;
        }
    }
}
