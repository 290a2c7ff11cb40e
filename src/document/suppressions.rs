//! Which bytes each suppression comment covers.

use super::node::{Document, Kind, Style};
use crate::source::Span;
use crate::source::suppression::{self, MalformedSuppression, Scope, Suppression};

/// A suppression with what it covers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Covered {
    /// The comment.
    pub suppression: Suppression,
    /// The bytes within which its policies are silent.
    pub covers: Span,
}

/// The suppression comments of one file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Suppressions {
    /// Those that can be read, by offset.
    pub covered: Vec<Covered>,
    /// Those that cannot.
    pub malformed: Vec<MalformedSuppression>,
}

impl Document {
    /// All suppression comments. One behind a value covers the nodes that start on its line;
    /// one on a line of its own covers the entry or item that begins below it, as a whole.
    pub fn suppressions(&self) -> Suppressions {
        let mut out = Suppressions::default();
        let mut entries = None;
        for span in self.comments() {
            let text = self.source.text().get(span.range()).unwrap_or_default();
            match suppression::parse(text.trim_end(), span) {
                None => {}
                Some(Err(malformed)) => out.malformed.push(malformed),
                Some(Ok(suppression)) => {
                    let entries = entries.get_or_insert_with(|| self.entries());
                    let covers = match suppression.scope {
                        Scope::File => Span::new(self.file, 0, self.source.text().len() as u32),
                        Scope::Node => self.covered_by(span, entries),
                    };
                    out.covered.push(Covered { suppression, covers });
                }
            }
        }
        out
    }

    /// Map entries (key to end of value) and list items, by start, the outermost first.
    fn entries(&self) -> Vec<(u32, u32)> {
        let mut entries = Vec::with_capacity(self.nodes.len());
        for id in 0..self.nodes.len() as u32 {
            let node = self.node(id);
            match node.kind() {
                Kind::Map => entries
                    .extend(node.pairs().map(|(key, value)| (key.outer_start(), key.span().end.max(value.span().end)))),
                Kind::Seq => entries.extend(node.children().map(|item| (item.outer_start(), item.span().end))),
                _ => {}
            }
        }
        entries.sort_unstable_by_key(|(start, end)| (*start, std::cmp::Reverse(*end)));
        entries
    }

    fn covered_by(&self, comment: Span, entries: &[(u32, u32)]) -> Span {
        let line = self.source.line_of(comment.start);
        let start = self.start_of_line(line);
        let before = self.source.text().get(start as usize..comment.start as usize).unwrap_or_default();
        if before.trim_start_matches('\u{feff}').trim().is_empty() {
            self.below(line, entries).unwrap_or(comment)
        } else {
            self.on_line(start, comment.start)
        }
    }

    fn start_of_line(&self, line: u32) -> u32 {
        self.source.line_starts().get(line as usize).copied().unwrap_or(self.source.text().len() as u32)
    }

    /// The entry that begins on the first line below `line` that is no comment.
    fn below(&self, line: u32, entries: &[(u32, u32)]) -> Option<Span> {
        let count = self.source.line_starts().len() as u32;
        let next = (line + 1..count).find(|line| {
            let text = self.source.line_text(*line).trim_start();
            !text.is_empty() && !text.starts_with('#')
        })?;
        let text = self.source.line_text(next);
        let start = self.start_of_line(next) + (text.len() - text.trim_start().len()) as u32;
        let end = self.start_of_line(next) + text.trim_end().len() as u32;
        // The item of a list starts behind its dash.
        let first = entries.partition_point(|(entry, _)| *entry < start);
        let found = entries.get(first).filter(|(entry, _)| *entry < end);
        let end = found.map_or(end, |(_, entry_end)| end.max(*entry_end));
        Some(Span::new(self.file, start, end))
    }

    /// What starts on the line from `start` and before the comment at `end`; block maps and
    /// lists go on below and are not covered.
    fn on_line(&self, start: u32, end: u32) -> Span {
        let first = self.nodes.partition_point(|node| node.start < start);
        let nodes = self.nodes.get(first..).unwrap_or_default().iter().take_while(|node| node.start < end);
        let whole =
            |node: &&super::node::Node| !matches!(node.kind, Kind::Map | Kind::Seq) || node.style == Style::Flow;
        let last = nodes.filter(whole).map(|node| node.end).max().unwrap_or(end);
        Span::new(self.file, start, last.max(end))
    }
}
