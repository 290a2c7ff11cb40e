//! The arena tree.

use super::edit::Habits;
use crate::source::{FileId, SourceFile, Span};
use std::sync::{Arc, OnceLock};

/// Index of a node in its document.
pub type NodeId = u32;

/// What a node is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum Kind {
    /// A plain, quoted or block scalar.
    Scalar,
    /// A mapping.
    Map,
    /// A sequence.
    Seq,
    /// `*name`, kept as a reference.
    Alias,
    /// The value of a key behind which the text broke off.
    Missing,
}

/// How a node is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum Style {
    /// A scalar without quotes, or a collection in block style.
    Plain,
    /// `'…'`
    SingleQuoted,
    /// `"…"`
    DoubleQuoted,
    /// `|`
    Literal,
    /// `>`
    Folded,
    /// `[…]` or `{…}`
    Flow,
}

/// 28 bytes. A scalar's `(a, b)` is offset and length of its text, in the file where
/// `borrowed`, else in [`Document::text`]; a collection's is offset and length in
/// [`Document::children`] (keys and values interleaved for a mapping); an alias's `a` is its
/// target, or `u32::MAX`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Node {
    pub kind: Kind,
    pub style: Style,
    pub borrowed: bool,
    pub tag: u16,
    pub start: u32,
    pub end: u32,
    pub a: u32,
    pub b: u32,
    pub parent: NodeId,
}

/// One syntax error, located.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// What is wrong, one sentence without a full stop.
    pub message: String,
    /// The next step.
    pub help: &'static str,
    /// Where.
    pub span: Span,
}

/// A parsed file.
#[derive(Debug)]
pub struct Document {
    pub(super) file: FileId,
    pub(super) source: Arc<SourceFile>,
    pub(super) nodes: Vec<Node>,
    pub(super) children: Vec<NodeId>,
    pub(super) text: String,
    pub(super) roots: Vec<NodeId>,
    pub(super) tags: Vec<Box<str>>,
    pub(super) tag_spans: Vec<(NodeId, u32, u32)>,
    pub(super) anchors: Vec<(NodeId, Box<str>)>,
    pub(super) comments: Vec<(u32, u32)>,
    pub(super) duplicate_keys: Vec<(NodeId, NodeId)>,
    pub(super) errors: Vec<SyntaxError>,
    pub(super) repaired: Vec<(u32, u32)>,
    /// The repaired ranges with the blanks before them.
    pub(super) broken: Vec<(u32, u32)>,
    /// How its author writes, found when the first edit is made.
    pub(super) habits: OnceLock<Habits>,
}

impl Document {
    /// The file this is a parse of.
    pub fn file(&self) -> FileId {
        self.file
    }

    /// The text this is a parse of.
    pub fn source(&self) -> &Arc<SourceFile> {
        &self.source
    }

