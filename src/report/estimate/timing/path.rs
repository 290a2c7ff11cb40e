//! A path: its parts in a row, and its percentiles as bands.

use super::super::performance::{percent, time};
use super::{BAR, INK, LINE, RANGE, SOFT, WARN, close, label, open, short, text, ticks};
use crate::estimate::latency::{EntryLatency, Latency, Percentiles, Step};
use std::fmt::Write;

const BOX: (f64, f64) = (132.0, 58.0);
const GAP: f64 = 22.0;
/// Parts in one row.
const ROW: usize = 6;
/// Ends of an entry that are drawn.
const REACHES: usize = 4;
/// Chances of a timeout below this are not told.
const SHOWN_RISK: f64 = 1e-4;

/// Draws an entry: what its caller waits for, and what happens after.
pub(super) fn draw(one: &EntryLatency, out: &mut String) {
    let _ = writeln!(out, "<h3>{}</h3>", text(&one.entry));
    if let Some(response) = &one.response {
        out.push_str("<p class=\"soft\">What the caller waits for:</p>\n");
        parts(&one.steps, &one.entry, out);
        bands(response, &one.entry, out);
    }
    for risk in &one.timeouts {
        let chance = risk.mixed.unwrap_or(risk.warm);
        if chance >= SHOWN_RISK || risk.cold >= 0.01 {
            let _ = writeln!(
                out,
                "<p class=\"over\">{}</p>",
                text(&format!(
                    "{} gives up on {} after {}: {} of requests, {} of cold ones",
                    risk.at,
                    risk.waits_for,
                    time(risk.limit_ms),
                    percent(chance),
                    percent(risk.cold)
                ))
            );
        }
    }
    for reach in one.reaches.iter().take(REACHES) {
        let _ = writeln!(out, "<p class=\"soft\">After that: {}</p>", text(&reach.via.join(" → ")));
        parts(&reach.steps, &reach.to, out);
        bands(&reach.latency, &reach.to, out);
    }
    if one.reaches.len() > REACHES {
        let _ = writeln!(out, "<p class=\"soft\">{} other ends: see --format json.</p>", one.reaches.len() - REACHES);
    }
}

fn parts(steps: &[Step], name: &str, out: &mut String) {
    if steps.is_empty() {
        return;
    }
    let rows = steps.len().div_ceil(ROW);
    let across = steps.len().min(ROW) as f64;
    let (width, height) = (across * (BOX.0 + GAP), rows as f64 * (BOX.1 + GAP));
    open(out, width, height, &format!("parts of {name}"));
    for (at, step) in steps.iter().enumerate() {
        let (x, y) = ((at % ROW) as f64 * (BOX.0 + GAP) + 1.0, (at / ROW) as f64 * (BOX.1 + GAP) + 1.0);
        let (stroke, dash) = match step.kind {
            "start" => (WARN, " stroke-dasharray=\"5 3\""),
            "call" => (BAR, ""),
            _ => (SOFT, ""),
        };
        let _ = writeln!(
            out,
            "<g><title>{}</title><rect x=\"{x:.0}\" y=\"{y:.0}\" width=\"{}\" height=\"{}\" rx=\"6\" fill=\"none\" \
             stroke=\"{stroke}\" stroke-width=\"1.5\"{dash}/></g>",
            text(&format!("{}: {}", step.name, step.source)),
            BOX.0,
            BOX.1
        );
        let middle = x + BOX.0 / 2.0;
        let what = match (step.kind, step.share) {
            ("start", Some(share)) => format!("cold in {}", percent(share)),
            ("start", None) => "if cold".to_owned(),
            ("wait", _) => "waits for a batch".to_owned(),
            ("hop", _) => step.source.split(':').next().unwrap_or("hop").to_owned(),
            (kind, _) => kind.to_owned(),
        };
        label(out, middle, y + 17.0, "middle", INK, &short(&step.name, 18));
        label(out, middle, y + 33.0, "middle", SOFT, &short(&what, 21));
        let rough = if step.rough { "≈ " } else { "" };
        label(out, middle, y + 49.0, "middle", INK, &format!("{rough}{} / {}", time(step.p50_ms), time(step.p99_ms)));
        if at + 1 < steps.len() && (at + 1) % ROW != 0 {
            let (from, y) = (x + BOX.0, y + BOX.1 / 2.0);
            let _ = writeln!(
                out,
                "<path d=\"M{from:.0} {y:.0}h{GAP}m-6 -4l6 4l-6 4\" fill=\"none\" stroke=\"{SOFT}\" stroke-width=\"1.3\"/>"
            );
        }
    }
    close(out);
}

/// A line a mode: from the median to the 99.9th percentile, the thicker the more requests.
fn bands(latency: &Latency, name: &str, out: &mut String) {
    const LEFT: f64 = 96.0;
    const WIDTH: f64 = 700.0;
    let mut modes: Vec<(&str, &Percentiles)> = vec![("warm", &latency.warm)];
    if let Some(mixed) = &latency.mixed {
        modes.push(("as it comes", mixed));
    }
    modes.push(("cold", &latency.cold));
    let most = modes.iter().map(|(_, one)| one.p999).fold(1.0, f64::max);
    let at = |ms: f64| LEFT + ms / most * WIDTH;
    let height = modes.len() as f64 * 34.0 + 26.0;
    open(out, LEFT + WIDTH + 70.0, height, &format!("latency of {name}"));
    let floor = height - 20.0;
    for tick in ticks(most) {
        let x = at(tick);
        let _ = writeln!(out, "<path d=\"M{x:.1} 0V{floor:.0}\" stroke=\"{LINE}\"/>");
        label(out, x, floor + 14.0, "middle", SOFT, &if tick > 0.0 { time(tick) } else { "0".to_owned() });
    }
    for (row, (mode, one)) in modes.iter().enumerate() {
        let y = row as f64 * 34.0 + 14.0;
        label(out, LEFT - 8.0, y + 4.0, "end", INK, mode);
        for (from, to, thick, fill) in
            [(one.p50, one.p999, 3.0, RANGE), (one.p50, one.p99, 8.0, RANGE), (one.p50, one.p95, 14.0, BAR)]
        {
            let (x, width) = (at(from), (at(to) - at(from)).max(1.5));
            let top = y - thick / 2.0;
            let _ = writeln!(
                out,
                "<rect x=\"{x:.1}\" y=\"{top:.1}\" width=\"{width:.1}\" height=\"{thick}\" fill=\"{fill}\"/>"
            );
        }
        let told =
            format!("p50 {}, p95 {}, p99 {}, p99.9 {}", time(one.p50), time(one.p95), time(one.p99), time(one.p999));
        label(out, at(one.p50), y + 19.0, "start", SOFT, &told);
    }
    close(out);
}
