//! Patterns that are characters one after the other, each so many times.
//!
//! Most patterns of the table are, and a text is read along one without an engine. What may be
//! read in many ways is left to the engine.

/// A pattern without groups and alternatives.
#[derive(Debug)]
pub(super) struct Sequence {
    from_start: bool,
    to_end: bool,
    steps: Box<[Step]>,
}

/// Characters of one class, so many times.
#[derive(Clone, Debug)]
struct Step {
    class: Class,
    least: usize,
    most: usize,
    /// Whether fewer characters than there are may have to be taken.
    gives_back: bool,
}

impl Step {
    fn is_fixed(&self) -> bool {
        self.least == self.most
    }
}

/// A set of characters.
#[derive(Clone, Debug, Default)]
struct Class {
    ascii: u128,
    /// Ranges of characters beyond ASCII.
    others: Vec<(char, char)>,
    /// Whether characters beyond ASCII are those that are not in the ranges.
    all_others_but: bool,
}

impl Class {
    fn has(&self, c: char) -> bool {
        if c.is_ascii() {
            return self.ascii >> u32::from(c) & 1 == 1;
        }
        self.others.iter().any(|(first, last)| (*first..=*last).contains(&c)) != self.all_others_but
    }

    fn of(chars: &str) -> Self {
        let mut class = Self::default();
        chars.chars().for_each(|c| class.add(c, c));
        class
    }

    fn add(&mut self, first: char, last: char) {
        for c in u32::from(first)..=u32::from(last).min(127) {
            self.ascii |= 1 << c;
        }
        if !last.is_ascii() {
            self.others.push((first.max('\u{80}'), last));
        }
    }

    fn negated(mut self) -> Self {
        self.ascii = !self.ascii;
        self.all_others_but = !self.all_others_but;
        self
    }

    /// Whether a character may be in both.
    fn meets(&self, other: &Self) -> bool {
        let beyond = |class: &Self| class.all_others_but || !class.others.is_empty();
        self.ascii & other.ascii != 0 || beyond(self) && beyond(other)
    }

    /// The class that `\c` stands for; none when it is no class.
    fn escaped(c: char) -> Option<Self> {
        let named = match c.to_ascii_lowercase() {
            'd' => "0123456789",
            'w' => "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz",
            's' => "\t\n\u{b}\u{c}\r ",
            _ => return None,
        };
        Some(if c.is_ascii_uppercase() { Self::of(named).negated() } else { Self::of(named) })
    }
}

impl Sequence {
    /// The sequence that `pattern` is; `None` when it is more than that.
    pub(super) fn new(pattern: &str) -> Option<Self> {
        let inner = pattern.strip_prefix('^').unwrap_or(pattern);
        let from_start = inner.len() < pattern.len();
        let mut reader = Reader { rest: inner };
        let mut steps = Vec::new();
        let mut to_end = false;
        while let Some(class) = reader.class()? {
            let (least, most) = reader.times()?;
            steps.push(Step { class, least, most, gives_back: false });
        }
        if reader.rest == "$" {
            to_end = true;
        } else if !reader.rest.is_empty() {
            return None;
        }
        // Where anything may stand around, as little as possible is enough.
        if let Some(first) = steps.first_mut().filter(|_| !from_start) {
            first.most = first.least;
        }
        if let Some(last) = steps.last_mut().filter(|_| !to_end) {
            last.most = last.least;
        }
        let is_variable = |step: &Step| !step.is_fixed();
        if !from_start && steps.iter().any(is_variable) {
            return None;
        }
        for at in 0..steps.len() {
            let after = &steps[at + 1..];
            let next = after.iter().position(|step| step.least > 0).map_or(after.len(), |first| first + 1);
            let gives_back = is_variable(&steps[at]) && after[..next].iter().any(|s| s.class.meets(&steps[at].class));
            if gives_back && after.iter().any(is_variable) {
                return None;
            }
            steps[at].gives_back = gives_back;
        }
        Some(Self { from_start, to_end, steps: steps.into() })
    }