    /// The first document's root node; `None` for an empty file.
    pub fn root(&self) -> Option<NodeRef<'_>> {
        self.roots.first().map(|id| self.node(*id))
    }

    /// The roots of all documents in the file (`---` separates them).
    pub fn roots(&self) -> impl Iterator<Item = NodeRef<'_>> {
        self.roots.iter().map(|id| self.node(*id))
    }

    /// The `---` before the document of `root`, or the first bytes of its root.
    pub fn start_marker(&self, root: NodeRef<'_>) -> Span {
        let start = root.outer_start();
        let before = self.source.text().get(..start as usize).unwrap_or_default();
        match before.rfind("---") {
            Some(at) if at == 0 || before.as_bytes().get(at - 1) == Some(&b'\n') => {
                Span::new(self.file, at as u32, at as u32 + 3)
            }
            _ => Span::new(self.file, start, root.span().end.max(start)),
        }
    }

    /// What keeps a `.json` file from being JSON although it can be read as YAML (a comment,
    /// a trailing comma, a tab in a string, …); `None` for JSON, for other files, and for
    /// broken text.
    pub fn json_deviation(&self) -> Option<SyntaxError> {
        let extension = self.source.path().rsplit('.').next()?;
        if !extension.eq_ignore_ascii_case("json") || !self.errors.is_empty() {
            return None;
        }
        let text = self.source.text().trim_start_matches('\u{feff}');
        let error = serde_json::from_str::<serde::de::IgnoredAny>(text).err()?;
        let line = (error.line() as u32).saturating_sub(1);
        let start = self.source.line_starts().get(line as usize).copied().unwrap_or(0) as usize;
        let bom = if line == 0 { self.source.text().len() - text.len() } else { 0 };
        let at = start + bom + error.column().saturating_sub(1);
        let at = self.source.text().floor_char_boundary(at.min(self.source.text().len())) as u32;
        let full = error.to_string();
        let what = full.rsplit_once(" at line ").map_or(&*full, |(what, _)| what);
        Some(SyntaxError {
            message: format!("this is YAML, but not JSON: {what}"),
            help: "correct the JSON, or name the file `.yaml`",
            span: Span::new(self.file, at, at),
        })
    }

    /// The node behind an id.
    pub fn node(&self, id: NodeId) -> NodeRef<'_> {
        NodeRef { document: self, id }
    }

    /// Every syntax error, by offset. Empty for a sound file.
    pub fn errors(&self) -> &[SyntaxError] {
        &self.errors
    }

    /// Byte ranges the repair blanked out to get past the errors.
    pub fn repaired(&self) -> &[(u32, u32)] {
        &self.repaired
    }

    /// Whether the repair took something away inside `span` or next to it, so that what is
    /// missing there may only be unreadable.
    pub fn is_repaired(&self, span: Span) -> bool {
        self.broken.iter().any(|(start, end)| span.start <= *end && *start <= span.end)
    }

    /// Spans of all comments, `#` included, by offset.
    pub fn comments(&self) -> impl Iterator<Item = Span> {
        self.comments.iter().map(|(start, end)| Span::new(self.file, *start, *end))
    }

    /// Pairs of keys that are equal in one mapping: the first, and the one that repeats it.
    pub fn duplicate_keys(&self) -> impl Iterator<Item = (NodeRef<'_>, NodeRef<'_>)> {
        self.duplicate_keys.iter().map(|(first, again)| (self.node(*first), self.node(*again)))
    }

    /// The innermost node that holds `offset`, or that ends just before it. Between two nodes
    /// that meet there, the later one.
    pub fn node_at(&self, offset: u32) -> Option<NodeRef<'_>> {
        let mut node = self.roots().find(|root| root.holds(offset))?;
        loop {
            let children = node.child_ids();
            let next = children.partition_point(|id| self.node(*id).outer_start() <= offset);
            let before = children.get(..next).unwrap_or_default().iter().rev().take(3);
            match before.map(|id| self.node(*id)).find(|child| child.holds(offset)) {
                Some(child) => node = child,
                None => return Some(node),
            }
        }
    }

    /// The innermost node that is written as exactly these bytes, with or without its tag.
    pub fn node_of(&self, span: Span) -> Option<NodeRef<'_>> {
        let is_it = |node: &NodeRef<'_>| {
            node.span().end == span.end && (node.outer_start() == span.start || node.span().start == span.start)
        };
        let first = self.node_at(span.start).filter(|_| span.file == self.file)?;
        std::iter::successors(Some(first), |node| node.parent()).find(is_it)
    }
}

/// A node with the document it lives in.
#[derive(Clone, Copy)]
pub struct NodeRef<'a> {
    document: &'a Document,
    id: NodeId,
}

