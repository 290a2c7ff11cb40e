//! Comment headers: what a rule is called, how bad it is, and why it is there.
//!
//! A header is a block of comments with lines `# field: value`. The block at the start of a file
//! is for all its rules; the block right above a rule is for that rule, and counts before it. A
//! line that is indented goes on with the field above it.

use crate::finding::{Category, Severity};
use crate::policy::{OptionValue, closest};
use std::ops::Range;

/// The fields a header may have.
const FIELDS: [&str; 6] = ["name", "severity", "category", "reason", "help", "parameter"];

/// A header as written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Header {
    pub name: Option<String>,
    pub severity: Option<Severity>,
    pub category: Option<Category>,
    pub reason: Option<String>,
    pub help: Option<String>,
    /// Name, meaning, default.
    pub parameters: Vec<(String, String, OptionValue)>,
}

/// A mistake in a header, at these bytes of the file.
pub(super) type Mistake = (Range<usize>, String, String);

impl Header {
    /// This header, with what it leaves open from that of the file.
    pub fn over(&self, file: &Self) -> Self {
        let mut parameters = file.parameters.clone();
        parameters.retain(|(name, ..)| !self.parameters.iter().any(|(own, ..)| own == name));
        parameters.extend(self.parameters.iter().cloned());
        Self {
            name: self.name.clone(),
            severity: self.severity.or(file.severity),
            category: self.category.or(file.category),
            reason: self.reason.clone().or_else(|| file.reason.clone()),
            help: self.help.clone().or_else(|| file.help.clone()),
            parameters,
        }
    }

    /// Reads a block of comment lines, each with its offset.
    pub fn read(block: &[(usize, &str)], mistakes: &mut Vec<Mistake>) -> Self {
        let mut header = Self::default();
        for (range, field, value) in fields(block) {
            if !FIELDS.contains(&&*field) {
                // Prose has colons, too: only what is nearly a field is a mistake.
                if let Some(name) = closest(&field, FIELDS, 1).first().filter(|name| is_near(name, &field)) {
                    let message = format!("there is no header field `{field}`");
                    mistakes.push((range, message, format!("did you mean `{name}`?")));
                }
                continue;
            }
            if value.is_empty() {
                mistakes.push((range, format!("`{field}` has no value"), format!("write `# {field}: …`")));
                continue;
            }
            header.set(&field, value, range, mistakes);
        }
        header
    }

    fn set(&mut self, field: &str, value: String, range: Range<usize>, mistakes: &mut Vec<Mistake>) {
        match field {
            "name" if is_name(&value) => self.name = Some(value),
            "name" => {
                let help = "write small letters, digits and dashes, e.g. `functions-have-an-owner`".to_owned();
                mistakes.push((range, format!("`{value}` is no name of a rule"), help));
            }
            "severity" => match value.parse() {
                Ok(severity) => self.severity = Some(severity),
                Err(()) => mistakes.push(one_of(range, &value, "severity", &Severity::ALL.map(Severity::name))),
            },
            "category" => match value.parse() {
                Ok(category) => self.category = Some(category),
                Err(()) => mistakes.push(one_of(range, &value, "category", &Category::ALL.map(Category::name))),
            },
            "reason" => self.reason = Some(value),
            "help" => self.help = Some(value),
            _ => match parameter(&value) {
                Some(parameter) => self.parameters.push(parameter),
                None => {
                    let message = format!("`{value}` declares no parameter");
                    let help = "write `# parameter: name = default; what it means`".to_owned();
                    mistakes.push((range, message, help));
                }
            },
        }
    }
}

fn one_of(range: Range<usize>, value: &str, field: &str, names: &[&str]) -> Mistake {
    (range, format!("`{value}` is no {field}"), format!("it must be one of {}", names.join(", ")))
}

fn is_name(text: &str) -> bool {
    let part = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    text.split('-').all(part)
}

