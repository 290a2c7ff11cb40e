//! Patterns of the schema, compiled when they are first asked for.

use regex_lite::{Regex, RegexBuilder};
use serde::Deserialize;
use std::sync::OnceLock;

/// A pattern as the schema writes it.
#[derive(Debug, Deserialize)]
#[serde(from = "String")]
pub struct Pattern {
    text: String,
    compiled: OnceLock<Option<Compiled>>,
}

#[derive(Debug)]
struct Compiled {
    not: Option<Regex>,
    is: Regex,
}

impl From<String> for Pattern {
    fn from(text: String) -> Self {
        Self { text, compiled: OnceLock::new() }
    }
}

impl Pattern {
    /// As it is written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether the engine can express it.
    #[cfg(test)]
    pub fn can_check(&self) -> bool {
        self.compiled().is_some()
    }

    /// Whether `text` holds the pattern somewhere.
    pub fn matches(&self, text: &str) -> bool {
        self.compiled().is_none_or(|compiled| {
            compiled.is.is_match(text) && compiled.not.as_ref().is_none_or(|not| !not.is_match(text))
        })
    }

    fn compiled(&self) -> Option<&Compiled> {
        self.compiled.get_or_init(|| compile(&self.text)).as_ref()
    }
}

/// Between slashes flags follow. A leading `(?!…)`, which the engine lacks, is a pattern of its
/// own: it may hold nowhere, which is the same for patterns that begin at the first character.
fn compile(text: &str) -> Option<Compiled> {
    let (text, ignore_case) = match text.strip_prefix('/').and_then(|rest| rest.rsplit_once('/')) {
        Some((inner, flags)) => (inner, flags.contains('i')),
        None => (text, false),
    };
    let regex = |text: &str| RegexBuilder::new(text).case_insensitive(ignore_case).build().ok();
    let (start, text) = match text.strip_prefix('^') {
        Some(rest) if rest.starts_with("(?!") => ("^", rest),
        _ => ("", text),
    };
    let Some(rest) = text.strip_prefix("(?!") else { return Some(Compiled { not: None, is: regex(text)? }) };
    let mut open = 1;
    let end = rest.char_indices().find_map(|(at, c)| {
        open += i32::from(c == '(') - i32::from(c == ')');
        (open == 0).then_some(at)
    })?;
    let part = |text: &str| regex(&format!("{start}{text}"));
    Some(Compiled { not: Some(part(&rest[..end])?), is: part(&rest[end + 1..])? })
}

#[cfg(test)]
mod tests {
    use super::Pattern;

    #[test]
    fn look_ahead_and_flags() {
        let bucket = Pattern::from(r"(?!^(\d{1,3}\.){3}\d{1,3}$)(^[a-z0-9.-]+$)".to_owned());
        assert!(bucket.matches("my.bucket"));
        assert!(!bucket.matches("10.0.0.1"));
        assert!(!bucket.matches("My"));
        let method = Pattern::from("/^get$/i".to_owned());
        assert!(method.matches("GET"));
        assert!(!method.matches("GETS"));
    }
}