impl<'a> NodeRef<'a> {
    fn raw(self) -> &'a Node {
        &self.document.nodes[self.id as usize]
    }

    /// The node's index.
    pub fn id(self) -> NodeId {
        self.id
    }

    /// What the node is.
    pub fn kind(self) -> Kind {
        self.raw().kind
    }

    /// How the node is written.
    pub fn style(self) -> Style {
        self.raw().style
    }

    /// The node's bytes; a tag is not part of them.
    pub fn span(self) -> Span {
        Span::new(self.document.file, self.raw().start, self.raw().end)
    }

    /// Text of a scalar with quotes and escapes resolved; empty for other kinds.
    pub fn text(self) -> &'a str {
        let node = self.raw();
        if node.kind != Kind::Scalar {
            return "";
        }
        let range = node.a as usize..(node.a + node.b) as usize;
        let text = if node.borrowed { self.document.source.text() } else { &self.document.text };
        text.get(range).unwrap_or_default()
    }

    /// The tag as written (`!Ref`), if there is one.
    pub fn tag(self) -> Option<&'a str> {
        let tag = self.raw().tag as usize;
        (tag != 0).then(|| &*self.document.tags[tag])
    }

    /// Where the tag is written.
    pub fn tag_span(self) -> Option<Span> {
        let at = self.document.tag_spans.binary_search_by_key(&self.id, |(id, ..)| *id).ok()?;
        let (_, start, end) = self.document.tag_spans[at];
        Some(Span::new(self.document.file, start, end))
    }

    /// Where the node starts, a tag before it included.
    pub fn outer_start(self) -> u32 {
        self.tag_span().map_or(self.raw().start, |tag| tag.start.min(self.raw().start))
    }

    /// The node around this one.
    pub fn parent(self) -> Option<NodeRef<'a>> {
        let parent = self.raw().parent;
        (parent != u32::MAX).then(|| self.document.node(parent))
    }

    /// Keys and indices that lead from the root to the node; a key leads to itself.
    pub fn path(self) -> Vec<String> {
        let mut path = Vec::new();
        let mut node = self;
        while let Some(parent) = node.parent() {
            let mut pairs = parent.pairs();
            let pair = pairs.find(|(key, value)| key.id == node.id || value.id == node.id);
            match pair {
                Some((key, _)) => path.push(key.text().to_owned()),
                None => {
                    path.push(parent.children().position(|item| item.id == node.id).unwrap_or_default().to_string());
                }
            }
            node = parent;
        }
        path.reverse();
        path
    }

    /// The entry that the node is key or value of.
    pub fn entry(self) -> Option<(NodeRef<'a>, NodeRef<'a>)> {
        self.parent()?.pairs().find(|(key, value)| key.id == self.id || value.id == self.id)
    }

    /// What an alias stands for; `None` where the anchor does not exist.
    pub fn target(self) -> Option<NodeRef<'a>> {
        let node = self.raw();
        (node.kind == Kind::Alias && node.a != u32::MAX).then(|| self.document.node(node.a))
    }

    /// The anchor's name (`&name`), if the node has one.
    pub fn anchor(self) -> Option<&'a str> {
        let anchors = &self.document.anchors;
        let at = anchors.binary_search_by_key(&self.id, |(id, _)| *id).ok()?;
        Some(&anchors[at].1)
    }

    /// Children in source order: items, or keys and values in turn.
    pub fn children(self) -> impl ExactSizeIterator<Item = NodeRef<'a>> + DoubleEndedIterator {
        let document = self.document;
        self.child_ids().iter().map(move |id| document.node(*id))
    }

    fn child_ids(self) -> &'a [NodeId] {
        let node = self.raw();
        let range = match node.kind {
            Kind::Map | Kind::Seq => node.a as usize..(node.a + node.b) as usize,
            _ => 0..0,
        };
        self.document.children.get(range).unwrap_or_default()
    }

    /// Keys with their values, in source order, merge keys and duplicates as they stand.
    pub fn pairs(self) -> impl Iterator<Item = (NodeRef<'a>, NodeRef<'a>)> {
        let children = if self.kind() == Kind::Map { self.child_ids() } else { &[] };
        let document = self.document;
        children.chunks_exact(2).map(move |pair| (document.node(pair[0]), document.node(pair[1])))
    }

    /// The value of `key` in a mapping as it stands; merge keys are not looked through.
    pub fn get(self, key: &str) -> Option<NodeRef<'a>> {
        self.pairs().find(|(name, _)| name.text() == key).map(|(_, value)| value)
    }

    fn holds(self, offset: u32) -> bool {
        let node = self.raw();
        let start = if node.tag == 0 { node.start } else { self.outer_start() };
        start <= offset && offset <= node.end
    }
}
