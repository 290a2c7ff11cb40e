//! A page that needs nothing else: no script, no font, no address.

use super::budget;
use super::drawing;
use super::markdown::span;
use super::money::{count, figure, money};
use super::performance::percent;
use super::timing;
use crate::estimate::{Estimate, Range};
use crate::report::picture::Picture;
use std::fmt::Write;

const STYLE: &str = "\
:root{color-scheme:light dark;--ink:#1c2530;--soft:#5b6875;--line:#d9dee4;--paper:#fff;--bar:#2f6f9f;--range:#9db8cc}\
@media(prefers-color-scheme:dark){:root{--ink:#e4e8ec;--soft:#9aa6b2;--line:#36404a;--paper:#15191e;--bar:#6aa9d8;--range:#3f5f78}}\
body{margin:0 auto;padding:2rem 1.5rem 4rem;max-width:64rem;background:var(--paper);color:var(--ink);\
font:15px/1.5 system-ui,sans-serif}\
h1{font-size:1.6rem;margin:0 0 .25rem}h2{font-size:1.1rem;margin:2.2rem 0 .6rem}p{margin:.3rem 0}\
.soft{color:var(--soft)}.big{font-size:2.2rem;font-weight:600}\
table{border-collapse:collapse;width:100%}th,td{padding:.3rem .6rem;text-align:left;border-bottom:1px solid var(--line)}\
th{font-weight:600;color:var(--soft)}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}\
td.w{overflow-wrap:anywhere}.scroll{overflow-x:auto}svg{display:block}svg text{fill:var(--ink);font:13px system-ui,sans-serif}\
.over{color:#b3261e;font-weight:600}@media(prefers-color-scheme:dark){.over{color:#ff8a80}}";

/// Rows of the table of resources.
const ROWS: usize = 60;

/// The estimate as a page, with the graph of `picture` coloured by cost.
pub fn html(estimate: &Estimate, picture: &Picture, title: &str) -> String {
    let mut page = Page { estimate, out: String::new() };
    let title = text(title);
    let _ = write!(
        page.out,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>What {title} costs</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<h1>What {title} costs</h1>\n"
    );
    page.head();
    page.budget();
    page.services();
    page.graph(picture);
    page.paths();
    page.resources();
    page.warm();
    page.out += &timing(estimate);
    page.assumptions();
    page.left_out();
    page.out += "</body>\n</html>\n";
    page.out
}

struct Page<'e> {
    estimate: &'e Estimate,
    out: String,
}

