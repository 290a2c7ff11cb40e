//! The day of the run.

use crate::facts::date::Date;
use std::time::{SystemTime, UNIX_EPOCH};

/// Today in UTC.
pub fn today() -> Date {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    from_days((seconds / 86_400) as i64)
}

/// The date that many days after 1 January 1970: eras of 400 years, years from March.
fn from_days(days: i64) -> Date {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    Date { year: year as i16, month: month as u8, day: day as u8 }
}

/// Reads `YYYY-MM-DD`.
pub fn parse(text: &str) -> Result<Date, String> {
    let error = || format!("`{text}` is not a date; write it as 2026-11-23");
    let mut parts = text.split('-');
    let (Some(year), Some(month), Some(day), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
        return Err(error());
    };
    let date = Date {
        year: year.parse().map_err(|_| error())?,
        month: month.parse().map_err(|_| error())?,
        day: day.parse().map_err(|_| error())?,
    };
    let is_leap = date.year % 4 == 0 && (date.year % 100 != 0 || date.year % 400 == 0);
    let length = match date.month {
        2 => 28 + u8::from(is_leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    if year.len() == 4 && (1..=length).contains(&date.day) { Ok(date) } else { Err(error()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_become_dates() {
        let date = |year, month, day| Date { year, month, day };
        assert_eq!(from_days(0), date(1970, 1, 1));
        assert_eq!(from_days(11_016), date(2000, 2, 29));
        assert_eq!(from_days(20_780), date(2026, 11, 23));
    }

    #[test]
    fn impossible_dates_are_refused() {
        assert!(parse("2024-02-29").is_ok());
        for text in ["2026-02-29", "2026-13-01", "2026-1", "26-01-01", "2026-04-31", "2026-01-01-01", "x"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
