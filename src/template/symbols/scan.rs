//! Placeholders `${…}` in raw text, with exact offsets and nesting.

/// One `${…}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placeholder {
    /// Offset of the `$`.
    pub start: usize,
    /// Offset behind the `}`, or the end of the text where it is missing.
    pub end: usize,
    /// Offset of the first byte inside.
    pub inner_start: usize,
    /// Offset behind the last byte inside.
    pub inner_end: usize,
}

/// Nesting deeper than any template's.
const MAX_DEPTH: usize = 32;

/// All placeholders of `text`, nested ones after those around them. One that is not closed
/// reaches to the end of its line.
pub fn placeholders(text: &str) -> Vec<Placeholder> {
    let mut found = Vec::new();
    collect(text, 0, text.len(), 0, &mut found);
    found
}

fn collect(text: &str, from: usize, to: usize, depth: usize, found: &mut Vec<Placeholder>) {
    let mut at = from;
    while let Some(start) = text.get(at..to).and_then(|rest| rest.find("${")).map(|found| at + found) {
        let inner_start = start + 2;
        let (inner_end, end) = match closing(text, inner_start, to) {
            Some(close) => (close, close + 1),
            None => {
                let line = text[inner_start..to].find('\n').map_or(to, |line| inner_start + line);
                (line, line)
            }
        };
        found.push(Placeholder { start, end, inner_start, inner_end });
        if depth < MAX_DEPTH {
            collect(text, inner_start, inner_end, depth + 1, found);
        }
        at = end.max(inner_start);
    }
}

/// The `}` that closes what opens before `from`.
fn closing(text: &str, from: usize, to: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut depth = 0;
    let mut at = from;
    while at < to {
        match bytes[at] {
            b'$' if bytes.get(at + 1) == Some(&b'{') => {
                depth += 1;
                at += 1;
            }
            b'}' if depth == 0 => return Some(at),
            b'}' => depth -= 1,
            _ => {}
        }
        at += 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nested_and_open_placeholders_are_found() {
        let text = "a ${b} ${c:${d}, 'e'} ${f\nnext";
        let found: Vec<&str> = placeholders(text).iter().map(|p| &text[p.inner_start..p.inner_end]).collect();
        assert_eq!(found, ["b", "c:${d}, 'e'", "d", "f"]);
    }
}