    /// Whether `text` holds the pattern somewhere.
    pub(super) fn is_in(&self, text: &str) -> bool {
        self.from_start && self.fits(&self.steps, text)
            || !self.from_start
                && text
                    .char_indices()
                    .map(|(at, _)| at)
                    .chain([text.len()])
                    .any(|at| self.fits(&self.steps, &text[at..]))
    }

    /// Whether `text` begins with `steps`, and ends there when it must.
    fn fits(&self, steps: &[Step], text: &str) -> bool {
        let mut rest = text;
        for (at, step) in steps.iter().enumerate() {
            let mut taken = 0;
            let mut end = 0;
            for c in rest.chars() {
                if taken == step.most || !step.class.has(c) {
                    break;
                }
                taken += 1;
                end += c.len_utf8();
            }
            if taken < step.least {
                return false;
            }
            if step.gives_back {
                let after = &steps[at + 1..];
                let ends = rest[..end].char_indices().rev().map(|(at, _)| at);
                return std::iter::once(end)
                    .chain(ends)
                    .take(taken - step.least + 1)
                    .any(|end| self.fits(after, &rest[end..]));
            }
            rest = &rest[end..];
        }
        !self.to_end || rest.is_empty()
    }
}

/// Reads a pattern.
struct Reader<'p> {
    rest: &'p str,
}

impl Reader<'_> {
    fn next(&mut self) -> Option<char> {
        let c = self.rest.chars().next()?;
        self.rest = &self.rest[c.len_utf8()..];
        Some(c)
    }

    fn take(&mut self, start: char) -> bool {
        let rest = self.rest.strip_prefix(start);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    /// The next class; `Some(None)` at the end or before `$`, `None` for what is no class.
    fn class(&mut self) -> Option<Option<Class>> {
        if self.rest.is_empty() || self.rest == "$" {
            return Some(None);
        }
        Some(Some(match self.next()? {
            '.' => Class::of("\n").negated(),
            '[' => self.set()?,
            '\\' => self.escape()?.map_or_else(|class| class, |c| Class::of(c.encode_utf8(&mut [0; 4]))),
            '^' | '$' | '(' | ')' | '|' | '*' | '+' | '?' | '{' | '}' | ']' => return None,
            c => Class::of(c.encode_utf8(&mut [0; 4])),
        }))
    }

    /// What stands behind a backslash: a character or a class.
    fn escape(&mut self) -> Option<Result<char, Class>> {
        let c = self.next()?;
        if let Some(class) = Class::escaped(c) {
            return Some(Err(class));
        }
        Some(Ok(match c {
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'x' => {
                let end = self.rest.strip_prefix('{')?.find('}')?;
                let code = u32::from_str_radix(&self.rest[1..=end], 16).ok()?;
                self.rest = &self.rest[end + 2..];
                char::from_u32(code)?
            }
            '.' | '-' | '/' | '\\' | '+' | '*' | '?' | '(' | ')' | '[' | ']' | '{' | '}' | '^' | '$' | '|' => c,
            _ => return None,
        }))
    }

    /// The class between brackets, of which the first is read.
    fn set(&mut self) -> Option<Class> {
        let negated = self.take('^');
        let mut set = Class::default();
        let mut is_first = true;
        loop {
            // What has a meaning of its own between brackets is left to the engine.
            if ["[", "&&", "--", "~~"].iter().any(|special| self.rest.starts_with(special)) {
                return None;
            }
            let first = match self.next()? {
                ']' if is_first => return None,
                ']' => break,
                '\\' => self.escape()?,
                c => Ok(c),
            };
            is_first = false;
            let is_range = self.rest.starts_with('-') && !self.rest.starts_with("-]");
            match first {
                Ok(first) if is_range => {
                    self.next();
                    let last = match self.next()? {
                        '\\' => self.escape()?.ok()?,
                        '[' | '-' => return None,
                        c => c,
                    };
                    if last < first {
                        return None;
                    }
                    set.add(first, last);
                }
                Err(_) if is_range => return None,
                Ok(c) => set.add(c, c),
                Err(class) if class.all_others_but => {
                    set.ascii |= class.ascii;
                    set.add('\u{80}', char::MAX);
                }
                Err(class) => set.ascii |= class.ascii,
            }
        }
        Some(if negated { set.negated() } else { set })
    }

    /// How many times the last class may stand there.
    fn times(&mut self) -> Option<(usize, usize)> {
        let (least, most) = if self.take('*') {
            (0, usize::MAX)
        } else if self.take('+') {
            (1, usize::MAX)
        } else if self.take('?') {
            (0, 1)
        } else if self.take('{') {
            let (counts, rest) = self.rest.split_once('}')?;
            self.rest = rest;
            let number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?;
            match counts.split_once(',') {
                Some((least, "")) => (number(least)?, usize::MAX),
                Some((least, most)) => (number(least)?, number(most)?),
                None => (number(counts)?, number(counts)?),
            }
        } else {
            (1, 1)
        };
        let again = ["*", "+", "?", "{"].iter().any(|mark| self.rest.starts_with(mark));
        (least <= most && !again).then_some((least, most))
    }
}

