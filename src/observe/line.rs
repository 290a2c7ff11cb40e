//! One event of a log, as text.

use super::Observed;
use super::report::Report;
use crate::facts::Date;
use aho_corasick::AhoCorasick;
use std::sync::LazyLock;

/// What is looked for; the order is that of [`Mark`].
const NEEDLES: [&str; 12] = [
    "REPORT RequestId:",
    "INIT_REPORT ",
    "RESTORE_REPORT ",
    "Task timed out after ",
    "signal: killed",
    "Runtime.OutOfMemory",
    "Invoke Error",
    "Uncaught Exception",
    "[ERROR]",
    "Traceback (most recent call last)",
    "Unhandled exception",
    "Exception in thread",
];

static MARKS: LazyLock<Option<AhoCorasick>> =
    LazyLock::new(|| AhoCorasick::builder().match_kind(aho_corasick::MatchKind::LeftmostFirst).build(NEEDLES).ok());

/// Whose event it is and when it happened.
#[derive(Clone, Copy, Debug)]
pub(super) struct At<'a> {
    pub origin: &'a str,
    pub function: &'a str,
    pub time: Option<i64>,
}

/// Takes one event in.
pub(super) fn event(observed: &mut Observed, at: At<'_>, message: &[u8]) {
    observed.events += 1;
    let found = MARKS.as_ref().and_then(|marks| marks.find(message));
    // CloudWatch counts 26 bytes for an event beside its text.
    observed.function(at.function).log_bytes += message.len() as u64 + 26;
    let Some(found) = found else {
        stack(observed, at, message);
        return;
    };
    let text = String::from_utf8_lossy(&message[found.start()..]);
    let before = || String::from_utf8_lossy(&message[..found.start().min(200)]);
    let time = at.time.or_else(|| time_in(&before()));
    match found.pattern().as_usize() {
        0 => match Report::parse(&text) {
            Some(report) => observed.function(at.function).report(&report, time),
            None => observed.broken(at.origin, "a REPORT line without a duration"),
        },
        1 if text.contains("Status: ") => observed.function(at.function).failed_inits += 1,
        1 | 2 => {}
        3 => {
            let log = observed.function(at.function);
            log.timeouts.1 += 1;
            log.errors.add(&text, None);
        }
        4 | 5 => {
            let log = observed.function(at.function);
            log.out_of_memory.1 += 1;
            log.errors.add(if text.contains("killed") { "Runtime exited: signal: killed" } else { &text }, None);
        }
        6 | 7 => {
            let log = observed.function(at.function);
            log.failures.1 += 1;
            let (message, stack) = node_error(&text);
            log.errors.add(&message, stack.as_deref());
        }
        8 => {
            let log = observed.function(at.function);
            // The runtime of Python prints the trace behind the error; loggers do not.
            log.failures.1 += u64::from(text.contains("Traceback") || text.contains("File \""));
            let lines: Vec<&str> = text.split(['\r', '\n']).collect();
            let stack = lines.iter().find(|line| line.trim_start().starts_with("File \""));
            log.errors.add(lines.first().unwrap_or(&"").trim_start_matches("[ERROR]"), stack.copied());
        }
        _ => {
            let log = observed.function(at.function);
            log.failures.1 += 1;
            log.errors.add(&text, None);
        }
    }
}

/// Lines of a stack follow their error.
fn stack(observed: &mut Observed, at: At<'_>, message: &[u8]) {
    let start = message.trim_ascii_start();
    if start.starts_with(b"at ") || start.starts_with(b"File \"") {
        let log = observed.function(at.function);
        if log.errors.wants_stack() {
            log.errors.stack(&String::from_utf8_lossy(start));
        }
    }
}

/// Message and first stack line of what the runtime of Node.js prints.
fn node_error(text: &str) -> (String, Option<String>) {
    let body = text.find('{').map_or("", |at| &text[at..]);
    let value: serde_json::Value = serde_json::from_str(body.trim_end()).unwrap_or_default();
    let get = |key: &str| value.get(key).and_then(serde_json::Value::as_str).unwrap_or_default();
    if get("errorType").is_empty() && get("errorMessage").is_empty() {
        return (text.to_owned(), None);
    }
    let stack = value.get("stack").and_then(|stack| stack.get(1)).and_then(serde_json::Value::as_str);
    (format!("{}: {}", get("errorType"), get("errorMessage")), stack.map(str::to_owned))
}

/// Milliseconds since 1970 of the last `2026-01-31T23:59:59.123` in `text`, as UTC.
pub(super) fn time_in(text: &str) -> Option<i64> {
    let bytes = text.as_bytes();
    let at = (0..bytes.len().saturating_sub(18)).rev().find(|at| {
        bytes[*at..*at + 19].iter().enumerate().all(|(i, byte)| match i {
            4 | 7 => *byte == b'-',
            10 => matches!(byte, b'T' | b' '),
            13 | 16 => *byte == b':',
            _ => byte.is_ascii_digit(),
        })
    })?;
    let number = |from: usize, to: usize| text.get(at + from..at + to)?.parse::<i64>().ok();
    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let thousandths = if bytes.get(at + 19) == Some(&b'.') { number(20, 23).unwrap_or(0) } else { 0 };
    let days = Date::new(year as i16, month as u8, day as u8)?.unix_days();
    Some(((days * 24 + hour) * 60 + minute) * 60_000 + second * 1000 + thousandths)
}
