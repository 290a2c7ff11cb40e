//! Text of which a part is not known.
//!
//! A variable that cannot be resolved offline becomes a marked stretch inside the string it
//! stood in, so that joining and splitting work as on any text, and evaluation sees that the
//! whole is unknown. The marks are private-use characters; they never reach output, where
//! [`shown`] writes `<<ssm:/path>>`.

use super::value::Text;
use std::borrow::Cow;

const OPEN: char = '\u{F8F0}';
const CLOSE: char = '\u{F8F1}';
/// What the names of a parent's values begin with inside a nested stack.
const PARENT: &str = "../";

/// The text of an unknown value that `name` stands for, e.g. `ssm:/path`.
pub fn mark(name: &str) -> Text {
    format!("{OPEN}{name}{CLOSE}").into()
}

/// Whether a part of `text` is unknown.
pub fn is_unknown(text: &str) -> bool {
    text.contains(OPEN)
}

/// `text` as output shows it.
pub fn shown(text: &str) -> Cow<'_, str> {
    if is_unknown(text) { Cow::Owned(text.replace(OPEN, "<<").replace(CLOSE, ">>")) } else { Cow::Borrowed(text) }
}

/// The unknown parts of `text` in order, each with the text behind it.
pub fn marks(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let open = rest.find(OPEN)? + OPEN.len_utf8();
        let close = open + rest[open..].find(CLOSE)?;
        let mark = &rest[open..close];
        rest = &rest[close + CLOSE.len_utf8()..];
        Some((mark, rest))
    })
}

/// Where `wanted` first stands outside the unknown parts of `text`.
pub fn find_outside(text: &str, wanted: impl Fn(char) -> bool) -> Option<usize> {
    let mut inside = false;
    text.char_indices().find_map(|(at, c)| {
        match c {
            OPEN => inside = true,
            CLOSE => inside = false,
            _ if !inside && wanted(c) => return Some(at),
            _ => {}
        }
        None
    })
}

/// `text` as a nested stack sees it that is handed it as a parameter.
pub fn for_child(text: &str) -> String {
    text.replace(OPEN, &format!("{OPEN}{PARENT}"))
}

/// `text` as a parent wrote it, where all its unknown parts come from there.
pub fn of_parent(text: &str) -> Option<String> {
    let opened = format!("{OPEN}{PARENT}");
    let all = text.matches(OPEN).count();
    (all > 0 && text.matches(&opened).count() == all).then(|| text.replace(&opened, &OPEN.to_string()))
}

/// Whether a character opens or closes an unknown part.
pub fn is_mark(c: char) -> (bool, bool) {
    (c == OPEN, c == CLOSE)
}
