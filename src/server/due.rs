//! Which texts wait to be checked, and when their time has come.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// How long a text must rest before it is checked.
const QUIET: Duration = Duration::from_millis(15);
/// How long a check is put off at most while somebody types.
const PATIENCE: Duration = Duration::from_millis(50);

/// The waiting texts by path: since when they wait, and when they last changed.
#[derive(Default)]
pub(super) struct Due(BTreeMap<String, (Instant, Instant)>);

impl Due {
    /// The text is due as soon as typing pauses.
    pub fn mark(&mut self, path: &str) {
        let now = Instant::now();
        self.0.entry(path.to_owned()).or_insert((now, now)).1 = now;
    }

    /// The text is due at once.
    pub fn mark_now(&mut self, path: &str) {
        let past = Instant::now().checked_sub(PATIENCE).unwrap_or_else(Instant::now);
        self.0.insert(path.to_owned(), (past, past));
    }

    /// When the next text is due.
    pub fn next(&self) -> Option<Instant> {
        self.0.values().map(time).min()
    }

    /// Takes out the texts that are due now.
    pub fn take_ready(&mut self) -> Vec<String> {
        let now = Instant::now();
        let ready: Vec<String> =
            self.0.iter().filter(|(_, times)| time(times) <= now).map(|(path, _)| path.clone()).collect();
        for path in &ready {
            self.0.remove(path);
        }
        ready
    }
}

fn time((first, last): &(Instant, Instant)) -> Instant {
    (*last + QUIET).min(*first + PATIENCE)
}
