//! Times as exports write them.

use crate::facts::date::Date;

/// Seconds since 1970 of a time: ISO 8601 with or without an offset (none is UTC), a day alone,
/// or seconds or milliseconds since 1970.
pub fn parse(text: &str) -> Option<i64> {
    let text = text.trim();
    if let Ok(number) = text.parse::<f64>() {
        return match number {
            // Before 1973 in milliseconds there are no logs of functions.
            n if (1e11..1e14).contains(&n) => Some((n / 1000.0) as i64),
            n if (1e8..1e11).contains(&n) => Some(n as i64),
            _ => None,
        };
    }
    let day: Date = text.get(..10)?.replace('/', "-").parse().ok()?;
    let midnight = day.unix_days() * 86_400;
    let rest = text.get(10..)?.trim_start_matches([' ', 'T', 't']);
    if rest.is_empty() {
        return Some(midnight);
    }
    let zone = rest.find(['Z', 'z', '+', '-', ' ']).unwrap_or(rest.len());
    let (clock, zone) = (rest.get(..zone)?, rest.get(zone..)?.trim());
    let mut parts = clock.split(':');
    let hour = digits(parts.next()?)?;
    let minute = parts.next().map_or(Some(0), digits)?;
    let second = parts.next().map_or(Some(0), |part| digits(part.split(['.', ',']).next()?))?;
    if parts.next().is_some() || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    Some(midnight + hour * 3600 + minute * 60 + second - offset(zone)?)
}

fn digits(text: &str) -> Option<i64> {
    (!text.is_empty() && text.len() <= 2 && text.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| text.parse().ok())
        .flatten()
}

/// Seconds that a zone is ahead of UTC.
fn offset(zone: &str) -> Option<i64> {
    if zone.is_empty() || zone.eq_ignore_ascii_case("z") || zone.eq_ignore_ascii_case("utc") {
        return Some(0);
    }
    let sign = match zone.get(..1)? {
        "+" => 1,
        "-" => -1,
        _ => return None,
    };
    let plain: String = zone.get(1..)?.chars().filter(|c| *c != ':').collect();
    let hours = digits(plain.get(..2)?)?;
    let minutes = plain.get(2..).filter(|rest| !rest.is_empty()).map_or(Some(0), digits)?;
    (hours <= 14 && minutes <= 59).then_some(sign * (hours * 3600 + minutes * 60))
}

/// `2026-11-23 05:00` of an hour since 1970.
pub fn shown(hour: i64) -> String {
    let day = Date::from_unix_days(hour.div_euclid(24));
    let day = day.map_or_else(|| "?".to_owned(), |day| day.to_string());
    format!("{day} {:02}:00", hour.rem_euclid(24))
}

/// The hour of the week, Monday 00:00 UTC first, of an hour since 1970.
pub fn of_week(hour: i64) -> usize {
    // 1970-01-01 was a Thursday.
    (hour + 72).rem_euclid(168) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_times() {
        let noon = Some(1_767_268_800);
        for text in [
            "2026-01-01T12:00:00Z",
            "2026-01-01 12:00",
            "2026-01-01T12:00:00.123+00:00",
            "2026-01-01T13:30:00+01:30",
            "2026-01-01T07:00:00-0500",
            "2026/01/01 12:00:00 UTC",
            "1767268800",
            "1767268800000",
        ] {
            assert_eq!(parse(text), noon, "{text}");
        }
        assert_eq!(parse("2026-01-01"), Some(1_767_225_600));
        for text in ["", "yesterday", "2026-13-01", "2026-01-01T25:00", "2026-01-01T12:00 CET", "12", "ü2026-01-01"] {
            assert_eq!(parse(text), None, "{text}");
        }
        assert_eq!(shown(1_767_268_800 / 3600), "2026-01-01 12:00");
        // 2026-01-05 is a Monday.
        assert_eq!(of_week(Date::new(2026, 1, 5).unwrap().unix_days() * 24 + 3), 3);
    }
}
