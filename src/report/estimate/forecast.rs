//! The load that is coming, and the schedule for it, as text.

use super::performance::percent;
use crate::estimate::{Estimate, LoadForecast};
use crate::report::style::Style;
use std::fmt::Write;

const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
/// Changes of a schedule that are shown.
const SHOWN_ACTIONS: usize = 20;

/// The name of a day of the week of `hour`, Monday 00:00 first.
pub(super) fn day(hour: usize) -> &'static str {
    DAYS.get(hour / 24 % 7).copied().unwrap_or_default()
}

/// A number of calls without needless digits.
pub(super) fn calls(value: f64) -> String {
    match value {
        value if value <= 0.0 => "0".to_owned(),
        value if value < 9.95 => format!("{value:.1}"),
        value if value < 1e5 => format!("{value:.0}"),
        value if value < 1e6 => format!("{:.0}k", value / 1e3),
        value => format!("{:.2}M", value / 1e6),
    }
}

/// What the test on the last cycle says.
pub(super) fn backtest(forecast: &LoadForecast) -> String {
    let test = &forecast.backtest;
    let mut text = format!(
        "told the last {} hours with a mean error of {} calls an hour ({} of the mean); the same hour of the cycle before: {}",
        test.hours,
        calls(test.error),
        percent(test.error / test.mean.max(1e-9)),
        calls(test.naive_error)
    );
    if let Some(inside) = test.inside {
        let _ = write!(text, "; {} of them inside the {} interval", percent(inside), percent(forecast.interval));
    }
    if let Some(short) = test.short {
        let chance = percent(forecast.short_chance);
        let _ = write!(text, "; more than planned for in {} where {chance} were allowed", percent(short));
    }
    text
}

/// Forecasts of all functions that have one.
pub(super) fn forecasts(estimate: &Estimate, style: &Style, out: &mut String) {
    for cold in &estimate.cold_starts {
        let Some(forecast) = &cold.forecast else { continue };
        let head = format!(
            "{:<28} {:>9} {:>21} {:>18} {:>11}",
            format!("{}: load to come", cold.function),
            "calls",
            format!("{} interval", percent(forecast.interval)),
            "busiest hour",
            "kept warm"
        );
        let _ = writeln!(out, "\n{}", style.bold(&head));
        // Days as the calendar has them: the first may be a part of one.
        let mut at = 0;
        while at < forecast.hours.len() {
            let place = forecast.from_hour_of_week + at;
            let end = (at + 24 - place % 24).min(forecast.hours.len());
            let hours = &forecast.hours[at..end];
            let sum = |of: fn(&crate::estimate::HourForecast) -> f64| hours.iter().map(of).sum::<f64>();
            let busiest = (0..hours.len()).max_by(|a, b| hours[*a].calls.total_cmp(&hours[*b].calls)).unwrap_or(0);
            let kept = hours.iter().map(|hour| hour.environments);
            let (least, most) = (kept.clone().min().unwrap_or(0), kept.max().unwrap_or(0));
            let name = format!("  {}{}", day(place), if end - at < 24 { " (a part)" } else { "" });
            let _ = writeln!(
                out,
                "{name:<28} {:>9} {:>21} {:>18} {:>11}",
                calls(sum(|hour| hour.calls)),
                format!("{} to {}", calls(sum(|hour| hour.low)), calls(sum(|hour| hour.high))),
                format!("{:02}:00, {}", (place + busiest) % 24, calls(hours[busiest].calls)),
                if least == most { format!("{least}") } else { format!("{least} to {most}") }
            );
            at = end;
        }
        let _ = writeln!(
            out,
            "  From {} UTC on; {} hours were observed from {} on. The interval of a day adds up those of its hours, so it is wide.",
            forecast.from, forecast.observed_hours, forecast.observed_from
        );
        let _ = writeln!(out, "  Backtest: {}.", backtest(forecast));
        schedule(forecast, out);
    }
}

fn schedule(forecast: &LoadForecast, out: &mut String) {
    if forecast.actions.is_empty() {
        let _ = writeln!(out, "  No hour needs provisioned concurrency.");
        return;
    }
    let worst = forecast.hours.iter().map(|hour| hour.short).fold(0.0, f64::max);
    let _ = writeln!(
        out,
        "  Schedule for a cold share of {}, with a chance of at most {} that an hour is short:",
        percent(forecast.cold_share),
        percent(worst)
    );
    for action in forecast.actions.iter().take(SHOWN_ACTIONS) {
        let _ = writeln!(out, "    {:<32} keep {}", action.schedule, action.environments);
    }
    if forecast.actions.len() > SHOWN_ACTIONS {
        let _ = writeln!(out, "    and {} other changes, see --format json", forecast.actions.len() - SHOWN_ACTIONS);
    }
    let _ = writeln!(out, "  `--schedule-patch` prints it as a patch of the template.");
}