/// One letter is wrong, missing or too many, or two stand in the wrong order.
fn is_near(name: &str, field: &str) -> bool {
    let common = name.bytes().zip(field.bytes()).take_while(|(a, b)| a == b).count();
    let tail = name.bytes().rev().zip(field.bytes().rev()).take_while(|(a, b)| a == b).count();
    name.len().abs_diff(field.len()) <= 2 && common + tail + 2 >= name.len().max(field.len())
}

/// The fields of a block with the bytes of their lines.
fn fields(block: &[(usize, &str)]) -> Vec<(Range<usize>, String, String)> {
    let mut found: Vec<(Range<usize>, String, String)> = Vec::new();
    for (offset, line) in block {
        let text = line.trim_start().trim_start_matches('#');
        let range = *offset..offset + line.trim_end().len();
        let indent = text.len() - text.trim_start().len();
        let named = text.split_once(':').map(|(name, value)| (name.trim(), value.trim()));
        match named {
            Some((name, value)) if indent < 3 && !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase()) => {
                found.push((range, name.to_owned(), value.to_owned()));
            }
            _ if indent >= 3 && !text.trim().is_empty() => {
                if let Some((_, _, value)) = found.last_mut() {
                    *value = format!("{value} {}", text.trim()).trim().to_owned();
                }
            }
            _ => {}
        }
    }
    found
}

/// `days = 30; for how long logs are kept`
fn parameter(text: &str) -> Option<(String, String, OptionValue)> {
    let (name, rest) = text.split_once('=')?;
    let name = name.trim();
    let (value, help) = rest.split_once(';').unwrap_or((rest, ""));
    let value = value.trim();
    let word = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    if name.is_empty() || !name.bytes().all(word) {
        return None;
    }
    let value = if let Ok(number) = value.parse() {
        OptionValue::Int(number)
    } else if matches!(value, "true" | "false") {
        OptionValue::Bool(value == "true")
    } else if let Some(items) = value.strip_prefix('[') {
        let items = items.strip_suffix(']')?.split(',').map(str::trim).filter(|item| !item.is_empty());
        OptionValue::List(items.map(str::to_owned).collect())
    } else {
        OptionValue::Text(value.to_owned())
    };
    Some((name.to_owned(), help.trim().to_owned(), value))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Header, Vec<String>) {
        let mut offset = 0;
        let mut block = Vec::new();
        for line in text.lines() {
            block.push((offset, line));
            offset += line.len() + 1;
        }
        let mut mistakes = Vec::new();
        let header = Header::read(&block, &mut mistakes);
        (
            header,
            mistakes.into_iter().map(|(range, message, help)| format!("{}: {message}: {help}", &text[range])).collect(),
        )
    }

    #[test]
    fn fields_are_read_with_their_continuations() {
        let (header, mistakes) = read(
            "# name: owner-tag\n# severity: high\n# category: cost\n# reason: Bills are split\n#   by owner.\n\
             # Note that this is prose: really.\n# parameter: keys = [a, b]; the tags\n# parameter: days = 30",
        );
        assert!(mistakes.is_empty(), "{mistakes:?}");
        assert_eq!((header.name.as_deref(), header.severity), (Some("owner-tag"), Some(Severity::High)));
        assert_eq!(header.reason.as_deref(), Some("Bills are split by owner."));
        let list = OptionValue::List(vec!["a".into(), "b".into()]);
        let days = ("days".to_owned(), String::new(), OptionValue::Int(30));
        assert_eq!(header.parameters, [("keys".into(), "the tags".into(), list), days]);
    }

    #[test]
    fn mistakes_are_told_with_their_line() {
        let (_, mistakes) = read("# severty: high\n# severity: grave\n# name: Not A Name\n# help:\n# parameter: x");
        assert_eq!(mistakes.len(), 5, "{mistakes:?}");
        assert!(
            mistakes[0].starts_with("# severty: high: there is no header field `severty`: did you mean `severity`?")
        );
        assert!(mistakes[1].contains("`grave` is no severity: it must be one of critical, high"));
    }
}
