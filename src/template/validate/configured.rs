//! What a template's configuration of cfn-lint says about how it is to be read.
//!
//! Templates that were checked with cfn-lint carry its configuration in `Metadata`. Which
//! findings are left out is the engine's business; here is what changes a check itself.

use crate::template::value::Value;
use regex_lite::Regex;

/// The configuration, as far as it changes what is checked.
#[derive(Debug, Default)]
pub(super) struct Configured {
    /// Whether text does not stand for numbers and booleans (`E3012: {strict: true}`).
    pub strict_types: bool,
    /// Variables in plain text that another tool replaces (`E1029: {custom_excludes: pattern}`).
    foreign_variables: Option<Regex>,
}

impl Configured {
    /// Reads `Metadata` of the template `root`.
    pub fn read(root: &Value) -> Self {
        let Some(rules) = root.at(&["Metadata", "cfn-lint", "config", "configure_rules"]) else {
            return Self::default();
        };
        let strict = rules.at(&["E3012", "strict"]).and_then(super::scalar::scalar_text);
        let pattern = rules.at(&["E1029", "custom_excludes"]).and_then(Value::as_str);
        Self {
            strict_types: strict.is_some_and(|text| text.eq_ignore_ascii_case("true")),
            foreign_variables: pattern.filter(|text| !text.is_empty()).and_then(|text| Regex::new(text).ok()),
        }
    }

    /// Whether `${name}` is another tool's variable.
    pub fn is_foreign_variable(&self, name: &str) -> bool {
        self.foreign_variables.as_ref().is_some_and(|pattern| pattern.is_match(&format!("${{{name}}}")))
    }
}
