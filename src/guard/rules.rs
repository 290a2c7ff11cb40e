//! Guard files with their header.

use super::evaluate;
use crate::finding::{Category, Severity};

/// A Guard file that parses.
#[derive(Clone, Debug)]
pub struct RuleFile {
    /// Where it comes from, for messages.
    pub path: String,
    /// Severity of its rules: `# severity: high` in the leading comment, `medium` without.
    pub severity: Severity,
    /// Category of its rules: `# category: security` in the leading comment, `security` without.
    pub category: Category,
    /// The next step, from `# help: …` in the leading comment.
    pub help: Option<String>,
    pub(super) text: String,
}

/// Why a Guard file cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GuardError {
    /// The rules do not parse.
    #[error("{path}: the Guard rules cannot be read: {message}")]
    Syntax {
        /// The file.
        path: String,
        /// What the Guard parser says.
        message: String,
    },
    /// A header field has a value it does not take.
    #[error("{path}:{line}: `{value}` is no {field}")]
    Header {
        /// The file.
        path: String,
        /// Line of the field, from 1.
        line: usize,
        /// `severity` or `category`.
        field: &'static str,
        /// The value as written.
        value: String,
    },
}

impl RuleFile {
    /// Reads a Guard file and checks that its rules parse.
    pub fn parse(path: impl Into<String>, text: impl Into<String>) -> Result<Self, GuardError> {
        let mut file = Self {
            path: path.into(),
            severity: Severity::Medium,
            category: Category::Security,
            help: None,
            text: text.into(),
        };
        let text = file.text.clone();
        for (index, line) in
            text.lines().enumerate().take_while(|(_, line)| line.trim().is_empty() || line.starts_with('#'))
        {
            let Some((field, value)) = line.trim_start_matches('#').split_once(':') else { continue };
            let value = value.trim();
            let bad =
                |field| GuardError::Header { path: file.path.clone(), line: index + 1, field, value: value.to_owned() };
            match field.trim() {
                "severity" => file.severity = value.parse().map_err(|()| bad("severity"))?,
                "category" => file.category = value.parse().map_err(|()| bad("category"))?,
                "help" => file.help = Some(value.to_owned()),
                _ => {}
            }
        }
        match evaluate::syntax_error(&file.text) {
            Some(message) => Err(GuardError::Syntax { path: file.path, message }),
            None => Ok(file),
        }
    }

    /// Whether the file has a rule of this name, in the kebab-case form findings carry.
    pub fn has_rule(&self, name: &str) -> bool {
        let rules = self.text.lines().filter_map(|line| line.trim_start().strip_prefix("rule "));
        rules
            .filter_map(|rest| rest.split([' ', '{', '(']).next())
            .any(|rule| rule.to_lowercase().replace('_', "-") == name)
    }
}
