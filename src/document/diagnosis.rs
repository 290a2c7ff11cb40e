//! Syntax errors in words for the person who wrote the text.

use super::fault::Fault;
use super::lines::Lines;
use super::node::SyntaxError;
use crate::source::{FileId, Span};
use std::ops::Range;

/// What a successful repair tells about the error.
pub(super) enum Cause {
    /// A quote at this offset has no partner.
    Quote(usize),
    /// A tab in the indentation.
    Tab(usize),
    /// A comma is missing at this offset.
    Comma(usize),
    /// What stands where the parser stopped is to blame.
    Here,
    /// A character that is not allowed, at this offset.
    Character(char, usize),
    /// The text ends inside brackets.
    Truncated,
    /// A line that is text without a colon.
    Bare(usize),
    /// The value in this range is to blame.
    Value(Range<usize>),
    /// The line as a whole is to blame.
    Line(usize),
}

impl Cause {
    /// The error, whose `fault` the parser met at `at`.
    pub fn describe(&self, file: FileId, lines: &Lines<'_>, fault: &Fault, at: usize) -> SyntaxError {
        let writer = Writer { file, lines };
        match self {
            Self::Quote(quote) => writer.quote(*quote),
            Self::Tab(tab) => writer.tab(*tab),
            Self::Comma(comma) => writer.comma(*comma),
            Self::Here => writer.fault(fault, at),
            Self::Character(c, at) => writer.fault(&Fault::Reserved(*c), *at),
            Self::Truncated => writer.truncated(),
            Self::Bare(line) => writer.bare(*line),
            Self::Value(value) => writer.value(value.clone(), fault, at),
            Self::Line(line) => writer.line(*line, fault, at),
        }
    }
}

/// An error that no repair got past.
pub(super) fn unrepaired(file: FileId, lines: &Lines<'_>, fault: &Fault, at: usize) -> SyntaxError {
    Writer { file, lines }.fault(fault, at)
}

struct Writer<'l, 't> {
    file: FileId,
    lines: &'l Lines<'t>,
}

impl Writer<'_, '_> {
    fn error(&self, range: Range<usize>, message: impl Into<String>, help: &'static str) -> SyntaxError {
        let text = self.lines.text;
        let start = text.floor_char_boundary(range.start.min(text.len()));
        let end = text.ceil_char_boundary(range.end.clamp(start, text.len()));
        let range = start as u32..end as u32;
        SyntaxError { message: message.into(), help, span: Span::new(self.file, range.start, range.end) }
    }

    /// From `at` to the end of its line's content, at least one character where there is one.
    fn rest(&self, at: usize) -> Range<usize> {
        let line = self.lines.of(at.min(self.lines.text.len().saturating_sub(1)));
        let content = self.lines.content(line);
        if at < content.end { at..content.end } else { content }
    }

    fn quote(&self, at: usize) -> SyntaxError {
        let quote = self.lines.text.get(at..at + 1).unwrap_or("\"");
        self.error(
            self.rest(at),
            format!("the string that starts here with {quote} is not closed on its line"),
            "write the closing quote behind the value; until then every line below belongs to the string",
        )
    }

    fn tab(&self, at: usize) -> SyntaxError {
        self.error(
            at..at + 1,
            "a tab indents this line, and YAML takes only spaces as indentation",
            "replace the tab by as many spaces as the lines around it use",
        )
    }

    fn comma(&self, at: usize) -> SyntaxError {
        let before = self.lines.text.get(..at).unwrap_or_default().trim_end();
        let last = before.char_indices().next_back().map_or(at, |(at, _)| at);
        self.error(
            last..before.len(),
            "a comma is missing behind this entry",
            "write `,` between two entries in brackets",
        )
    }

