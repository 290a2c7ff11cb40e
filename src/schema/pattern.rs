//! Patterns of the table, compiled when they are first asked for.

use super::sequence::Sequence;
use super::table::{StringId, Table};
use regex_lite::Regex;
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

/// Compiled patterns of one run. Patterns that the engine cannot express match everything.
#[derive(Debug, Default)]
pub struct Patterns {
    compiled: RefCell<HashMap<StringId, Option<Rc<Pattern>>>>,
}

#[derive(Debug)]
enum Pattern {
    Sequence(Sequence),
    Regex(Regex),
}

impl Pattern {
    fn new(text: &str) -> Option<Self> {
        Sequence::new(text).map(Self::Sequence).or_else(|| Regex::new(text).ok().map(Self::Regex))
    }

    fn is_in(&self, text: &str) -> bool {
        match self {
            Self::Sequence(sequence) => sequence.is_in(text),
            Self::Regex(regex) => regex.is_match(text),
        }
    }
}

impl Patterns {
    /// Whether `text` holds the pattern somewhere, as `search` does.
    pub fn matches(&self, table: Table, pattern: StringId, text: &str) -> bool {
        let Some(pattern) = self.get(table, pattern) else { return true };
        // `$` also matches before a last line break, as it does where the patterns come from.
        pattern.is_in(text) || text.strip_suffix('\n').is_some_and(|text| pattern.is_in(text))
    }

    fn get(&self, table: Table, pattern: StringId) -> Option<Rc<Pattern>> {
        if let Some(known) = self.compiled.borrow().get(&pattern) {
            return known.clone();
        }
        let compiled = Pattern::new(table.text(pattern)).map(Rc::new);
        self.compiled.borrow_mut().insert(pattern, compiled.clone());
        compiled
    }

    /// Whether the engine can express the pattern.
    pub fn can_check(&self, table: Table, pattern: StringId) -> bool {
        self.get(table, pattern).is_some()
    }
}