impl Page<'_> {
    fn money(&self, value: f64) -> String {
        money(value, self.estimate.currency).replace('<', "&lt;")
    }

    fn amounts(&self, range: Range) -> String {
        let cell = |value: f64| format!("<td class=\"n\">{}</td>", self.money(value));
        cell(range.low) + &cell(range.expected) + &cell(range.high)
    }

    fn heading(&mut self, title: &str) {
        let _ = writeln!(self.out, "<h2>{title}</h2>");
    }

    fn table(&mut self, heads: &[&str], rows: &[String]) {
        self.out += "<div class=\"scroll\"><table>\n<tr>";
        for head in heads {
            // Columns of amounts begin with a blank.
            let class = if head.starts_with(' ') { " class=\"n\"" } else { "" };
            let _ = write!(self.out, "<th{class}>{}</th>", head.trim());
        }
        self.out += "</tr>\n";
        for row in rows {
            let _ = writeln!(self.out, "<tr>{row}</tr>");
        }
        self.out += "</table></div>\n";
    }

    fn head(&mut self) {
        let estimate = self.estimate;
        let known = estimate.entries.iter().filter(|entry| entry.monthly_requests.is_some()).count();
        let total = span(estimate.total, estimate.currency).replace('<', "&lt;");
        let (amount, range) = total.split_once(' ').unwrap_or((&total, ""));
        let range = if range.is_empty() { String::new() } else { format!(" <span class=\"soft\">{range}</span>") };
        let _ = writeln!(self.out, "<p><span class=\"big\">{amount}</span> a month{range}</p>");
        let free = if estimate.free_tier { "with the free tier taken off" } else { "without free tier" };
        let _ = writeln!(
            self.out,
            "<p class=\"soft\">List prices of {}, the newest of {}, {free}. {} of it is paid without any traffic. \
             The rate of {known} of {} places where traffic enters is known.</p>",
            text(&estimate.region),
            estimate.prices_as_of,
            self.money(estimate.baseline),
            estimate.entries.len(),
        );
    }

    fn budget(&mut self) {
        if self.estimate.budget.is_empty() {
            return;
        }
        self.heading("Budget");
        for check in &self.estimate.budget {
            let class = if check.is_exceeded() { " class=\"over\"" } else { "" };
            let _ = writeln!(self.out, "<p{class}>{}</p>", text(&budget::line(check, self.estimate.currency)));
        }
    }

    /// A bar a service: expected, with a line from low to high.
    fn services(&mut self) {
        let estimate = self.estimate;
        let mut services: Vec<(&str, Range)> = estimate.services.iter().map(|(name, cost)| (*name, *cost)).collect();
        let mut heading = "By service, a month";
        if estimate.entries.iter().all(|entry| entry.monthly.is_none()) && !estimate.entries.is_empty() {
            // Nothing is known to happen: what a million requests of every entry would cost.
            heading = "By service, a million requests of every entry";
            let mut sums: std::collections::BTreeMap<&str, f64> = std::collections::BTreeMap::new();
            for (name, cost) in estimate.entries.iter().flat_map(|entry| &entry.services) {
                *sums.entry(name).or_default() += cost;
            }
            services = sums.into_iter().map(|(name, cost)| (name, Range::exact(cost))).collect();
        }
        services.sort_by(|a, b| b.1.expected.total_cmp(&a.1.expected));
        let most = services.iter().map(|(_, cost)| cost.high).fold(0.0, f64::max);
        if most <= 0.0 {
            return;
        }
        self.heading(heading);
        const LEFT: f64 = 150.0;
        const WIDTH: f64 = 560.0;
        let height = services.len() * 30 + 6;
        let _ = writeln!(
            self.out,
            "<div class=\"scroll\"><svg width=\"900\" height=\"{height}\" viewBox=\"0 0 900 {height}\" role=\"img\" \
             aria-label=\"{heading}\">"
        );
        for (row, (name, cost)) in services.iter().enumerate() {
            let top = row as f64 * 30.0 + 5.0;
            let at = |value: f64| LEFT + value / most * WIDTH;
            let (low, expected, high) = (at(cost.low), at(cost.expected), at(cost.high));
            let _ = write!(
                self.out,
                "<text x=\"{:.0}\" y=\"{:.0}\" text-anchor=\"end\">{}</text>\
                 <rect x=\"{LEFT}\" y=\"{top:.0}\" width=\"{:.1}\" height=\"20\" rx=\"2\" fill=\"var(--bar)\"/>",
                LEFT - 8.0,
                top + 15.0,
                text(name),
                (expected - LEFT).max(1.0),
            );
            if high - low > 1.0 {
                let middle = top + 10.0;
                let _ = write!(
                    self.out,
                    "<path d=\"M{low:.1} {middle:.0}H{high:.1}M{low:.1} {:.0}v8M{high:.1} {:.0}v8\" \
                     stroke=\"var(--ink)\" stroke-width=\"1.5\" fill=\"none\"/>",
                    middle - 4.0,
                    middle - 4.0,
                );
            }
            let amount = span(*cost, estimate.currency).replace('<', "&lt;");
            let _ = writeln!(
                self.out,
                "<text x=\"{:.0}\" y=\"{:.0}\">{amount}</text>",
                high.max(expected) + 8.0,
                top + 15.0
            );
        }
        self.out += "</svg></div>\n";
    }

    fn graph(&mut self, picture: &Picture) {
        let drawn = drawing::graph(self.estimate, picture);
        if drawn.is_empty() {
            return;
        }
        self.heading("Where it is spent");
        self.out += &drawn;
    }

    fn paths(&mut self) {
        let estimate = self.estimate;
        if estimate.entries.is_empty() {
            return;
        }
        self.heading("By path: an entry with everything it causes");
        let rows: Vec<String> = estimate
            .entries
            .iter()
            .map(|entry| {
                let requests = entry.monthly_requests.map_or("no rate".to_owned(), |rate| count(rate.expected));
                let monthly = entry.monthly.map_or(String::new(), |cost| self.money(cost.expected));
                let least = if entry.missing.is_empty() { "" } else { "at least " };
                let [low, expected, high] =
                    [entry.per_million.low, entry.per_million.expected, entry.per_million.high].map(|v| self.money(v));
                format!(
                    "<td class=\"w\">{}</td><td class=\"n\">{requests}</td><td class=\"n\">{monthly}</td>\
                     <td class=\"n\">{low}</td><td class=\"n\">{least}{expected}</td><td class=\"n\">{high}</td>",
                    text(&entry.name)
                )
            })
            .collect();
        let heads = ["Path", " requests a month", " a month", " a million: low", " expected", " high"];
        self.table(&heads, &rows);
    }

    fn resources(&mut self) {
        let mut sorted: Vec<_> = self.estimate.resources.iter().collect();
        if sorted.is_empty() {
            return;
        }
        sorted.sort_by(|a, b| b.monthly.expected.total_cmp(&a.monthly.expected));
        let count = sorted.len();
        sorted.truncate(ROWS);
        let rows: Vec<String> = sorted
            .iter()
            .map(|one| {
                let least = if one.complete { "" } else { " <span class=\"soft\">at least</span>" };
                format!(
                    "<td class=\"w\">{}{least}</td><td>{}</td><td class=\"n\">{}</td>{}",
                    text(&one.name),
                    text(&one.r#type),
                    self.money(one.baseline),
                    self.amounts(one.monthly)
                )
            })
            .collect();
        self.heading("By resource, a month");
        self.table(&["Resource", "Type", " without traffic", " low", " expected", " high"], &rows);
        if count > rows.len() {
            let _ = writeln!(self.out, "<p class=\"soft\">{} more cost less.</p>", count - rows.len());
        }
    }

    fn warm(&mut self) {
        let rows: Vec<String> = self
            .estimate
            .warm
            .iter()
            .map(|one| {
                let busy = one.busy.map_or("unknown".to_owned(), percent);
                let idle = one.idle.map_or(String::new(), |idle| self.money(idle));
                format!(
                    "<td class=\"w\">{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"n\">{busy}</td>\
                     <td class=\"n\">{idle}</td>",
                    text(&one.function),
                    one.environments,
                    self.money(one.monthly)
                )
            })
            .collect();
        if !rows.is_empty() {
            self.heading("Kept warm");
            self.table(&["Function", " environments", " a month", " busy", " idle"], &rows);
        }
    }

    fn assumptions(&mut self) {
        let used = self.estimate.assumptions.iter().filter(|one| one.spread >= 0.005);
        let rows: Vec<String> = used
            .map(|one| {
                let [low, expected, high] = [one.value.low, one.value.expected, one.value.high].map(figure);
                let source = if one.given { "given" } else { "assumed" };
                format!(
                    "<td class=\"n\">{:.0} %</td><td class=\"w\">{}<br><span class=\"soft\">{}</span></td><td>{source}</td>\
                     <td class=\"n\">{low}</td><td class=\"n\">{expected}</td><td class=\"n\">{high}</td>",
                    one.spread * 100.0,
                    text(&one.name()),
                    text(one.help)
                )
            })
            .collect();
        if !rows.is_empty() {
            self.heading("Where the spread comes from");
            self.table(&[" share", "What", "", " low", " expected", " high"], &rows);
        }
    }

    fn left_out(&mut self) {
        let estimate = self.estimate;
        let open = estimate.open.iter().map(|one| {
            let reason = format!("{} is not given: {}", one.key, one.help);
            format!("<td class=\"w\">{}</td><td>{}</td>", text(&one.resource), text(&reason))
        });
        let named = estimate.missing_prices.iter().chain(&estimate.unpriced).chain(&estimate.idle);
        let named = named.map(|one| format!("<td class=\"w\">{}</td><td>{}</td>", text(&one.name), text(&one.reason)));
        let rows: Vec<String> = open.chain(named).collect();
        if !rows.is_empty() {
            self.heading("Left out");
            self.table(&["What", "Why"], &rows);
        }
    }
}

/// `value` as text of a page.
pub(super) fn text(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    for c in value.chars() {
        match c {
            '&' => out += "&amp;",
            '<' => out += "&lt;",
            '>' => out += "&gt;",
            '"' => out += "&quot;",
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn names_cannot_break_out_of_the_page() {
        assert_eq!(text("<b a=\"1\">&\n"), "&lt;b a=&quot;1&quot;&gt;&amp; ");
    }
}
