//! Errors by similarity: the same message with other numbers is the same error.

use serde::Serialize;

/// Errors that look alike.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ErrorGroup {
    /// The message with what differs as `*`.
    pub pattern: String,
    /// The first of them.
    pub example: String,
    /// The first line of its stack, where one was logged.
    pub stack: Option<String>,
    /// How many there are.
    pub count: u64,
}

/// The groups of one function.
#[derive(Clone, Debug, Default)]
pub struct Groups {
    groups: Vec<ErrorGroup>,
    /// Errors beyond the groups that are kept.
    pub others: u64,
    last: Option<usize>,
}

/// Groups of one function.
const MAX_GROUPS: usize = 100;
/// Characters of a message that count.
const MAX_LENGTH: usize = 240;
/// Share of words that two messages of one group have in common.
const ALIKE: f64 = 0.7;

impl Groups {
    /// Adds one error; what follows in the log may be its stack.
    pub fn add(&mut self, message: &str, stack: Option<&str>) {
        let first = message.trim().lines().next().unwrap_or_default();
        let example: String = first.chars().take(MAX_LENGTH).collect();
        let words: Vec<String> = example.split_whitespace().map(masked).collect();
        let found = self.groups.iter().position(|group| {
            let known: Vec<&str> = group.pattern.split(' ').collect();
            let same = known.iter().zip(&words).filter(|(a, b)| **a == b.as_str()).count();
            known.len() == words.len() && same as f64 >= ALIKE * words.len() as f64
        });
        match found {
            Some(at) => {
                let group = &mut self.groups[at];
                group.count += 1;
                let merged: Vec<&str> =
                    group.pattern.split(' ').zip(&words).map(|(a, b)| if a == b.as_str() { a } else { "*" }).collect();
                group.pattern = merged.join(" ");
                self.last = Some(at);
            }
            None if self.groups.len() < MAX_GROUPS => {
                self.groups.push(ErrorGroup { pattern: words.join(" "), example, stack: None, count: 1 });
                self.last = Some(self.groups.len() - 1);
            }
            None => {
                self.others += 1;
                self.last = None;
            }
        }
        if let Some(stack) = stack {
            self.stack(stack);
        }
    }

    /// A line of a stack after the error added last.
    pub fn stack(&mut self, line: &str) {
        if let Some(group) = self.last.and_then(|at| self.groups.get_mut(at)).filter(|group| group.stack.is_none()) {
            group.stack = Some(line.trim().chars().take(MAX_LENGTH).collect());
        }
    }

    /// Whether an error waits for its stack.
    pub fn wants_stack(&self) -> bool {
        self.last.and_then(|at| self.groups.get(at)).is_some_and(|group| group.stack.is_none())
    }

    /// The groups, the largest first.
    pub fn by_count(&self) -> Vec<&ErrorGroup> {
        let mut groups: Vec<&ErrorGroup> = self.groups.iter().collect();
        groups.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.pattern.cmp(&b.pattern)));
        groups
    }
}

/// A word with what changes from one error to the next taken out: words with digits, ids.
fn masked(word: &str) -> String {
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    let long = word.len() >= 16 && word.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    if digits > 0 && (digits * 3 >= word.len() || word.len() >= 12) || long { "*".to_owned() } else { word.to_owned() }
}