    fn truncated(&self) -> SyntaxError {
        let open = self.unclosed().unwrap_or(0);
        let bracket = self.lines.text.get(open..open + 1).unwrap_or("{");
        self.error(
            open..open + 1,
            format!("the `{bracket}` that opens here is not closed before the file ends"),
            "write the closing bracket, or restore the part of the file that was cut off",
        )
    }

    /// The innermost bracket that is open at the end of a text in JSON.
    fn unclosed(&self) -> Option<usize> {
        let mut open = Vec::new();
        let (mut quoted, mut escaped) = (false, false);
        for (at, c) in self.lines.text.char_indices() {
            match c {
                _ if escaped => escaped = false,
                '\\' if quoted => escaped = true,
                '"' => quoted = !quoted,
                _ if quoted => {}
                '{' | '[' => open.push(at),
                '}' | ']' => drop(open.pop()),
                _ => {}
            }
        }
        open.pop()
    }

    fn bare(&self, line: usize) -> SyntaxError {
        let range = self.lines.content(line);
        let text = self.lines.text.get(range.clone()).unwrap_or_default();
        self.error(
            range,
            format!("`{}` has no colon behind it, so it is neither a key nor a value here", shorten(text)),
            "write `Key: value`, or indent the text below the key it belongs to",
        )
    }

    fn value(&self, value: Range<usize>, fault: &Fault, at: usize) -> SyntaxError {
        let text = self.lines.text.get(value.clone()).unwrap_or_default();
        let start = value.start + (text.len() - text.trim_start().len());
        let range = start..value.start + text.trim_end().len();
        let text = text.trim();
        let bare = text.split_once(' ').filter(|_| text.starts_with('!')).map_or(text, |(_, rest)| rest.trim_start());
        match (fault, bare.chars().next()) {
            (Fault::Reserved(_) | Fault::AliasName | Fault::Escape, _) if range.contains(&at) => self.fault(fault, at),
            (_, Some(bracket @ ('[' | '{'))) if !closes(bare) => {
                let at = range.end - bare.len();
                self.error(
                    at..range.end,
                    format!("the `{bracket}` that opens here is not closed"),
                    "write the closing bracket at the end of the list or map",
                )
            }
            (Fault::SecondColon, Some(first)) if text.contains(": ") && !matches!(first, '[' | '{' | '"' | '\'') => {
                self.error(
                    range,
                    "a second `: ` follows in the same line, so this is not a plain value",
                    "put the value in quotes if the colon belongs to it; else start a new line for the second key",
                )
            }
            (Fault::SecondColon | Fault::Misfit, Some('"' | '\'')) | (Fault::AfterQuoted, _) => self.error(
                range,
                "text follows behind the closing quote of this value",
                "put the whole value in one pair of quotes; write a quote inside it as \\\" or ''",
            ),
            (_, Some(c @ ('@' | '`' | '%'))) => self.fault(&Fault::Reserved(c), start),
            _ => self.fault(fault, at),
        }
    }

    fn line(&self, line: usize, fault: &Fault, at: usize) -> SyntaxError {
        // A line that is aligned with nothing is to blame, whichever line the repair took away.
        let stopped = self.lines.of(at);
        let line = if *fault == Fault::Misfit && !self.lines.is_aligned(stopped) { stopped } else { line };
        let content = self.lines.content(line);
        let same = self.lines.of(at) == line;
        match fault {
            Fault::MissingColon => self.bare(line),
            Fault::Tab if self.lines.indentation(line).contains('\t') => self.tab(self.lines.tab(line)),
            Fault::SecondColon if same && self.colons(line) < 2 => self.error(
                content,
                "this line is indented deeper than the key above it, which already has a value",
                "align the line with the keys it belongs to",
            ),
            Fault::SecondColon if !same && self.lines.is_bare_word(line) => self.bare(line),
            Fault::Misfit => self.error(
                content,
                "the indentation of this line matches no line above it",
                "align the line with the keys or items it belongs to",
            ),
            _ if same => self.fault(fault, at),
            _ => self.error(content, format!("{} (caused by this line)", words(fault).0), words(fault).1),
        }
    }

