//! Logs of functions that somebody exported: what really happened, next to what the model says.
//!
//! Reading is streaming: memory does not grow with the size of a log. Nothing here opens files;
//! readers come in.

mod errors;
mod findings;
mod function;
mod json;
mod line;
mod report;
mod stream;
#[cfg(test)]
mod tests;
mod usage;

pub use errors::{ErrorGroup, Groups};
pub use findings::findings;
pub use function::{FunctionLog, Summary};
pub use stream::read;
pub use usage::{Observation, place, usage_file};

use std::collections::BTreeMap;

/// What was read from all logs.
#[derive(Debug, Default)]
pub struct Observed {
    /// By name of the function, as the log group has it.
    pub functions: BTreeMap<String, FunctionLog>,
    /// Bytes read, after decompression.
    pub bytes: u64,
    /// Lines or events read.
    pub events: u64,
    /// Lines or events that could not be understood: broken JSON, reports without a duration.
    pub malformed: u64,
    /// The first of them: file, line or event, and what is wrong.
    pub first_malformed: Option<String>,
}

/// Names of functions that are told apart; what lies beyond counts for one called `other`.
const MAX_FUNCTIONS: usize = 2000;

impl Observed {
    /// The log of a function.
    pub fn function(&mut self, name: &str) -> &mut FunctionLog {
        let known = self.functions.contains_key(name) || self.functions.len() < MAX_FUNCTIONS;
        let name = if known { name } else { "other" };
        if !self.functions.contains_key(name) {
            self.functions.insert(name.to_owned(), FunctionLog::default());
        }
        self.functions.entry(name.to_owned()).or_default()
    }

    fn broken(&mut self, origin: &str, what: &str) {
        self.malformed += 1;
        if self.first_malformed.is_none() {
            self.first_malformed = Some(format!("{origin}, event {}: {what}", self.events));
        }
    }
}

/// The function behind a log group: `/aws/lambda/orders` is `orders`.
pub fn function_of_group(group: &str) -> &str {
    let name = group.rsplit_once("/aws/lambda/").map_or(group, |(_, name)| name);
    name.trim_matches('/')
}
