//! The load of a week that was and one that comes, with the schedule under it.

use super::super::forecast::{backtest, calls, day};
use super::super::performance::percent;
use super::{BAR, INK, LINE, RANGE, SOFT, WARN, close, label, open, text, ticks};
use crate::estimate::LoadForecast;
use std::fmt::Write;

const LEFT: f64 = 70.0;
const TOP: f64 = 24.0;
const WIDTH: f64 = 780.0;
const CURVE: f64 = 200.0;
const STEPS: f64 = 90.0;
const BETWEEN: f64 = 34.0;

/// The drawing, and the schedule as a table.
pub(super) fn draw(forecast: &LoadForecast, out: &mut String) {
    let (past, next) = (forecast.recent.len(), forecast.hours.len());
    let all = (past + next).max(1) as f64;
    let most = forecast.hours.iter().map(|hour| hour.high).chain(forecast.recent.iter().copied()).fold(1.0, f64::max);
    let across = |hour: usize| LEFT + hour as f64 / all * WIDTH;
    let up = |value: f64| TOP + CURVE - value / most * CURVE;
    let height = TOP + CURVE + BETWEEN + STEPS + 28.0;
    open(out, LEFT + WIDTH + 20.0, height, "calls an hour, observed and to come, and environments kept warm");
    for tick in ticks(most) {
        let y = up(tick);
        let _ = writeln!(out, "<path d=\"M{LEFT} {y:.1}h{WIDTH}\" stroke=\"{LINE}\"/>");
        label(out, LEFT - 8.0, y + 4.0, "end", SOFT, &calls(tick));
    }
    let base = TOP + CURVE + BETWEEN + STEPS;
    // The first day of the drawing that begins at midnight, and every one after it.
    let first = (forecast.from_hour_of_week + 168 - past % 168) % 168;
    for hour in (0..past + next).filter(|hour| (first + hour).is_multiple_of(24)) {
        let x = across(hour);
        let _ = writeln!(out, "<path d=\"M{x:.1} {TOP}V{base:.0}\" stroke=\"{LINE}\"/>");
        let name: String = day((first + hour) % 168).chars().take(3).collect();
        label(out, x + 12.0 / all * WIDTH, base + 16.0, "middle", SOFT, &name);
    }
    let upper = forecast.hours.iter().enumerate().map(|(at, hour)| (across(past + at), up(hour.high)));
    let lower = forecast.hours.iter().enumerate().rev().map(|(at, hour)| (across(past + at), up(hour.low)));
    let band = points(upper.chain(lower));
    let _ = writeln!(out, "<path d=\"M{band}Z\" fill=\"{RANGE}\" fill-opacity=\"0.55\"/>");
    let observed = points(forecast.recent.iter().enumerate().map(|(at, count)| (across(at), up(*count))));
    if past > 0 {
        let _ = writeln!(out, "<path d=\"M{observed}\" fill=\"none\" stroke=\"{INK}\" stroke-width=\"1.2\"/>");
    }
    let told = points(forecast.hours.iter().enumerate().map(|(at, hour)| (across(past + at), up(hour.calls))));
    let _ = writeln!(out, "<path d=\"M{told}\" fill=\"none\" stroke=\"{BAR}\" stroke-width=\"1.6\"/>");
    label(out, LEFT, 14.0, "start", INK, "Calls an hour, observed");
    label(out, across(past), 14.0, "start", BAR, &format!("to come, {} interval", percent(forecast.interval)));
    let kept = forecast.hours.iter().map(|hour| f64::from(hour.environments)).fold(1.0, f64::max);
    label(out, across(past), base - STEPS - 8.0, "start", WARN, "environments kept warm");
    label(out, LEFT - 8.0, base - STEPS + 4.0, "end", SOFT, &format!("{kept:.0}"));
    label(out, LEFT - 8.0, base + 4.0, "end", SOFT, "0");
    let mut steps = format!("{:.1} {base:.1}", across(past));
    for (at, hour) in forecast.hours.iter().enumerate() {
        let y = base - f64::from(hour.environments) / kept * STEPS;
        let _ = write!(steps, "L{:.1} {y:.1}H{:.1}", across(past + at), across(past + at + 1));
    }
    let end = across(past + next);
    let _ = writeln!(
        out,
        "<path d=\"M{steps}L{end:.1} {base:.1}Z\" fill=\"{WARN}\" fill-opacity=\"0.35\" stroke=\"{WARN}\"/>\
         <path d=\"M{LEFT} {base:.1}h{WIDTH}\" stroke=\"{SOFT}\"/>"
    );
    close(out);
    let _ = writeln!(
        out,
        "<p class=\"soft\">From {} UTC on, from {} hours observed since {}. Backtest: {}.</p>",
        forecast.from,
        forecast.observed_hours,
        forecast.observed_from,
        text(&backtest(forecast))
    );
    schedule(forecast, out);
}

fn points(points: impl Iterator<Item = (f64, f64)>) -> String {
    points.map(|(x, y)| format!("{x:.1} {y:.1}")).collect::<Vec<_>>().join("L")
}

fn schedule(forecast: &LoadForecast, out: &mut String) {
    if forecast.actions.is_empty() {
        out.push_str("<p>No hour needs provisioned concurrency.</p>\n");
        return;
    }
    let worst = forecast.hours.iter().map(|hour| hour.short).fold(0.0, f64::max);
    let _ = writeln!(
        out,
        "<p>Schedule for a cold share of {}, with a chance of at most {} that an hour is short (UTC):</p>",
        text(&percent(forecast.cold_share)),
        text(&percent(worst))
    );
    out.push_str(
        "<div class=\"scroll\"><table>\n<tr><th>Scheduled action</th><th>When</th><th class=\"n\">keep</th></tr>\n",
    );
    for action in &forecast.actions {
        let _ = writeln!(
            out,
            "<tr><td>{}</td><td>{}</td><td class=\"n\">{}</td></tr>",
            text(&action.name),
            text(&action.schedule),
            action.environments
        );
    }
    out.push_str("</table></div>\n");
}
