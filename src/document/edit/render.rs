//! How new text is written in the style of the text around it.

use super::Tree;
use crate::document::{Document, Kind, NodeRef, Scalar, Schema, Style, resolve};
use std::fmt::Write;

/// The habits of one text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::document) struct Habits {
    /// Written as JSON: keys and strings in double quotes.
    pub json: bool,
    /// Columns one level is indented by.
    pub width: usize,
    /// Columns the dash of a list stands to the right of its key.
    pub dash: usize,
    pub line_break: &'static str,
}

impl Habits {
    pub fn of(document: &Document) -> Self {
        let text = document.source().text();
        let line_break = match text.find('\n') {
            Some(at) if text.as_bytes().get(at.wrapping_sub(1)) == Some(&b'\r') => "\r\n",
            _ => "\n",
        };
        let root = document.root();
        let flow = root.is_some_and(|root| root.style() == Style::Flow);
        let quoted = root.and_then(|root| root.children().next()).is_none_or(|first| first.style() != Style::Plain);
        let json = flow && quoted;
        let mut width = None;
        let mut dash = None;
        let mut open: Vec<NodeRef<'_>> = root.into_iter().collect();
        while let Some(node) = open.pop() {
            for (key, value) in node.pairs() {
                let own = column(text, key.outer_start());
                match value.kind() {
                    Kind::Map if width.is_none() => {
                        width = value.pairs().next().and_then(|(first, _)| deeper(text, own, first.outer_start()));
                    }
                    Kind::Seq if value.style() == Style::Plain && dash.is_none() => {
                        dash = column(text, value.span().start).checked_sub(own);
                    }
                    _ => {}
                }
            }
            if width.is_some() && dash.is_some() {
                break;
            }
            open.extend(node.children());
        }
        let width = width.unwrap_or(2);
        Self { json, width, dash: dash.unwrap_or(width), line_break }
    }

    /// A line break and `indent` blanks.
    pub fn line(self, indent: usize) -> String {
        format!("{}{:indent$}", self.line_break, "")
    }

    /// `tree` behind a key whose column is `indent`, in block style, blank or line break first.
    pub fn behind_key(self, tree: &Tree, indent: usize) -> String {
        match tree {
            Tree::Map(entries) if !entries.is_empty() => {
                let inner = indent + self.width;
                self.line(inner) + &self.block(tree, inner)
            }
            Tree::Seq(items) if !items.is_empty() => {
                let inner = indent + self.dash;
                self.line(inner) + &self.block(tree, inner)
            }
            _ => format!(" {}", self.block(tree, indent)),
        }
    }

    /// `tree` in block style, its first line without indentation.
    pub fn block(self, tree: &Tree, indent: usize) -> String {
        match tree {
            Tree::Map(entries) if !entries.is_empty() => {
                let entry = |(key, value): &(String, Tree)| {
                    format!("{}:{}", scalar(key, Style::Plain, false), self.behind_key(value, indent))
                };
                entries.iter().map(entry).collect::<Vec<_>>().join(&self.line(indent))
            }
            Tree::Seq(items) if !items.is_empty() => {
                let item = |item: &Tree| format!("- {}", self.block(item, indent + 2));
                items.iter().map(item).collect::<Vec<_>>().join(&self.line(indent))
            }
            Tree::Map(_) => "{}".to_owned(),
            Tree::Seq(_) => "[]".to_owned(),
            Tree::Str(text) => scalar(text, Style::Plain, false),
            Tree::Tagged(tag, text) => format!("{tag} {}", scalar(text, Style::Plain, false)),
            _ => self.flow(tree, None),
        }
    }