    /// How often `: ` or a final `:` stands in a line.
    fn colons(&self, line: usize) -> usize {
        let text = self.lines.get(line).trim_end();
        text.matches(": ").count() + usize::from(text.ends_with(':'))
    }

    fn fault(&self, fault: &Fault, at: usize) -> SyntaxError {
        match fault {
            Fault::UnclosedQuote => self.quote(at),
            Fault::UnclosedBracket(_) if self.lines.text.get(at..).is_none_or(|rest| rest.trim().is_empty()) => {
                self.truncated()
            }
            Fault::Reserved(c) => {
                // The parser stops at the start of the word that holds the character.
                let found = self.lines.text.get(at..).and_then(|rest| rest.find(*c));
                let at = found.map_or_else(|| self.rest(at).start, |found| at + found);
                self.error(
                    at..at + c.len_utf8(),
                    match c {
                        c if c.is_control() => {
                            format!("the control character U+{:04X} is not allowed in YAML", *c as u32)
                        }
                        c => format!("a plain value cannot start with `{c}`"),
                    },
                    if c.is_control() { "remove the character" } else { "put the value in quotes" },
                )
            }
            fault => {
                let (message, help) = words(fault);
                self.error(self.rest(at), message, help)
            }
        }
    }
}

/// Whether as many brackets close as open.
fn closes(text: &str) -> bool {
    let count = |set: [char; 2]| text.chars().filter(|c| set.contains(c)).count();
    count(['[', '{']) <= count([']', '}'])
}

/// At most 40 characters of `text`.
fn shorten(text: &str) -> String {
    let mut chars = text.chars();
    let head: String = chars.by_ref().take(40).collect();
    if chars.next().is_some() { head + "…" } else { head }
}

/// Message and help for an error about which nothing more is known.
fn words(fault: &Fault) -> (String, &'static str) {
    let (message, help) = match fault {
        Fault::UnclosedQuote => ("a string is not closed", "write the closing quote"),
        Fault::Tab => ("a tab stands where YAML takes only spaces", "replace the tab by spaces"),
        Fault::UnclosedBracket(bracket) => {
            return (format!("a `{bracket}` is not closed"), "write the closing bracket");
        }
        Fault::MisplacedBracket => {
            ("this closing bracket has no partner", "remove it, or write the bracket that opens the list or map")
        }
        Fault::FlowSeparator => (
            "a comma or a closing bracket is missing here",
            "write `,` between two entries in brackets, and the closing bracket behind the last",
        ),
        Fault::Misfit => (
            "this line does not belong to the map or list above it",
            "check its indentation, and whether a colon or a dash is missing",
        ),
        Fault::MissingColon => ("a colon is missing behind this key", "write `Key: value`"),
        Fault::SecondColon => (
            "a key and its colon stand where the line above leaves no room for a key",
            "check the indentation, and put values that hold `: ` in quotes",
        ),
        Fault::Reserved(_) => ("a plain value cannot start with this character", "put the value in quotes"),
        Fault::AliasName => {
            ("`*` and `&` start an alias or anchor, and no name follows", "put the value in quotes, e.g. \"*\"")
        }
        Fault::AfterQuoted => ("text follows behind a closing quote", "put the whole value in one pair of quotes"),
        Fault::Escape => (
            "this is no escape sequence of a string in double quotes",
            "write the backslash twice, or use single quotes",
        ),
        Fault::AfterEnd => ("text follows behind the end of the document", "remove it"),
        Fault::LoneDash => ("a `-` stands alone inside brackets", "put it in quotes"),
        Fault::TooDeep => ("lists and maps are nested deeper than 255 levels", "reduce the nesting"),
        Fault::Other(message) => {
            return (format!("this cannot be read as YAML: {message}"), "correct the text");
        }
    };
    (message.to_owned(), help)
}
