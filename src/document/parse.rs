//! Parser events to the arena. The one place that knows the parser.

use super::node::{Document, Kind, Node, NodeId, Style, SyntaxError};
use crate::source::{FileId, SourceFile, Span};
use granit_parser::{Event, Parser, ScalarStyle, StructureStyle};
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

impl Document {
    /// Parses `source`, YAML or JSON (which the same parser reads).
    pub fn parse(file: FileId, source: &Arc<SourceFile>) -> Self {
        parse_text(file, source, source.text())
    }
}

/// Parses `text`, which is `source`'s text or a repaired copy of the same length.
pub(super) fn parse_text(file: FileId, source: &Arc<SourceFile>, text: &str) -> Document {
    let mut builder = Builder::new(file, source, text);
    let options = granit_parser::options! {
        emit_comments: true,
        emit_anchor_events: true,
        emit_unresolved_aliases: true,
        block_scalar_eof_without_line_feed: true,
        max_buffered_comment_events: 100_000
    };
    let mut parser = Parser::new_from_str_with_options(text, options);
    while let Some(next) = parser.next_event() {
        match next {
            Ok((event, span)) => builder.event(event, span),
            Err(error) => {
                let at = error.marker().byte_offset().unwrap_or(0) as u32;
                let span = Span::new(file, at, at);
                builder.document.errors.push(SyntaxError { message: error.info().clone(), span });
                break;
            }
        }
    }
    builder.finish()
}

struct Open {
    id: NodeId,
    base: usize,
}

struct Builder<'t> {
    document: Document,
    text: &'t str,
    tags: HashMap<String, u16>,
    open: Vec<Open>,
    /// Children of the open collections, one run behind the other.
    pending: Vec<NodeId>,
    anchors: HashMap<usize, NodeId>,
    last_end: u32,
}

impl<'t> Builder<'t> {
    fn new(file: FileId, source: &Arc<SourceFile>, text: &'t str) -> Self {
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
        };
        Self {
            document,
            text,
            tags: HashMap::new(),
            open: Vec::new(),
            pending: Vec::new(),
            anchors: HashMap::new(),
            last_end: 0,
        }
    }

    fn event(&mut self, event: Event<'t>, span: granit_parser::Span) {
        let start = span.start.byte_offset().unwrap_or(0) as u32;
        let end = span.end.byte_offset().unwrap_or(0) as u32;
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

    fn scalar(&mut self, value: &Cow<'t, str>, style: ScalarStyle, tag: u16, start: u32, end: u32) {
        let style = match style {
            ScalarStyle::Plain => Style::Plain,
            ScalarStyle::SingleQuoted => Style::SingleQuoted,
            ScalarStyle::DoubleQuoted => Style::DoubleQuoted,
            ScalarStyle::Literal => Style::Literal,
            ScalarStyle::Folded => Style::Folded,
        };
        // An implicit null is reported as `~` with an empty span.
        let value = if start == end && style == Style::Plain { "" } else { &**value };
        let borrowed = (value.as_ptr() as usize)
            .checked_sub(self.text.as_ptr() as usize)
            .filter(|offset| offset + value.len() <= self.text.len());
        let (a, borrowed) = if value.is_empty() {
            (0, true)
        } else if let Some(offset) = borrowed {
            (offset as u32, true)
        } else {
            let offset = self.document.text.len() as u32;
            self.document.text.push_str(value);
            (offset, false)
        };
        let end = match style {
            Style::Literal | Style::Folded => {
                // The parser's end lies at the next token; the value ends before the blank lines.
                start + self.text[start as usize..end as usize].trim_end().len() as u32
            }
            _ => end,
        };
        self.last_end = end;
        let parent = self.parent();
        let b = value.len() as u32;
        self.push(Node { kind: Kind::Scalar, style, borrowed, tag, start, end, a, b, parent });
    }

    fn open(&mut self, kind: Kind, style: StructureStyle, tag: u16, start: u32) {
        let style = if matches!(style, StructureStyle::Flow) { Style::Flow } else { Style::Plain };
        let parent = self.parent();
        let id = self.push(Node { kind, style, borrowed: false, tag, start, end: start, a: 0, b: 0, parent });
        self.open.push(Open { id, base: self.pending.len() });
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
        self.document.duplicate_keys.sort_unstable();
        self.document
    }
}
