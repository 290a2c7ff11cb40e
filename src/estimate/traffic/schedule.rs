//! How often schedules fire.

/// Events a second of a schedule written as `rate(…)` or `cron(…)`.
pub fn schedule_rate(expression: &str) -> Option<f64> {
    let inside = |name: &str| expression.trim().strip_prefix(name)?.trim().strip_prefix('(')?.strip_suffix(')');
    if let Some(rate) = inside("rate") {
        let (count, unit) = rate.trim().split_once(' ')?;
        let unit = match unit.trim().trim_end_matches('s') {
            "minute" => 60.0,
            "hour" => 3600.0,
            "day" => 86_400.0,
            _ => return None,
        };
        let count: f64 = count.parse().ok()?;
        return (count >= 1.0).then(|| 1.0 / (count * unit));
    }
    let fields: Vec<&str> = inside("cron")?.split_whitespace().collect();
    let [minute, hour, day, month, weekday, _year] = fields.as_slice() else { return None };
    let share = |field: &str, size: f64| count(field, size).map(|times| (times / size).min(1.0));
    let days = share(day, 30.4)? * share(month, 12.0)? * share(weekday, 7.0)?;
    Some(count(minute, 60.0)? * count(hour, 24.0)? * days / 86_400.0)
}

/// How many of `size` values a cron field takes.
fn count(field: &str, size: f64) -> Option<f64> {
    let mut total = 0.0;
    for part in field.split(',') {
        let name = |text: &str| {
            let names = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
            names
                .iter()
                .position(|day| day.eq_ignore_ascii_case(text))
                .map_or_else(|| text.parse().ok(), |i| Some(i as f64 + 1.0))
        };
        total += if part == "*" || part == "?" {
            size
        } else if let Some((start, step)) = part.split_once('/') {
            let start: f64 = if start == "*" { 0.0 } else { start.parse().ok()? };
            let step: f64 = step.parse().ok()?;
            if step < 1.0 || start >= size {
                return None;
            }
            ((size - start) / step).ceil()
        } else if let Some((from, to)) = part.split_once('-') {
            let (from, to): (f64, f64) = (name(from)?, name(to)?);
            if to < from {
                return None;
            }
            to - from + 1.0
        } else {
            1.0
        };
    }
    Some(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schedules_are_rates() {
        let month = |text: &str| schedule_rate(text).map(|rate| (rate * 86_400.0 * 30.4).round());
        assert_eq!(month("rate(5 minutes)"), Some(8755.0));
        assert_eq!(month("rate(1 day)"), Some(30.0));
        assert_eq!(month("cron(0 12 * * ? *)"), Some(30.0));
        assert_eq!(month("cron(0/15 8-17 ? * MON-FRI *)"), Some((40.0 * 5.0 / 7.0 * 30.4f64).round()));
        for odd in ["", "rate()", "rate(0 minutes)", "cron(* * *)", "at(2026-01-01T00:00:00)", "cron(*/0 * * * ? *)"] {
            assert_eq!(schedule_rate(odd), None, "{odd}");
        }
    }
}