#[cfg(test)]
mod tests {
    use super::Sequence;
    use crate::schema::{Field, NodeId, Table};
    use regex_lite::Regex;
    use std::collections::BTreeSet;

    /// Texts that come close to what `pattern` wants: the pattern itself and its parts, cut, mixed
    /// and between other characters.
    fn texts(pattern: &str) -> Vec<String> {
        let plain: String = pattern.chars().filter(|c| !"^$[]{}\\".contains(*c)).collect();
        let mut texts: Vec<String> = ["", "a", "A", "0", "-", " ", "\n", "é", "a\n", "aB3", "arn:aws:s3:::name/x*"]
            .into_iter()
            .map(str::to_owned)
            .collect();
        texts.extend(["a", "Z9", "a-b_c.d/", "0", "ü", " a ", "\t"].map(|text| text.repeat(40)));
        for length in [1, 2, 3, 8, 30] {
            texts.extend(plain.char_indices().step_by(3).map(|(at, _)| plain[at..].chars().take(length).collect()));
        }
        texts.extend([plain.clone(), format!("a{plain}"), format!("{plain}\n"), format!("é{plain} ")]);
        texts
    }

    #[test]
    fn sequences_match_what_the_engine_matches() {
        let table = Table::embedded();
        let mut patterns: BTreeSet<&str> = BTreeSet::from([
            "^[a-z][a-z0-9-]{1,3}[a-z]$",
            "^a{2,}b?c*$",
            "[^a-c]d",
            r"^[\S\s]*$",
            r"\d{3}",
            "a$",
            "^a",
            "^",
            "$",
            "",
            "^[^\\w]+x$",
        ]);
        for node in (0..table.node_count()).map(|index| table.node(NodeId(index as u32))) {
            patterns.extend(node.string(Field::Pattern).map(|id| table.text(id)));
            patterns.extend(node.by_name(Field::PatternProperties).map(|(name, _)| name));
        }
        let mut plain = 0;
        for pattern in &patterns {
            let Some(sequence) = Sequence::new(pattern) else { continue };
            plain += 1;
            let engine = Regex::new(pattern).unwrap_or_else(|error| panic!("{pattern}: {error}"));
            for text in texts(pattern) {
                assert_eq!(sequence.is_in(&text), engine.is_match(&text), "{pattern} {text:?}");
            }
        }
        assert!(plain > patterns.len() / 3, "{plain} of {}", patterns.len());
    }

    #[test]
    fn what_is_more_is_left_to_the_engine() {
        for pattern in ["a|b", "(ab)+", "a+?", "[[:alpha:]]", "[a&&b]", r"\bword", "[z-a]", r"[\w-.]", "a**", "x{2"] {
            assert!(Sequence::new(pattern).is_none(), "{pattern}");
        }
        for slow in ["^.*a.*b.*$", "a[a-z]*b", "^[a-z]*[a-z]*x$"] {
            assert!(Sequence::new(slow).is_none(), "{slow}");
        }
    }
}
