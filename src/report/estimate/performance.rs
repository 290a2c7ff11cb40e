//! Cold starts, strategies and latency as text.

use super::money::{count, money};
use crate::estimate::latency::{EntryLatency, Percentiles};
use crate::estimate::{ColdStarts, Estimate};
use crate::report::style::Style;
use std::fmt::Write;

/// Ends of one entry that are shown.
const SHOWN_REACHES: usize = 8;
/// Chances of a timeout below this are not shown.
const SHOWN_RISK: f64 = 1e-4;

/// `0.12 %`; very small shares as a bound.
pub(super) fn percent(value: f64) -> String {
    match value * 100.0 {
        share if share <= 0.0 => "0 %".to_owned(),
        share if share < 0.01 => "<0.01 %".to_owned(),
        share if share < 10.0 => format!("{share:.2} %"),
        share => format!("{share:.0} %"),
    }
}

/// `85 ms`, `1.2 s`.
pub(super) fn time(ms: f64) -> String {
    match ms {
        ms if ms < 9.95 => format!("{ms:.1} ms"),
        ms if ms < 1000.0 => format!("{ms:.0} ms"),
        ms if ms < 100_000.0 => format!("{:.1} s", ms / 1000.0),
        ms => format!("{:.0} s", ms / 1000.0),
    }
}

fn title(out: &mut String, style: &Style, text: &str) {
    let _ = writeln!(out, "\n{}", style.bold(text));
}

/// Everything about cold starts and latency.
pub(super) fn performance(estimate: &Estimate, style: &Style) -> String {
    let mut out = String::new();
    cold_starts(estimate, style, &mut out);
    strategies(estimate, style, &mut out);
    super::forecast::forecasts(estimate, style, &mut out);
    latency(estimate, style, &mut out);
    assumptions(estimate, style, &mut out);
    out
}

fn cold_starts(estimate: &Estimate, style: &Style, out: &mut String) {
    if estimate.cold_starts.is_empty() {
        return;
    }
    let width = width(estimate.cold_starts.iter().map(|one| &*one.function));
    let head = format!(
        "{:<width$} {:>9} {:>26} {:>9} {:>11}  {}",
        "Cold starts", "calls/h", "share cold", "a month", "held, peak", "init p50/p99"
    );
    title(out, style, &head);
    for cold in &estimate.cold_starts {
        let [low, expected, high] = [cold.share.low, cold.share.expected, cold.share.high].map(percent);
        let share = if low == high { expected } else { format!("{expected} ({low} to {high})") };
        let init = cold.init.as_ref().map_or("not measured".to_owned(), |init| {
            let least = if init.lower_bound { ", at least" } else { "" };
            let rough = if init.rough { ", rough" } else { "" };
            format!("{:.0}/{:.0} ms{least}{rough}", init.p50_ms, init.p99_ms)
        });
        let held = format!("{:.1}, {:.0}", cold.pool, cold.peak_pool.ceil());
        let _ = writeln!(
            out,
            "{:<width$} {:>9} {share:>26} {:>9} {held:>11}  {init}",
            cold.function,
            count(cold.rate_per_second * 3600.0),
            count(cold.monthly.expected)
        );
    }
}

fn strategies(estimate: &Estimate, style: &Style, out: &mut String) {
    for cold in estimate.cold_starts.iter().filter(|cold| cold.strategies.len() > 1) {
        let width = width(cold.strategies.iter().map(|one| &*one.text));
        let head = format!(
            "{:<width$} {:>11} {:>10} {:>9}",
            format!("{}: what to do", cold.function),
            "a month",
            "cold",
            "p99"
        );
        title(out, style, &head);
        let best = cheapest(cold);
        for (at, one) in cold.strategies.iter().enumerate() {
            let cost = one.monthly.map_or("no price".to_owned(), |cost| money(cost, estimate.currency));
            let verdict = match one.meets_slo {
                Some(true) if best == Some(at) => "  keeps the objective, cheapest",
                Some(true) => "  keeps the objective",
                Some(false) => "  misses the objective",
                None => "",
            };
            let _ = writeln!(
                out,
                "{:<width$} {cost:>11} {:>10} {:>9}{verdict}",
                one.text,
                percent(one.cold_share),
                time(one.p99_ms)
            );
        }
        if best.is_none() && cold.strategies.iter().any(|one| one.meets_slo == Some(false)) {
            let _ = writeln!(out, "None of these keeps the objective.");
        }
    }
}

/// The cheapest strategy that keeps the objectives.
pub(super) fn cheapest(cold: &ColdStarts) -> Option<usize> {
    cold.strategies.iter().position(|one| one.meets_slo == Some(true) && one.monthly.is_some())
}

