//! Scheduled actions of a scalable target as capacity by the hour of the week.

use crate::graph::{Part, Resource};

/// Minutes of a week.
const WEEK_MIN: usize = 7 * 1440;
const DAYS: [&str; 7] = ["MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"];

/// Least capacity in each hour of the week, Monday 00:00 UTC first; none where some action is not
/// known, is in another zone, or does not come every week.
pub(super) fn capacity(target: Resource<'_>) -> Option<Vec<i64>> {
    let actions = target.property(&["ScheduledActions"]);
    let count = actions.known()?.as_list()?.len();
    let parts = Part::of(target).each(&["ScheduledActions"]);
    let mut changes: Vec<(usize, i64)> = Vec::new();
    if parts.len() != count || count == 0 {
        return None;
    }
    for part in parts {
        let zone = part.get(&["Timezone"]);
        if !zone.is_absent() && !zone.text().is_some_and(|zone| matches!(&*zone, "UTC" | "Etc/UTC" | "GMT")) {
            return None;
        }
        let keep = part.get(&["ScalableTargetAction", "MinCapacity"]).int()?;
        let schedule = part.get(&["Schedule"]).text()?;
        changes.extend(minutes(&schedule)?.into_iter().map(|minute| (minute, keep)));
    }
    changes.sort_unstable();
    let (_, last) = changes.last()?;
    let mut now = *last;
    let mut at = changes.iter().peekable();
    let hours = (0..168).map(|hour| {
        // What is asked for within an hour counts for the hour.
        while let Some((_, keep)) = at.next_if(|(minute, _)| *minute < hour * 60 + 30) {
            now = *keep;
        }
        now
    });
    Some(hours.collect())
}

/// Minutes of the week at which `cron(m h ? * DAYS *)` fires.
fn minutes(schedule: &str) -> Option<Vec<usize>> {
    let fields: Vec<&str> = schedule.strip_prefix("cron(")?.strip_suffix(')')?.split_whitespace().collect();
    let [minute, hour, of_month, month, of_week, year] = fields.as_slice() else { return None };
    if !matches!(*of_month, "*" | "?") || *month != "*" || *year != "*" {
        return None;
    }
    let minute: usize = minute.parse().ok().filter(|minute| *minute < 60)?;
    let hours: Vec<usize> = match *hour {
        "*" => (0..24).collect(),
        some => some.split(',').map(|hour| hour.parse().ok().filter(|hour| *hour < 24)).collect::<Option<_>>()?,
    };
    let days = days(of_week)?;
    let at = |day: usize| hours.iter().map(move |hour| (day * 1440 + hour * 60 + minute) % WEEK_MIN);
    Some(days.into_iter().flat_map(at).collect())
}

fn days(field: &str) -> Option<Vec<usize>> {
    if matches!(field, "*" | "?") {
        return Some((0..7).collect());
    }
    let day = |name: &str| {
        let named = DAYS.iter().position(|day| day.eq_ignore_ascii_case(name));
        // Numbers count from Sunday, 1.
        named.or_else(|| name.parse::<usize>().ok().filter(|day| (1..=7).contains(day)).map(|day| (day + 5) % 7))
    };
    let mut found = Vec::new();
    for part in field.split(',') {
        match part.split_once('-') {
            Some((from, to)) => {
                let (from, to) = (day(from)?, day(to)?);
                found.extend((0..7).map(|step| (from + step) % 7).take((to + 7 - from) % 7 + 1));
            }
            None => found.push(day(part)?),
        }
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_a_week() {
        assert_eq!(minutes("cron(50 7 ? * MON-FRI *)").unwrap(), [470, 1910, 3350, 4790, 6230]);
        assert_eq!(minutes("cron(0 0 * * ? *)").unwrap().len(), 7);
        assert_eq!(days("SAT-MON").unwrap(), [5, 6, 0]);
        assert_eq!(days("2,7").unwrap(), [0, 5]);
        for odd in [
            "cron(0 0 1 * ? *)",
            "at(2026-01-01T00:00:00)",
            "cron(0 99 ? * MON *)",
            "cron(0/5 1 ? * MON *)",
            "rate(1 day)",
        ] {
            assert_eq!(minutes(odd), None, "{odd}");
        }
    }
}
