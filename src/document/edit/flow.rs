//! Changes inside brackets: JSON and flow style.

use super::render::{Habits, column};
use super::{Document, Edit, NodeRef, Tree};

impl Document {
    /// Adds an entry (`key` for a map) to a collection in brackets.
    pub(super) fn insert_flow(
        &self,
        collection: NodeRef<'_>,
        key: Option<&str>,
        tree: &Tree,
        after: Option<&str>,
        habits: Habits,
    ) -> Option<Vec<Edit>> {
        let span = collection.span();
        let text = self.source().text();
        let written = text.get(span.range())?;
        if !written.starts_with(['{', '[']) || !written.ends_with(['}', ']']) {
            return None;
        }
        let name = key.map(|key| habits.flow_text(key, super::Style::Plain) + ": ").unwrap_or_default();
        let ends: Vec<u32> = match key {
            Some(_) => collection.pairs().map(|(key, value)| self.pair_end(key, value)).collect::<Option<_>>()?,
            None => collection.children().map(|item| item.span().end).collect(),
        };
        let starts: Vec<u32> = match key {
            Some(_) => collection.pairs().map(|(key, _)| key.outer_start()).collect(),
            None => collection.children().map(super::NodeRef::outer_start).collect(),
        };
        let Some((last, first)) = ends.last().copied().zip(starts.first().copied()) else {
            let indent = habits.json.then(|| self.line_column(span.start));
            let entry = format!("{name}{}", habits.flow(tree, indent.map(|indent| indent + habits.width)));
            let text = match indent {
                Some(indent) if written.trim_matches(['{', '}', '[', ']']).trim().is_empty() => {
                    let inside = habits.line(indent + habits.width) + &entry + &habits.line(indent);
                    return Some(vec![Edit::new(span.start + 1, span.end - 1, inside)]);
                }
                _ if written.len() > 2 => format!("{entry} "),
                _ => entry,
            };
            return Some(vec![Edit::insert(span.start + 1, text)]);
        };
        let place = after.and_then(|after| collection.pairs().position(|(key, _)| key.text() == after));
        let end = place.and_then(|index| ends.get(index).copied()).unwrap_or(last);
        let own_line = text.get(self.line_start(first) as usize..first as usize)?.trim().is_empty();
        let line_end = self.line_end(end);
        let rest = text.get(end as usize..line_end as usize)?;
        let comma = rest.trim_start().starts_with(',');
        let behind = rest.trim_start().trim_start_matches(',').trim_start();
        if own_line && (behind.is_empty() || behind.starts_with('#')) {
            let indent = column(text, first);
            let entry = format!("{}{name}{}", habits.line(indent), habits.flow(tree, Some(indent)));
            if behind.is_empty() && !comma {
                return Some(vec![Edit::insert(end, format!(",{entry}"))]);
            }
            // The comment stays behind the entry it belongs to.
            let is_last = end == last;
            let closing = if comma && !is_last { "," } else { "" };
            let mut edits = vec![Edit::insert(line_end, entry + closing)];
            if !comma {
                edits.insert(0, Edit::insert(end, ","));
            }
            return Some(edits);
        }
        Some(vec![Edit::insert(end, format!(", {name}{}", habits.flow(tree, None)))])
    }

    /// The column of the first character on the line of `at`.
    fn line_column(&self, at: u32) -> usize {
        let start = self.line_start(at);
        let line = self.source().text().get(start as usize..at as usize).unwrap_or_default();
        line.chars().take_while(|c| *c == ' ').count()
    }

    /// Removes `start..end` from brackets, with the comma behind it or, for the last entry,
    /// the one before it.
    pub(super) fn remove_flow(
        &self,
        start: u32,
        end: u32,
        before: Option<u32>,
        next: Option<u32>,
    ) -> Option<Vec<Edit>> {
        let text = self.source().text();
        let rest = text.get(end as usize..)?;
        let blanks = rest.len() - rest.trim_start().len();
        if rest[blanks..].starts_with(',') {
            let comma = end + blanks as u32 + 1;
            let line = self.line_start(start);
            let alone = text.get(line as usize..start as usize)?.trim().is_empty();
            let tail = text.get(comma as usize..self.line_end(comma) as usize)?;
            if alone && tail.trim().is_empty() && text.get(self.line_end(comma) as usize..)?.contains('\n') {
                let stop = text.get(comma as usize..)?.find('\n').map_or(text.len() as u32, |at| comma + at as u32 + 1);
                return Some(vec![Edit::new(line, stop, "")]);
            }
            return Some(vec![Edit::new(start, comma + (tail.len() - tail.trim_start().len()) as u32, "")]);
        }
        if next.is_some() {
            return None;
        }
        let Some(before) = before else { return Some(vec![Edit::new(start, end, "")]) };
        let gap = text.get(before as usize..start as usize)?;
        let comma = before + gap.find(',')? as u32;
        if gap.trim() == "," {
            return Some(vec![Edit::new(before, end, "")]);
        }
        Some(vec![Edit::new(comma, comma + 1, ""), Edit::new(start, end, "")])
    }
}
