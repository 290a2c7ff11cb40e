//! The date of a run: given, or the clock's.

use crate::facts::date::Date;
use std::time::{SystemTime, UNIX_EPOCH};

/// Reads `YYYY-MM-DD`.
pub fn parse(text: &str) -> Result<Date, String> {
    let mut parts = text.splitn(3, '-');
    let mut next = |digits: usize| parts.next().filter(|part| part.len() == digits).and_then(|part| part.parse::<u16>().ok());
    let found = next(4).zip(next(2)).zip(next(2));
    match found {
        Some(((year, month), day)) if (1..=12).contains(&month) && (1..=31).contains(&day) => {
            Ok(Date { year: year as i16, month: month as u8, day: day as u8 })
        }
        _ => Err("write the date as YYYY-MM-DD".to_owned()),
    }
}

/// The day the clock shows, in UTC.
pub fn from_clock() -> Date {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let days = (seconds / 86_400) as i64;
    // Days since 0000-03-01, so that leap days fall at the end of a year.
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    Date { year: year as i16, month: month as u8, day: day as u8 }
}
