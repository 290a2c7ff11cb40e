//! Comments that switch policies off: `# dewline: ignore[name, …] reason` for what stands on
//! or below them, `# dewline: ignore-file[name] reason` for the whole file.

use super::Span;

/// How far a suppression reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The node on the comment's line, or the one below the comment.
    Node,
    /// The file.
    File,
}

/// One name in the brackets of a suppression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SuppressedName {
    /// A policy, a category or `all`, as written; it may not exist.
    pub name: String,
    /// Where it is written.
    pub span: Span,
}

/// One suppression comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suppression {
    /// What is suppressed, at least one name.
    pub names: Vec<SuppressedName>,
    /// Why, in the author's words.
    pub reason: Option<String>,
    /// How far it reaches.
    pub scope: Scope,
    /// The comment, `#` included.
    pub span: Span,
}

/// A comment that is meant for dewline and cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MalformedSuppression {
    /// What is wrong, one sentence without a full stop.
    pub message: String,
    /// Where.
    pub span: Span,
}

/// How a suppression is written, for help texts.
pub const USAGE: &str = "write `# dewline: ignore[policy-name] reason` or `# dewline: ignore-file[policy-name] reason`";

/// Reads the comment `text` (with its `#`) at `span`; `None` when it is not addressed to
/// dewline.
pub fn parse(text: &str, span: Span) -> Option<Result<Suppression, MalformedSuppression>> {
    let mut reader = Reader { text, span, at: 0 };
    reader.eat("#");
    reader.blanks();
    if !reader.eat("dewline") {
        return None;
    }
    let blanks = reader.blanks();
    if !reader.eat(":") {
        // Prose may begin with the name; a directive without its colon may not pass unseen.
        let looks_meant = blanks > 0 && reader.rest().starts_with("ignore") && reader.rest().contains('[');
        let at = reader.at;
        return looks_meant.then(|| Err(reader.malformed(at, at + 6, "the colon behind `dewline` is missing")));
    }
    reader.blanks();
    Some(reader.directive())
}

struct Reader<'t> {
    text: &'t str,
    span: Span,
    at: usize,
}

impl<'t> Reader<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn eat(&mut self, expected: &str) -> bool {
        let found = self.rest().starts_with(expected);
        self.at += if found { expected.len() } else { 0 };
        found
    }

    fn blanks(&mut self) -> usize {
        let count = self.rest().len() - self.rest().trim_start().len();
        self.at += count;
        count
    }

    fn span_of(&self, from: usize, to: usize) -> Span {
        let (from, to) = (from.min(self.text.len()) as u32, to.min(self.text.len()) as u32);
        Span { start: self.span.start + from, end: self.span.start + to.max(from), ..self.span }
    }

    fn malformed(&self, from: usize, to: usize, message: impl Into<String>) -> MalformedSuppression {
        MalformedSuppression { message: message.into(), span: self.span_of(from, to) }
    }

    fn directive(mut self) -> Result<Suppression, MalformedSuppression> {
        let start = self.at;
        let length = self.rest().find(|c: char| !c.is_ascii_alphanumeric() && c != '-').unwrap_or(self.rest().len());
        let word = &self.rest()[..length];
        self.at += length;
        let scope = match word {
            "ignore" => Scope::Node,
            "ignore-file" => Scope::File,
            "" => return Err(self.malformed(0, self.text.len(), "nothing follows `dewline:`")),
            other => {
                let message = format!("`{other}` is no instruction; there are `ignore` and `ignore-file`");
                return Err(self.malformed(start, self.at, message));
            }
        };
        self.blanks();
        let open = self.at;
        if !self.eat("[") {
            let message = format!("`{word}` needs the names of policies in brackets");
            return Err(self.malformed(start, start + length, message));
        }
        let Some(close) = self.rest().find(']') else {
            return Err(self.malformed(open, self.text.len(), "the bracket that opens here is not closed"));
        };
        let names = self.names(self.at, self.at + close)?;
        self.at += close + 1;
        let reason = self.rest().trim_start_matches([' ', '\t', '-', ':', '\u{2013}', '\u{2014}']).trim_end();
        let reason = (!reason.is_empty()).then(|| reason.to_owned());
        Ok(Suppression { names, reason, scope, span: self.span })
    }

    /// The names between the brackets, which stand at `from` and `to`.
    fn names(&self, from: usize, to: usize) -> Result<Vec<SuppressedName>, MalformedSuppression> {
        let list = self.text.get(from..to).unwrap_or_default();
        if list.trim().is_empty() {
            return Err(self.malformed(from.saturating_sub(1), to + 1, "the brackets name no policy"));
        }
        let mut names = Vec::new();
        let mut start = from;
        for part in list.split(',') {
            let name = part.trim();
            let at = start + (part.len() - part.trim_start().len());
            let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
            if name.is_empty() {
                return Err(self.malformed(
                    start.saturating_sub(1),
                    start + part.len(),
                    "a name is missing between the commas",
                ));
            }
            if !name.chars().all(fits) {
                let message = format!("`{name}` cannot be the name of a policy");
                return Err(self.malformed(at, at + name.len(), message));
            }
            names.push(SuppressedName { name: name.to_owned(), span: self.span_of(at, at + name.len()) });
            start += part.len() + 1;
        }
        Ok(names)
    }
}
