//! Lines of a text as the repair looks at them.

use std::ops::Range;

/// A text with its line starts. Lines are numbered from 0.
pub(super) struct Lines<'t> {
    pub text: &'t str,
    starts: Vec<usize>,
}

impl<'t> Lines<'t> {
    pub fn new(text: &'t str) -> Self {
        let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        Self { text, starts: std::iter::once(0).chain(breaks).collect() }
    }

    /// The line that holds `at`.
    pub fn of(&self, at: usize) -> usize {
        self.starts.partition_point(|start| *start <= at).saturating_sub(1)
    }

    /// The line's bytes without its break.
    pub fn range(&self, line: usize) -> Range<usize> {
        let start = self.starts.get(line).copied().unwrap_or(self.text.len());
        let end = self.starts.get(line + 1).copied().unwrap_or(self.text.len());
        let text = self.text.get(start..end).unwrap_or_default();
        start..start + text.trim_end_matches(['\n', '\r']).len()
    }

    /// The line's text without its break.
    pub fn get(&self, line: usize) -> &'t str {
        self.text.get(self.range(line)).unwrap_or_default()
    }

    /// Whether the line holds more than blanks and a comment.
    pub fn is_filled(&self, line: usize) -> bool {
        let text = self.get(line).trim_start_matches([' ', '\t', '\u{feff}']);
        !text.is_empty() && !text.starts_with('#')
    }

    /// The line of `at` and those above it, nearest first, that hold something; at most `count`.
    pub fn filled_upwards(&self, at: usize, count: usize) -> Vec<usize> {
        let last = self.of(at.min(self.text.len().saturating_sub(1)));
        (0..=last).rev().filter(|line| self.is_filled(*line)).take(count).collect()
    }

    /// The blanks and tabs a line starts with.
    pub fn indentation_range(&self, line: usize) -> Range<usize> {
        let range = self.range(line);
        let text = self.get(line);
        range.start..range.end - text.trim_start_matches([' ', '\t']).len()
    }

    /// Whether a line that is still open above starts in the same column.
    pub fn is_aligned(&self, line: usize) -> bool {
        let own = self.indentation(line).len();
        let above = (0..line).rev().filter(|line| self.is_filled(*line));
        let mut above = above.map(|line| self.indentation(line).len()).skip_while(|indent| *indent > own);
        above.next() == Some(own)
    }

    /// Whether the line is a key with a colon, or an item, and blanks alone indent it.
    pub fn is_entry(&self, line: usize) -> bool {
        let text = self.text.get(self.content(line)).unwrap_or_default();
        let key = text.split_once(": ").map_or(text.strip_suffix(':'), |(key, _)| Some(key));
        let plain = |c: char| c.is_alphanumeric() || "_-./:${}'\"".contains(c);
        let is_key = key.is_some_and(|key| !key.is_empty() && key.trim_start_matches("- ").chars().all(plain));
        (is_key || text.starts_with("- ")) && !self.indentation(line).contains('\t')
    }

    /// The columns in which the lines above `line` that are still open start, the innermost first. A
    /// key behind a dash starts behind it.
    pub fn levels(&self, line: usize) -> Vec<usize> {
        let mut levels: Vec<usize> = Vec::new();
        for above in (0..line).rev().filter(|line| self.is_filled(*line)) {
            let level = self.indentation(above).len();
            let text = self.text.get(self.content(above)).unwrap_or_default();
            let behind = text.strip_prefix("- ").map(|rest| level + text.len() - rest.trim_start().len());
            for level in behind.into_iter().chain([level]) {
                if levels.last().is_none_or(|last| level < *last) {
                    levels.push(level);
                }
            }
            if level == 0 {
                break;
            }
        }
        levels
    }

    /// Whether the line is a key whose value stands below.
    pub fn opens(&self, line: usize) -> bool {
        self.get(line).trim_end().ends_with(':')
    }

    /// The next line below that holds something.
    pub fn filled_below(&self, line: usize) -> Option<usize> {
        (line + 1..self.starts.len()).find(|line| self.is_filled(*line))
    }

    /// `line` with the lines below that belong to it.
    pub fn block(&self, line: usize) -> Range<usize> {
        let own = self.indentation(line).len();
        let opens = self.opens(line);
        let belongs = |below: usize| {
            let level = self.indentation(below).len();
            level > own
                || level == own
                    && opens
                    && self.text.get(self.content(below)).is_some_and(|text| text.starts_with("- "))
        };
        let count = self.starts.len();
        let end = (line + 1..count).find(|below| self.is_filled(*below) && !belongs(*below)).unwrap_or(count);
        let last = (line..end).rev().find(|line| self.is_filled(*line)).unwrap_or(line);
        line..last + 1
    }

    /// The text of [`Self::indentation_range`].
    pub fn indentation(&self, line: usize) -> &'t str {
        self.text.get(self.indentation_range(line)).unwrap_or_default()
    }

    /// The line's bytes without indentation and trailing blanks.
    pub fn content(&self, line: usize) -> Range<usize> {
        let start = self.indentation_range(line).end;
        let text = self.text.get(start..self.range(line).end).unwrap_or_default();
        start..start + text.trim_end().len()
    }

    /// What stands behind the first `: ` of the line, up to its end.
    pub fn value(&self, line: usize) -> Option<Range<usize>> {
        let range = self.indentation_range(line).end..self.range(line).end;
        let text = self.text.get(range.clone())?;
        let colon = text.bytes().enumerate().position(|(at, byte)| {
            byte == b':' && text.as_bytes().get(at + 1).is_none_or(|next| matches!(next, b' ' | b'\t'))
        })?;
        Some(range.start + colon + 1..range.end)
    }

    /// Whether a value holds a character that could have broken the text.
    pub fn is_suspicious(&self, value: &Range<usize>) -> bool {
        let text = self.text.get(value.clone()).unwrap_or_default();
        text.contains(['"', '\'', '[', '{', ']', '}', '*', '&', '@', '%', '`', '|', '>', '!']) || text.contains(": ")
    }

    /// Whether the line is text without a colon, which is neither a key nor an item.
    pub fn is_bare_word(&self, line: usize) -> bool {
        let text = self.text.get(self.content(line)).unwrap_or_default();
        !text.contains(':') && !text.starts_with(['-', '#', '[', '{', '"', '\'', ']', '}'])
    }

    /// Where a quote stands that has no partner in its line.
    pub fn unbalanced_quote(&self, line: usize) -> Option<usize> {
        let start = self.range(line).start;
        let bytes = self.get(line).as_bytes();
        let double: Vec<usize> =
            (0..bytes.len()).filter(|at| bytes[*at] == b'"' && (*at == 0 || bytes[at - 1] != b'\\')).collect();
        if double.len() % 2 == 1 {
            return double.last().map(|at| start + at);
        }
        // An apostrophe inside a word is no quote.
        let single = self.get(line).matches('\'').count();
        let opening =
            bytes.windows(2).position(|pair| matches!(pair[0], b' ' | b'[' | b'{' | b',') && pair[1] == b'\'');
        if single % 2 == 1 { opening.map(|at| start + at + 1) } else { None }
    }

    /// The first tab of the line's indentation.
    pub fn tab(&self, line: usize) -> usize {
        let range = self.indentation_range(line);
        range.start + self.indentation(line).find('\t').unwrap_or(0)
    }

    /// All lines with a tab in the indentation.
    pub fn tabbed(&self) -> impl Iterator<Item = usize> {
        (0..self.starts.len()).filter(|line| self.indentation(*line).contains('\t'))
    }

    /// The run of lines around `line` with a tab in the indentation, or empty.
    pub fn tabbed_run(&self, line: usize) -> Range<usize> {
        let tabbed = |line: &usize| !self.is_filled(*line) || self.indentation(*line).contains('\t');
        let above = (0..line).rev().take_while(tabbed).count();
        let below = (line + 1..self.starts.len()).take_while(tabbed).count();
        line - above..line + below + 1
    }

    /// From `at` to the end of its line.
    pub fn tail(&self, at: usize) -> Range<usize> {
        at..self.range(self.of(at)).end.max(at)
    }

    /// Blanks just before `at` and at the start of its line and of the line before, which a
    /// missing comma could replace.
    pub fn comma_places(&self, at: usize) -> Vec<usize> {
        let bytes = self.text.as_bytes();
        let line = self.of(at);
        let mut places = Vec::new();
        for line in [Some(line), line.checked_sub(1)].into_iter().flatten() {
            let indentation = self.indentation_range(line);
            let opens = bytes.get(indentation.end);
            if !indentation.is_empty() && matches!(opens, Some(b'"' | b'\'' | b'{' | b'[')) {
                places.push(indentation.end - 1);
            }
        }
        let start = self.range(line).start;
        let before = self.text.get(start..at.min(self.text.len())).unwrap_or_default();
        if let Some(space) = before.rfind(' ').filter(|space| !before[..*space].trim().is_empty()) {
            places.push(start + space);
        }
        // An entry must end before the comma.
        places.retain(|place| {
            let before = self.text.get(..*place).unwrap_or_default().trim_end();
            !before.is_empty() && !before.ends_with([':', ',', '[', '{'])
        });
        places
    }

    /// The brackets that close what a text in JSON or flow style leaves open at its end;
    /// `None` when it opens with something else, or its brackets do not match.
    pub fn closing_brackets(&self) -> Option<String> {
        let text = self.text.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']);
        if !text.starts_with(['{', '[']) {
            return None;
        }
        let mut open: Vec<char> = Vec::new();
        let mut quoted = false;
        let mut escaped = false;
        for c in text.chars() {
            match c {
                _ if escaped => escaped = false,
                '\\' if quoted => escaped = true,
                '"' => quoted = !quoted,
                _ if quoted => {}
                '{' => open.push('}'),
                '[' => open.push(']'),
                '}' | ']' if open.pop() != Some(c) => return None,
                _ => {}
            }
        }
        let quote = if quoted { "\"" } else { "" };
        let brackets: String = open.iter().rev().collect();
        (!brackets.is_empty()).then(|| format!("{quote}{brackets}"))
    }
}