fn latency(estimate: &Estimate, style: &Style, out: &mut String) {
    let shown: Vec<&EntryLatency> =
        estimate.latency.iter().filter(|one| one.response.is_some() || !one.reaches.is_empty()).collect();
    if shown.is_empty() {
        return;
    }
    let names = shown.iter().flat_map(|one| {
        one.response.iter().map(|_| one.entry.clone()).chain(one.reaches.iter().map(|reach| name_of(&reach.via)))
    });
    let width = names.map(|name| name.chars().count()).max().unwrap_or(0).clamp(16, 56);
    let head =
        format!("{:<width$} {:>30} {:>9} {:>9} {:>9}", "Latency", "p50/p95/p99/p99.9 warm", "p50 cold", "p99", "p99.9");
    title(out, style, &head);
    for one in shown {
        if let Some(response) = &one.response {
            row(out, width, &one.entry, &response.warm, &response.cold, response.mixed.as_ref());
        }
        for reach in one.reaches.iter().take(SHOWN_REACHES) {
            let latency = &reach.latency;
            row(out, width, &name_of(&reach.via), &latency.warm, &latency.cold, latency.mixed.as_ref());
        }
        if one.reaches.len() > SHOWN_REACHES {
            let _ = writeln!(out, "  and {} other ends, see --format json", one.reaches.len() - SHOWN_REACHES);
        }
        for risk in &one.timeouts {
            let chance = risk.mixed.unwrap_or(risk.warm);
            if chance >= SHOWN_RISK || risk.cold >= 0.01 {
                let _ = writeln!(
                    out,
                    "  {} gives up on {} after {}: {} of requests, {} of cold ones",
                    risk.at,
                    risk.waits_for,
                    time(risk.limit_ms),
                    percent(chance),
                    percent(risk.cold)
                );
            }
        }
    }
    let _ = writeln!(
        out,
        "p99 and p99.9 are with as many cold starts as above; -> marks what happens after the caller has gone."
    );
}

fn name_of(via: &[String]) -> String {
    let text = via.join(" -> ");
    if text.chars().count() <= 56 {
        return text;
    }
    let (first, last) = (via.first().map_or("", String::as_str), via.last().map_or("", String::as_str));
    format!("{first} -> … -> {last}")
}

fn row(
    out: &mut String,
    width: usize,
    name: &str,
    warm: &Percentiles,
    cold: &Percentiles,
    mixed: Option<&Percentiles>,
) {
    let all: Vec<String> = [warm.p50, warm.p95, warm.p99, warm.p999].iter().map(|ms| time(*ms)).collect();
    let of = |pick: fn(&Percentiles) -> f64| mixed.map_or("no rate".to_owned(), |mixed| time(pick(mixed)));
    let _ = writeln!(
        out,
        "{name:<width$} {:>30} {:>9} {:>9} {:>9}",
        all.join("/").replace(" ms", ""),
        time(cold.p50),
        of(|one| one.p99),
        of(|one| one.p999)
    );
}

fn assumptions(estimate: &Estimate, style: &Style, out: &mut String) {
    let lines = assumed(estimate);
    if lines.is_empty() {
        return;
    }
    title(out, style, "Assumed for cold starts and latency");
    for line in lines {
        let _ = writeln!(out, "  {line}");
    }
}

/// Everything that entered without being in the template, each once, with the function it is
/// about where it is not about all.
pub(super) fn assumed(estimate: &Estimate) -> Vec<String> {
    let mut lines: Vec<(&str, Vec<&str>)> = Vec::new();
    fn add<'e>(lines: &mut Vec<(&'e str, Vec<&'e str>)>, text: &'e str, owner: Option<&'e str>) {
        let at = lines.iter().position(|(known, _)| *known == text).unwrap_or(lines.len());
        if at == lines.len() {
            lines.push((text, Vec::new()));
        }
        if let Some(owner) = owner.filter(|owner| !lines[at].1.contains(owner)) {
            lines[at].1.push(owner);
        }
    }
    for cold in &estimate.cold_starts {
        let of_strategies = cold.strategies.iter().flat_map(|one| &one.assumptions);
        let of_forecast = cold.forecast.iter().flat_map(|one| &one.assumptions);
        cold.assumptions
            .iter()
            .chain(of_strategies)
            .chain(of_forecast)
            .for_each(|text| add(&mut lines, text, Some(&cold.function)));
    }
    for one in &estimate.latency {
        let hops = one.reaches.iter().flat_map(|reach| &reach.steps).chain(&one.steps);
        let hops = hops.filter(|step| step.kind == "hop").map(|step| &step.source);
        one.notes.iter().chain(hops).for_each(|text| add(&mut lines, text, None));
    }
    let total = estimate.cold_starts.len();
    let line = |(text, owners): (&str, Vec<&str>)| match owners.as_slice() {
        [one] if total > 1 => format!("{text} ({one})"),
        some if !some.is_empty() && some.len() < total => format!("{text} ({} functions)", some.len()),
        _ => text.to_owned(),
    };
    lines.into_iter().map(line).collect()
}

fn width<'s>(names: impl Iterator<Item = &'s str>) -> usize {
    names.map(|name| name.chars().count()).max().unwrap_or(0).clamp(28, 48)
}
