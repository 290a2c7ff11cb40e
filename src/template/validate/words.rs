//! Words for messages: values as shown, lists of names, the name that was probably meant.

use crate::template::unknown;
use crate::template::value::{Kind, Value};

/// Longest text that a message repeats.
const SHOWN: usize = 60;
/// Most allowed values that a help text lists.
const LISTED: usize = 12;

/// `value` for a sentence.
pub(super) fn shown(value: &Value) -> String {
    if value.origin.is_secret() {
        return "a secret".to_owned();
    }
    match &value.kind {
        Kind::Null => "null".to_owned(),
        Kind::Bool(value) => format!("`{value}`"),
        Kind::Int(number) => format!("`{number}`"),
        Kind::Float(number) => format!("`{number}`"),
        Kind::Str(text) => quoted(text),
        Kind::List(_) => "a list".to_owned(),
        Kind::Map(map) if map.len() == 1 => {
            map.keys().next().map_or_else(String::new, |key| format!("a map with the only key `{key}`"))
        }
        Kind::Map(_) => "a map".to_owned(),
    }
}

/// `text` between quotes, cut when it is long.
pub(super) fn quoted(text: &str) -> String {
    let text = unknown::shown(text);
    let short: String = text.chars().take(SHOWN).collect();
    if short.len() < text.len() { format!("`{short}…`") } else { format!("`{short}`") }
}

/// Names joined for a sentence, each between quotes; cut when there are many.
pub(super) fn listed<'a>(names: impl IntoIterator<Item = &'a str>, last: &str) -> String {
    let names: Vec<&str> = names.into_iter().collect();
    let more = names.len().saturating_sub(LISTED);
    let shown: Vec<String> = names.iter().take(LISTED).map(|name| format!("`{name}`")).collect();
    match (shown.as_slice(), more) {
        ([], _) => String::new(),
        ([only], _) => only.clone(),
        ([start @ .., end], 0) => format!("{} {last} {end}", start.join(", ")),
        (all, more) => format!("{} {last} {more} more", all.join(", ")),
    }
}

/// The name among `names` that was probably meant by `written`.
pub fn nearest<'a>(written: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = (written.chars().count() / 3).clamp(1, 4);
    names.into_iter().filter_map(|name| Some((distance(written, name, limit)?, name))).min().map(|(_, name)| name)
}

/// Edit distance between two names without regard to case, when it is at most `limit`.
fn distance(left: &str, right: &str, limit: usize) -> Option<usize> {
    let fold = |text: &str| text.chars().map(|c| c.to_ascii_lowercase()).collect::<Vec<char>>();
    let (left, right) = (fold(left), fold(right));
    if left.len().abs_diff(right.len()) > limit {
        return None;
    }
    let mut before: Vec<usize> = (0..=right.len()).collect();
    let mut earlier = before.clone();
    for (i, a) in left.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, b) in right.iter().enumerate() {
            let replaced = before[j] + usize::from(a != b);
            let mut best = replaced.min(before[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *a == right[j - 1] && left[i - 1] == *b {
                best = best.min(earlier[j - 1] + 1);
            }
            row.push(best);
        }
        earlier = std::mem::replace(&mut before, row);
    }
    before.last().copied().filter(|distance| *distance <= limit)
}

#[cfg(test)]
mod tests {
    use super::{listed, nearest};

    #[test]
    fn a_misspelt_name_is_recognised() {
        let names = ["Runtime", "Role", "Timeout", "Handler"];
        assert_eq!(nearest("Runtme", names), Some("Runtime"));
        assert_eq!(nearest("timeout", names), Some("Timeout"));
        assert_eq!(nearest("Tiemout", names), Some("Timeout"));
        assert_eq!(nearest("Layers", names), None);
    }

    #[test]
    fn long_lists_are_cut() {
        let names: Vec<String> = (0..20).map(|n| format!("v{n}")).collect();
        assert!(listed(names.iter().map(String::as_str), "or").ends_with("or 8 more"));
        assert_eq!(listed(["a", "b", "c"], "or"), "`a`, `b` or `c`");
    }
}
