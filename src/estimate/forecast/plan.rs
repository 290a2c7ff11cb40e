//! From a forecast to environments that are kept warm by the hour.

use super::fit::WEEK;
use super::{Forecast, of_week};
use crate::estimate::cold::{self, Load};
use serde::Serialize;

/// One change of the schedule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Action {
    /// A name for it: `mon-fri-0750-keep-6`.
    pub name: String,
    /// When, UTC: `cron(50 7 ? * MON-FRI *)`.
    pub schedule: String,
    /// Environments from then on.
    pub environments: u32,
}

/// Environments to keep warm in each hour of the week, Monday 00:00 UTC first.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// Environments.
    pub environments: Vec<u32>,
    /// Calls in the hour that they are enough for.
    pub enough_for: Vec<f64>,
    /// Chance that more calls come.
    pub short: Vec<f64>,
    /// The changes.
    pub actions: Vec<Action>,
}

/// Changes that a schedule may have: a scalable target takes 200, people read fewer.
const MAX_ACTIONS: usize = 60;
/// Minutes before an hour that more environments are asked for: they take some to start.
pub const AHEAD_MIN: i64 = 10;

/// The fewest environments that keep the share of cold starts in every hour at or below `target`
/// for as many calls as come with probability 1 - `chance`. `shape` is the load without a rate.
pub fn plan(forecast: &Forecast, shape: Load, target: f64, chance: f64) -> Plan {
    let next = &forecast.next;
    let mut upper = vec![0.0; WEEK];
    let mut place = vec![0; WEEK];
    for at in 0..next.hours() {
        let hour = of_week(next.start + at as i64);
        upper[hour] = next.quantile(at, 1.0 - chance);
        place[hour] = at;
    }
    let loads: Vec<Load> = upper.iter().map(|calls| Load { rate: calls / 3600.0, ..shape }).collect();
    let needed = cold::kept_by_hour(&loads, 3600.0, target);
    let (environments, actions) = schedule(&needed);
    // More environments than an hour needs are enough for the calls of a busier hour.
    let enough_for: Vec<f64> = (0..WEEK)
        .map(|hour| {
            let same = (0..WEEK).filter(|other| needed[*other] <= environments[hour] && needed[*other] >= needed[hour]);
            same.map(|other| upper[other]).fold(upper[hour], f64::max)
        })
        .collect();
    let short = (0..WEEK).map(|hour| next.beyond(place[hour], enough_for[hour])).collect();
    Plan { environments, enough_for, short, actions }
}

/// Evens out what is needed until few changes are left, never below it.
fn schedule(needed: &[u32]) -> (Vec<u32>, Vec<Action>) {
    let mut slack = 0.15;
    loop {
        let kept = evened(needed, slack);
        let actions = actions(&kept);
        if actions.len() <= MAX_ACTIONS || slack > 4.0 {
            return (kept, actions);
        }
        slack *= 1.5;
    }
}

fn evened(needed: &[u32], slack: f64) -> Vec<u32> {
    let mut kept = needed.to_vec();
    // A single hour with fewer is not worth two changes.
    for i in 0..kept.len() {
        let (before, after) = (kept[(i + kept.len() - 1) % kept.len()], needed[(i + 1) % needed.len()]);
        let around = before.min(after);
        if around > kept[i] {
            kept[i] = around;
        }
    }
    let mut start = 0;
    while start < kept.len() {
        let (mut low, mut high, mut end) = (kept[start], kept[start], start + 1);
        while let Some(next) = kept.get(end) {
            let (lower, higher) = (low.min(*next), high.max(*next));
            if f64::from(higher - lower) > slack * f64::from(higher) {
                break;
            }
            (low, high, end) = (lower, higher, end + 1);
        }
        kept[start..end].fill(high);
        start = end;
    }
    kept
}

const DAYS: [&str; 7] = ["MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"];