    /// `tree` in brackets. With `indent` its entries stand on lines of their own, a level
    /// deeper than that.
    pub fn flow(self, tree: &Tree, indent: Option<usize>) -> String {
        let inner = indent.map(|indent| indent + self.width);
        let wrap = |open: char, parts: Vec<String>, close: char| match (indent, inner) {
            (Some(outer), Some(inner)) if !parts.is_empty() => {
                let separator = format!(",{}", self.line(inner));
                format!("{open}{}{}{}{close}", self.line(inner), parts.join(&separator), self.line(outer))
            }
            _ if open == '{' && !self.json && !parts.is_empty() => format!("{{ {} }}", parts.join(", ")),
            _ => format!("{open}{}{close}", parts.join(", ")),
        };
        match tree {
            Tree::Null => "null".to_owned(),
            Tree::Tagged(tag, text) => format!("{tag} {}", scalar(text, Style::Plain, true)),
            Tree::Bool(value) => value.to_string(),
            Tree::Int(value) => value.to_string(),
            Tree::Str(text) => self.flow_text(text, Style::Plain),
            Tree::Seq(items) => wrap('[', items.iter().map(|item| self.flow(item, inner)).collect(), ']'),
            Tree::Map(entries) => {
                let entry = |(key, value): &(String, Tree)| {
                    format!("{}: {}", self.flow_text(key, Style::Plain), self.flow(value, inner))
                };
                wrap('{', entries.iter().map(entry).collect(), '}')
            }
        }
    }

    /// A string inside brackets.
    pub fn flow_text(self, text: &str, style: Style) -> String {
        scalar(text, if self.json { Style::DoubleQuoted } else { style }, true)
    }
}

/// How much deeper than `own` the line at `offset` is indented, if it starts its line.
fn deeper(text: &str, own: usize, offset: u32) -> Option<usize> {
    let before = text.get(..offset as usize)?;
    let line = before.rfind('\n').map_or(before, |at| &before[at + 1..]);
    let blank = line.trim_start_matches('\u{feff}').trim().is_empty();
    column(text, offset).checked_sub(own).filter(|width| blank && *width > 0)
}

/// The column (from 0, in characters) of the entry or item that begins at `offset`; a tag or
/// anchor before it on the line counts to it, a dash does not.
pub(super) fn column(text: &str, offset: u32) -> usize {
    let before = text.get(..offset as usize).unwrap_or_default();
    let line = before.rfind('\n').map_or(before, |at| &before[at + 1..]).trim_start_matches('\u{feff}');
    let mut rest = line;
    loop {
        rest = rest.trim_start_matches([' ', '\t']);
        match rest.strip_prefix("- ").or_else(|| rest.strip_prefix("-\t")) {
            Some(behind) => rest = behind,
            None => return line[..line.len() - rest.len()].chars().count(),
        }
    }
}

/// `text` as a scalar in `style` as far as that can hold it.
pub(super) fn scalar(text: &str, style: Style, flow: bool) -> String {
    let printable = text.chars().all(|c| !needs_escape(c));
    match style {
        Style::DoubleQuoted => double(text),
        Style::Plain | Style::Flow if printable && is_plain(text, flow) => text.to_owned(),
        _ if printable => format!("'{}'", text.replace('\'', "''")),
        _ => double(text),
    }
}

fn needs_escape(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{feff}' | '\u{2028}' | '\u{2029}' | '\u{fffe}' | '\u{ffff}' | '\u{e000}'..='\u{f8ff}')
}

/// Whether `text` without quotes is this string to every YAML reader.
fn is_plain(text: &str, flow: bool) -> bool {
    let Some(first) = text.chars().next() else { return false };
    let string = |schema| matches!(resolve(text, schema), Scalar::Str(_));
    let indicator = "-?:,[]{}#&*!|>'\"%@`<=".contains(first);
    string(Schema::Yaml11)
        && string(Schema::JsYaml)
        && !indicator
        && !matches!(text, "y" | "Y" | "n" | "N")
        // Base 60, exponents without a sign: numbers to some readers.
        && !(first.is_ascii_digit() || matches!(first, '+' | '.')) | text.contains(char::is_alphabetic)
        && !text.starts_with(char::is_whitespace)
        && !text.ends_with(char::is_whitespace)
        && !text.contains(": ")
        && !text.contains(":\t")
        && !text.contains(" #")
        && !text.ends_with(':')
        && !(flow && text.contains([',', '[', ']', '{', '}', ':']))
}

fn double(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if needs_escape(c) => {
                let _ = write!(out, "\\u{:04x}", c as u32);
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
