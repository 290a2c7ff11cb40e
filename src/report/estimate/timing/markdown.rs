//! The same for a pull request or a wiki.

use super::super::forecast::{backtest, calls};
use super::super::markdown::code;
use super::super::money::money;
use super::super::performance::{assumed, cheapest, percent, time};
use crate::estimate::{Estimate, Range};
use std::fmt::Write;

/// Tables of cold starts, of what to do about them, and of latency; empty where nothing is known.
pub fn timing_markdown(estimate: &Estimate) -> String {
    let mut out = String::new();
    if !estimate.cold_starts.is_empty() {
        out += "\n| Function | calls an hour | cold | held | busiest hour | p99 |\n|---|--:|--:|--:|--:|--:|\n";
    }
    for cold in &estimate.cold_starts {
        let Range { low, expected, high } = cold.share;
        let share = format!("{} ({} to {})", percent(expected), percent(low), percent(high));
        let (held, most) = (cold.pool, cold.peak_pool.ceil());
        let rate = calls(cold.rate_per_second * 3600.0);
        let _ = writeln!(
            out,
            "| {} | {rate} | {share} | {held:.1} | {most:.0} | {} |",
            code(&cold.function),
            time(cold.p99_ms)
        );
    }
    for cold in estimate.cold_starts.iter().filter(|cold| cold.strategies.len() > 1) {
        let _ = writeln!(
            out,
            "\n<details><summary>What to do about the cold starts of {}</summary>\n",
            code(&cold.function)
        );
        out += "| Means | a month | cold | p99 | objective |\n|---|--:|--:|--:|---|\n";
        let best = cheapest(cold);
        for (at, one) in cold.strategies.iter().enumerate() {
            let cost = one.monthly.map_or("no price".to_owned(), |cost| money(cost, estimate.currency));
            let verdict = match one.meets_slo {
                Some(true) if best == Some(at) => "kept, cheapest",
                Some(true) => "kept",
                Some(false) => "missed",
                None => "",
            };
            let (share, p99) = (percent(one.cold_share), time(one.p99_ms));
            let _ = writeln!(out, "| {} | {cost} | {share} | {p99} | {verdict} |", one.text.replace('|', "\\|"));
        }
        out += "\n</details>\n";
    }
    for cold in &estimate.cold_starts {
        let Some(forecast) = &cold.forecast else { continue };
        let week: f64 = forecast.hours.iter().map(|hour| hour.calls).sum();
        let (name, from) = (code(&cold.function), &forecast.from);
        let _ = writeln!(
            out,
            "\nLoad of {name} in the week from {from} UTC on: {} calls. It {}.",
            calls(week),
            backtest(forecast)
        );
        if !forecast.actions.is_empty() {
            out += "\n| Scheduled action (UTC) | keep |\n|---|--:|\n";
        }
        for action in &forecast.actions {
            let _ = writeln!(out, "| {} | {} |", code(&action.schedule), action.environments);
        }
    }
    let answered: Vec<_> = estimate.latency.iter().filter_map(|one| Some((one, one.response.as_ref()?))).collect();
    if !answered.is_empty() {
        out += "\n| Latency of what the caller waits for | p50 | p95 | p99 | p99 with cold starts | p50 cold |\n\
                |---|--:|--:|--:|--:|--:|\n";
    }
    for (one, response) in answered {
        let warm = response.warm;
        let mixed = response.mixed.map_or("no rate".to_owned(), |mixed| time(mixed.p99));
        let [p50, p95, p99, cold] = [warm.p50, warm.p95, warm.p99, response.cold.p50].map(time);
        let _ = writeln!(out, "| {} | {p50} | {p95} | {p99} | {mixed} | {cold} |", code(&one.entry));
    }
    let lines = assumed(estimate);
    if !lines.is_empty() {
        out += "\n<details><summary>Assumed for cold starts and latency</summary>\n\n";
        for line in lines {
            let _ = writeln!(out, "- {line}");
        }
        out += "\n</details>\n";
    }
    out
}
