//! Cold starts, latency and the load to come as a part of a page: no script, no address.
//!
//! Colours are variables of the page around it, with values of their own where it has none.

mod load;
mod markdown;
mod path;
mod plot;

use super::html::text;
use super::performance::{assumed, percent, time};
use crate::estimate::Estimate;
pub use markdown::timing_markdown;
use std::fmt::Write;

/// Entries that are drawn.
const ENTRIES: usize = 12;
/// Ink, soft ink, lines, paper, bars, ranges and warning of the page.
const INK: &str = "var(--ink,#1c2530)";
const SOFT: &str = "var(--soft,#5b6875)";
const LINE: &str = "var(--line,#d9dee4)";
const BAR: &str = "var(--bar,#2f6f9f)";
const RANGE: &str = "var(--range,#9db8cc)";
const WARN: &str = "var(--warn,#b3541e)";

/// Everything about time: headings, tables and drawings; empty where nothing is known.
pub fn timing(estimate: &Estimate) -> String {
    let mut out = String::new();
    cold_starts(estimate, &mut out);
    strategies(estimate, &mut out);
    for cold in &estimate.cold_starts {
        if let Some(forecast) = &cold.forecast {
            heading(&mut out, &format!("The load of {} to come", cold.function));
            load::draw(forecast, &mut out);
        }
    }
    let drawn: Vec<_> =
        estimate.latency.iter().filter(|one| one.response.is_some() || !one.reaches.is_empty()).collect();
    if !drawn.is_empty() {
        heading(&mut out, "How long it takes");
        for one in drawn.iter().take(ENTRIES) {
            path::draw(one, &mut out);
        }
        if drawn.len() > ENTRIES {
            let _ = writeln!(out, "<p class=\"soft\">{} other entries: see --format json.</p>", drawn.len() - ENTRIES);
        }
    }
    let lines = assumed(estimate);
    if !lines.is_empty() {
        heading(&mut out, "Assumed for cold starts and latency");
        out += "<ul>\n";
        for line in lines {
            let _ = writeln!(out, "<li>{}</li>", text(&line));
        }
        out += "</ul>\n";
    }
    out
}

fn heading(out: &mut String, title: &str) {
    let _ = writeln!(out, "<h2>{}</h2>", text(title));
}

/// The start of a drawing that may be wider than the page.
fn open(out: &mut String, width: f64, height: f64, label: &str) {
    let _ = writeln!(
        out,
        "<div class=\"scroll\"><svg width=\"{width:.0}\" height=\"{height:.0}\" viewBox=\"0 0 {width:.0} {height:.0}\" \
         role=\"img\" aria-label=\"{}\" font-family=\"system-ui,sans-serif\" font-size=\"12\">",
        text(label)
    );
}

fn close(out: &mut String) {
    out.push_str("</svg></div>\n");
}

fn label(out: &mut String, x: f64, y: f64, anchor: &str, fill: &str, value: &str) {
    let _ = writeln!(
        out,
        "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\" style=\"fill:{fill}\">{}</text>",
        text(value)
    );
}

fn cold_starts(estimate: &Estimate, out: &mut String) {
    if estimate.cold_starts.is_empty() {
        return;
    }
    heading(out, "Environments and their starts");
    out.push_str(
        "<div class=\"scroll\"><table>\n<tr><th>Function</th><th class=\"n\">calls an hour</th><th class=\"n\">cold, low</th>\
         <th class=\"n\">expected</th><th class=\"n\">high</th><th class=\"n\">held</th><th class=\"n\">busiest hour</th>\
         <th class=\"n\">init p50</th><th class=\"n\">init p99</th><th class=\"n\">call p99</th></tr>\n",
    );
    for cold in &estimate.cold_starts {
        let init = cold.init_ms.map_or(["not measured".to_owned(), String::new()], |(p50, p99)| [time(p50), time(p99)]);
        let cells = [
            super::forecast::calls(cold.rate_per_second * 3600.0),
            percent(cold.share.low),
            percent(cold.share.expected),
            percent(cold.share.high),
            format!("{:.1}", cold.pool),
            format!("{:.0}", cold.peak_pool.ceil()),
            init[0].clone(),
            init[1].clone(),
            time(cold.p99_ms),
        ];
        let _ = write!(out, "<tr><td class=\"w\">{}</td>", text(&cold.function));
        for cell in cells {
            let _ = write!(out, "<td class=\"n\">{}</td>", text(&cell));
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</table></div>\n");
}

fn strategies(estimate: &Estimate, out: &mut String) {
    for cold in estimate.cold_starts.iter().filter(|cold| cold.strategies.len() > 1) {
        heading(out, &format!("What to do about the cold starts of {}", cold.function));
        plot::draw(cold, estimate.currency, out);
    }
}

/// At most `most` characters of a name.
fn short(name: &str, most: usize) -> String {
    if name.chars().count() <= most {
        return name.to_owned();
    }
    let head: String = name.chars().take(most.saturating_sub(1)).collect();
    head + "…"
}

/// Round numbers that divide `0..=most` into a few parts.
fn ticks(most: f64) -> Vec<f64> {
    if !(most > 0.0 && most.is_finite()) {
        return vec![0.0];
    }
    let rough = most / 4.0;
    let power = 10f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 2.5, 5.0, 10.0].iter().map(|part| part * power).find(|step| *step >= rough * 0.999);
    let step = step.unwrap_or(power * 10.0);
    (0..=6).map(|i| f64::from(i) * step).take_while(|tick| *tick <= most * 1.001).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_cut_and_axes_are_round() {
        assert_eq!(short("abcdef", 4), "abc…");
        assert_eq!(ticks(100.0), [0.0, 25.0, 50.0, 75.0, 100.0]);
        assert_eq!(ticks(0.0), [0.0]);
        assert!(ticks(3.7).len() >= 4 && ticks(1e9).len() >= 4);
    }
}
