//! Means against cold starts: what each costs, and how many cold starts it leaves.

use super::super::money::money;
use super::super::performance::{cheapest, percent, time};
use super::{BAR, INK, LINE, SOFT, WARN, close, label, open, text, ticks};
use crate::estimate::ColdStarts;
use std::fmt::Write;

const LEFT: f64 = 70.0;
const TOP: f64 = 26.0;
const SIZE: (f64, f64) = (640.0, 220.0);
/// Shares below this stand at the edge.
const LEAST: f64 = 1e-7;

/// The plot, and the table behind it.
pub(super) fn draw(cold: &ColdStarts, currency: &str, out: &mut String) {
    let priced: Vec<_> = cold.strategies.iter().filter_map(|one| Some((one, one.monthly?))).collect();
    if priced.len() > 1 {
        let most = priced.iter().map(|(_, cost)| *cost).fold(0.0, f64::max).max(1e-9);
        let share = |share: f64| share.clamp(LEAST, 1.0).log10();
        let low = priced.iter().map(|(one, _)| share(one.cold_share)).fold(0.0, f64::min).floor();
        let high = priced.iter().map(|(one, _)| share(one.cold_share)).fold(LEAST.log10(), f64::max).ceil();
        let high = high.max(low + 1.0);
        let across = |value: f64| LEFT + (share(value) - low) / (high - low) * SIZE.0;
        let up = |cost: f64| TOP + SIZE.1 - cost / most * SIZE.1;
        let floor = TOP + SIZE.1;
        open(out, LEFT + SIZE.0 + 40.0, floor + 42.0, "cost a month against the share of cold calls");
        for tick in ticks(most) {
            let y = up(tick);
            let _ = writeln!(out, "<path d=\"M{LEFT} {y:.1}h{}\" stroke=\"{LINE}\"/>", SIZE.0);
            label(out, LEFT - 8.0, y + 4.0, "end", SOFT, &money(tick, currency));
        }
        for power in low as i32..=high as i32 {
            let x = across(10f64.powi(power));
            let _ = writeln!(out, "<path d=\"M{x:.1} {TOP}v{}\" stroke=\"{LINE}\"/>", SIZE.1);
            let exact = if power < -4 { format!("10^{power}") } else { percent(10f64.powi(power)) };
            label(out, x, floor + 16.0, "middle", SOFT, &exact);
        }
        label(out, LEFT + SIZE.0 / 2.0, floor + 36.0, "middle", SOFT, "share of calls that start cold");
        let mut taken: Vec<(f64, f64)> = Vec::new();
        for (at, one) in cold.strategies.iter().enumerate() {
            let Some(cost) = one.monthly else { continue };
            let (x, y) = (across(one.cold_share), up(cost));
            let fill = if one.meets_slo == Some(false) { WARN } else { BAR };
            let _ = writeln!(
                out,
                "<g><title>{}</title><circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"5\" fill=\"{fill}\"/></g>",
                text(&one.text)
            );
            // Numbers of points that lie together stand side by side.
            let beside = taken.iter().filter(|(a, b)| (a - x).abs() < 16.0 && (b - y).abs() < 14.0).count();
            taken.push((x, y));
            label(out, x + 8.0 + beside as f64 * 14.0, y - 7.0, "start", INK, &format!("{}", at + 1));
        }
        close(out);
    }
    let best = cheapest(cold);
    out.push_str(
        "<div class=\"scroll\"><table>\n<tr><th class=\"n\"></th><th>Means</th><th class=\"n\">a month</th>\
         <th class=\"n\">cold</th><th class=\"n\">p99</th><th>Objective</th></tr>\n",
    );
    for (at, one) in cold.strategies.iter().enumerate() {
        let cost = one.monthly.map_or("no price".to_owned(), |cost| money(cost, currency));
        let verdict = match one.meets_slo {
            Some(true) if best == Some(at) => "keeps it, cheapest",
            Some(true) => "keeps it",
            Some(false) => "misses it",
            None => "",
        };
        let _ = writeln!(
            out,
            "<tr><td class=\"n\">{}</td><td class=\"w\">{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td>\
             <td class=\"n\">{}</td><td>{verdict}</td></tr>",
            at + 1,
            text(&one.text),
            text(&cost),
            text(&percent(one.cold_share)),
            text(&time(one.p99_ms))
        );
    }
    out.push_str("</table></div>\n");
}
