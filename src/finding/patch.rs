//! Several fixes at once.

use super::{Edit, Fix};

/// Edits of fixes that leave each other alone.
#[derive(Clone, Debug, Default)]
pub struct Patch {
    edits: Vec<Edit>,
}

/// What became of a fix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// It is among the edits.
    Added,
    /// The edits do all of it already.
    Already,
    /// It touches what others change; it has to wait until they are made.
    Clashes,
}

impl Patch {
    /// Takes in all edits of `fix`, or none.
    pub fn add(&mut self, fix: &Fix) -> Taken {
        let mut edits = self.edits.clone();
        let mut added = false;
        for edit in &fix.edits {
            if edits.contains(edit) {
                continue;
            }
            added = true;
            let touching: Vec<usize> = (0..edits.len()).filter(|at| touch(&edits[*at], edit)).collect();
            match touching.as_slice() {
                [] => edits.push(edit.clone()),
                [at] => match joined(&edits[*at], edit) {
                    Some(joined) => edits[*at] = joined,
                    None => return Taken::Clashes,
                },
                _ => return Taken::Clashes,
            }
        }
        if !added {
            return Taken::Already;
        }
        self.edits = edits;
        Taken::Added
    }

    /// The edits, none overlapping another.
    pub fn edits(&self) -> &[Edit] {
        &self.edits
    }

    /// As [`Patch::edits`].
    pub fn into_edits(self) -> Vec<Edit> {
        self.edits
    }
}

fn touch(a: &Edit, b: &Edit) -> bool {
    a.span.file == b.span.file && a.span.start <= b.span.end && b.span.start <= a.span.end
}

/// Two insertions at one place as one: entries of one map, or of a map and of one around it,
/// whose entries come after.
fn joined(a: &Edit, b: &Edit) -> Option<Edit> {
    if a.span != b.span || a.span.start != a.span.end {
        return None;
    }
    let (mut first, mut second) = (parts(&a.text)?, parts(&b.text)?);
    // What is in `a` may already be several entries, some of them those of `b`.
    second.retain(|entry| !first.contains(entry));
    for (indent, name, _) in &second {
        let same = |(other, known, _): &(usize, &str, &str)| {
            other == indent && (known == name || name.starts_with('-') || known.starts_with('-'))
        };
        if first.iter().any(same) {
            return None;
        }
    }
    first.append(&mut second);
    first.sort_by_key(|(indent, ..)| std::cmp::Reverse(*indent));
    Some(Edit { span: a.span, text: first.into_iter().map(|(_, _, text)| text).collect() })
}

/// The entries of inserted text: indentation, key, text. The lines of an entry below its first
/// are deeper than it.
fn parts(text: &str) -> Option<Vec<(usize, &str, &str)>> {
    let body = text.strip_prefix(',').unwrap_or(text);
    let lines = body.trim_start_matches('\r').strip_prefix('\n');
    let Some(lines) = lines else {
        // In brackets, on one line.
        let entry = body.strip_prefix(' ').filter(|_| text.starts_with(','))?;
        return (!text.contains('\n')).then(|| vec![(0, entry.split(':').next().unwrap_or(entry), text)]);
    };
    let indent = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let mut found: Vec<(usize, &str, usize)> = Vec::new();
    let mut at = text.len() - lines.len();
    for line in lines.split_inclusive('\n') {
        let own = indent(line);
        let begins = found.last().is_none_or(|(known, ..)| own <= *known);
        let closes = line.trim_start().starts_with(['}', ']']);
        if begins && !closes {
            let head = line.trim().split(':').next().unwrap_or_default().trim_matches(['"', '\'']);
            found.push((own, head, at));
        }
        at += line.len();
    }
    // Where the text of each begins: at the break, and the comma, before its first line.
    let start = |at: usize| {
        let before = text.get(..at).unwrap_or_default();
        let before = before.strip_suffix('\n').unwrap_or(before);
        let before = before.strip_suffix('\r').unwrap_or(before);
        before.strip_suffix(',').unwrap_or(before).len()
    };
    let starts: Vec<usize> = found.iter().map(|(_, _, at)| start(*at)).chain([text.len()]).collect();
    let entries = found.iter().zip(starts.windows(2));
    entries.map(|((own, head, _), range)| Some((*own, *head, text.get(range[0]..range[1])?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Span;

    fn fix(edits: &[(u32, u32, &str)]) -> Fix {
        let edit = |(start, end, text): &(u32, u32, &str)| Edit {
            span: Span { start: *start, end: *end, ..Span::default() },
            text: (*text).to_owned(),
        };
        Fix { safe: true, title: String::new(), edits: edits.iter().map(edit).collect() }
    }

    fn patched(fixes: &[Fix]) -> (Vec<Taken>, Vec<String>) {
        let mut patch = Patch::default();
        let taken = fixes.iter().map(|fix| patch.add(fix)).collect();
        (taken, patch.into_edits().into_iter().map(|edit| edit.text).collect())
    }

    #[test]
    fn entries_of_one_map_are_joined_and_deeper_ones_come_first() {
        let (taken, texts) = patched(&[
            fix(&[(9, 9, "\n  A:\n    Type: T\n    B: 1")]),
            fix(&[(9, 9, "\n      Deep: 1")]),
            fix(&[(9, 9, "\n  B:\n    Type: T")]),
        ]);
        assert_eq!(taken, [Taken::Added; 3]);
        assert_eq!(texts, ["\n      Deep: 1\n  A:\n    Type: T\n    B: 1\n  B:\n    Type: T"]);
        let (taken, texts) = patched(&[fix(&[(9, 9, ", a: 1")]), fix(&[(9, 9, ", b: { c: 1 }")])]);
        assert_eq!((taken, texts), (vec![Taken::Added; 2], vec![", a: 1, b: { c: 1 }".to_owned()]));
        let json = [fix(&[(9, 9, ",\r\n  \"A\": {\r\n    \"B\": 1\r\n  }")]), fix(&[(9, 9, ",\r\n  \"C\": 1")])];
        let (taken, texts) = patched(&json);
        assert_eq!(taken, [Taken::Added; 2]);
        assert_eq!(texts, [",\r\n  \"A\": {\r\n    \"B\": 1\r\n  },\r\n  \"C\": 1"]);
    }

    #[test]
    fn what_is_done_already_is_not_done_twice_and_clashes_wait() {
        let twice = [fix(&[(3, 5, "29")]), fix(&[(3, 5, "29")])];
        assert_eq!(patched(&twice).0, [Taken::Added, Taken::Already]);
        assert_eq!(patched(&[fix(&[(3, 5, "29")]), fix(&[(3, 5, "30")])]).0, [Taken::Added, Taken::Clashes]);
        let same_key = [fix(&[(9, 9, "\n  A: 1")]), fix(&[(9, 9, "\n  A: 2")])];
        assert_eq!(patched(&same_key).0, [Taken::Added, Taken::Clashes]);
        let items = [fix(&[(9, 9, "\n  - a")]), fix(&[(9, 9, "\n  - b")])];
        assert_eq!(patched(&items).0, [Taken::Added, Taken::Clashes]);
    }
}