fn actions(kept: &[u32]) -> Vec<Action> {
    // Minute of the day, environments, days of the week.
    let mut changes: Vec<(i64, u32, [bool; 7])> = Vec::new();
    for hour in 0..kept.len() {
        let before = kept[(hour + kept.len() - 1) % kept.len()];
        if kept[hour] == before {
            continue;
        }
        let minute = hour as i64 * 60 - if kept[hour] > before { AHEAD_MIN } else { 0 };
        let minute = minute.rem_euclid(WEEK as i64 * 60);
        let (day, minute) = ((minute / 1440) as usize % 7, minute % 1440);
        match changes.iter_mut().find(|(at, count, _)| *at == minute && *count == kept[hour]) {
            Some((_, _, days)) => days[day] = true,
            None => {
                let mut days = [false; 7];
                days[day] = true;
                changes.push((minute, kept[hour], days));
            }
        }
    }
    // A load that never changes needs one setting, renewed each week.
    if let Some(first) = kept.first().filter(|first| changes.is_empty() && **first > 0) {
        changes.push((0, *first, [true, false, false, false, false, false, false]));
    }
    changes.sort_by_key(|(minute, environments, _)| (*minute, *environments));
    changes
        .into_iter()
        .map(|(minute, environments, days)| {
            let days = days_of(days);
            let name = if days == "*" { "daily".to_owned() } else { days.to_ascii_lowercase().replace(',', "-") };
            let (hour, minute) = (minute / 60, minute % 60);
            Action {
                name: format!("{name}-{hour:02}{minute:02}-keep-{environments}"),
                schedule: format!("cron({minute} {hour} ? * {days} *)"),
                environments,
            }
        })
        .collect()
}

/// `*`, `MON-FRI` or `MON,WED`.
fn days_of(days: [bool; 7]) -> String {
    let count = days.iter().filter(|day| **day).count();
    let first = days.iter().position(|day| *day).unwrap_or(0);
    let in_row = days.iter().skip(first).take(count).all(|day| *day);
    if count == 7 {
        "*".to_owned()
    } else if in_row && count > 1 {
        format!("{}-{}", DAYS[first], DAYS[first + count - 1])
    } else {
        let named = DAYS.iter().zip(days).filter(|(_, on)| *on).map(|(name, _)| *name);
        named.collect::<Vec<_>>().join(",")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_of_an_office_week() {
        let mut needed = vec![0; WEEK];
        for day in 0..5 {
            for hour in 8..18 {
                needed[day * 24 + hour] = if hour == 12 { 3 } else { 5 };
            }
        }
        let (kept, actions) = schedule(&needed);
        assert_eq!((kept[8], kept[12], kept[18], kept[5 * 24 + 9]), (5, 5, 0, 0));
        let shown: Vec<_> = actions.iter().map(|action| (&*action.name, &*action.schedule)).collect();
        assert_eq!(
            shown,
            [("mon-fri-0750-keep-5", "cron(50 7 ? * MON-FRI *)"), ("mon-fri-1800-keep-0", "cron(0 18 ? * MON-FRI *)")]
        );
    }

    #[test]
    fn many_small_changes_are_evened_out() {
        let needed: Vec<u32> = (0..WEEK as u32).map(|hour| 50 + hour * 37 % 90).collect();
        let (kept, actions) = schedule(&needed);
        assert!(actions.len() <= MAX_ACTIONS);
        assert!(kept.iter().zip(&needed).all(|(kept, needed)| kept >= needed));
        assert_eq!(schedule(&[4; WEEK]).1.len(), 1);
        assert!(schedule(&[0; WEEK]).1.is_empty());
    }

    #[test]
    fn the_day_before_starts_what_midnight_needs() {
        let mut needed = vec![0; WEEK];
        needed[0] = 7;
        let actions = schedule(&needed).1;
        assert_eq!(actions[1].schedule, "cron(50 23 ? * SUN *)");
    }
}
