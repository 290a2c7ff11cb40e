//! Patterns of the table, compiled when they are first asked for.

use super::table::{StringId, Table};
use regex_lite::Regex;
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

/// Compiled patterns of one run. Patterns that the engine cannot express match everything.
#[derive(Debug, Default)]
pub struct Patterns {
    compiled: RefCell<HashMap<StringId, Option<Rc<Regex>>>>,
}

impl Patterns {
    /// Whether `text` holds the pattern somewhere, as `search` does.
    pub fn matches(&self, table: Table, pattern: StringId, text: &str) -> bool {
        let Some(regex) = self.get(table, pattern) else { return true };
        // `$` also matches before a last line break, as it does where the patterns come from.
        regex.is_match(text) || text.strip_suffix('\n').is_some_and(|text| regex.is_match(text))
    }

    fn get(&self, table: Table, pattern: StringId) -> Option<Rc<Regex>> {
        if let Some(known) = self.compiled.borrow().get(&pattern) {
            return known.clone();
        }
        let compiled = Regex::new(table.text(pattern)).ok().map(Rc::new);
        self.compiled.borrow_mut().insert(pattern, compiled.clone());
        compiled
    }

    /// Whether the engine can express the pattern.
    pub fn can_check(&self, table: Table, pattern: StringId) -> bool {
        self.get(table, pattern).is_some()
    }
}
