//! The day of the run.

use crate::facts::date::Date;
use std::time::{SystemTime, UNIX_EPOCH};

/// Today in UTC.
pub fn today() -> Date {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let epoch = Date { year: 1970, month: 1, day: 1 };
    Date::from_unix_days((seconds / 86_400) as i64).unwrap_or(epoch)
}

/// Reads `YYYY-MM-DD`.
pub fn parse(text: &str) -> Result<Date, String> {
    text.parse().map_err(|_| "write it as YYYY-MM-DD, e.g. 2026-11-23".to_owned())
}
