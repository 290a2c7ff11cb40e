//! Tables for a terminal.

use super::budget;
use super::money::{count, figure, money};
use super::performance::performance;
use crate::estimate::{Entry, Estimate, Range, Unpriced};
use crate::finding::Severity;
use crate::report::Style;
use std::collections::BTreeMap;

/// Rows of a table of resources; the rest is summed up in one line.
const ROWS: usize = 25;

/// The estimate as text.
pub fn human(estimate: &Estimate, style: &Style) -> String {
    let mut page = Page { estimate, style, out: String::new() };
    page.head();
    page.month();
    page.budget();
    page.paths();
    page.warm();
    page.out.push_str(&performance(estimate, style));
    page.assumptions();
    page.left_out();
    page.out
}

struct Page<'e> {
    estimate: &'e Estimate,
    style: &'e Style,
    out: String,
}

impl Page<'_> {
    fn money(&self, value: f64) -> String {
        money(value, self.estimate.currency)
    }

    fn line(&mut self, text: impl AsRef<str>) {
        self.out.push_str(text.as_ref().trim_end());
        self.out.push('\n');
    }

    fn title(&mut self, text: &str, columns: &str) {
        let width = self.name_width();
        let text = format!("\n{text:<width$}{columns}");
        let text = self.style.bold(text.trim_end());
        self.line(text);
    }

    /// Columns for names, so that three amounts and a word fit beside them.
    fn name_width(&self) -> usize {
        let names = self.estimate.entries.iter().map(|entry| entry.name.chars().count());
        let names = names.chain(self.estimate.resources.iter().map(|one| one.name.chars().count()));
        // `of which without traffic` fits in any case.
        names.max().unwrap_or(0).clamp(24, self.style.width.saturating_sub(48).clamp(24, 48)) + 1
    }

    fn amounts(&self, name: &str, range: Range) -> String {
        let width = self.name_width();
        let [low, expected, high] = [range.low, range.expected, range.high].map(|value| self.money(value));
        format!("{:<width$}{low:>10} {expected:>10} {high:>10}", fit(name, width - 1))
    }

    fn head(&mut self) {
        let estimate = self.estimate;
        let free = if estimate.free_tier { "free tier taken off monthly figures" } else { "no free tier" };
        self.line(format!("List prices of {}, the newest of {}, {free}", estimate.region, estimate.prices_as_of));
    }

    fn month(&mut self) {
        let estimate = self.estimate;
        if estimate.resources.is_empty() {
            return;
        }
        self.title("Per month", &format!("{:>10} {:>10} {:>10}", "low", "expected", "high"));
        let mut sorted: Vec<_> = estimate.resources.iter().collect();
        sorted.sort_by(|a, b| b.monthly.expected.total_cmp(&a.monthly.expected));
        for one in sorted.iter().take(ROWS) {
            let note = match (one.complete, one.baseline > 0.0 && one.baseline >= one.monthly.expected * 0.999) {
                (false, _) => "  at least: some of its traffic has no rate",
                (_, true) => "  without any traffic",
                _ => "",
            };
            let text = format!("{}{}", self.amounts(&one.name, one.monthly), self.style.dim(note));
            self.line(text);
        }
        if sorted.len() > ROWS {
            let rest = sorted.iter().skip(ROWS).map(|one| one.monthly);
            let rest = rest.fold(Range::default(), Range::plus);
            let text = self.amounts(&format!("{} more resources", sorted.len() - ROWS), rest);
            self.line(text);
        }
        let total = self.style.bold(&self.amounts("In all", estimate.total));
        self.line(total);
        if estimate.baseline > 0.0 {
            let text = self.amounts("of which without traffic", Range::exact(estimate.baseline));
            self.line(text);
        }
        if estimate.services.len() > 1 {
            self.title("By service", "");
            let mut services: Vec<_> = estimate.services.iter().collect();
            services.sort_by(|a, b| b.1.expected.total_cmp(&a.1.expected));
            for (name, cost) in services {
                let text = self.amounts(name, *cost);
                self.line(text);
            }
        }
    }

    fn budget(&mut self) {
        if self.estimate.budget.is_empty() {
            return;
        }
        self.title("Budget", "");
        for check in &self.estimate.budget {
            let text = budget::line(check, self.estimate.currency);
            let text = if check.is_exceeded() { self.style.severity(Severity::High, &text) } else { text };
            self.line(format!("  {text}"));
        }
    }

    fn paths(&mut self) {
        let estimate = self.estimate;
        if estimate.entries.is_empty() {
            self.line("\nNo traffic enters this template.");
            return;
        }
        let known: Vec<&Entry> = estimate.entries.iter().filter(|entry| entry.monthly.is_some()).collect();
        if !known.is_empty() {
            let columns = format!("{:>10} {:>10} {:>10}  requests a month", "low", "expected", "high");
            self.title("Per month by path", &columns);
            for entry in known {
                let requests = entry.monthly_requests.unwrap_or_default();
                let source = if entry.scheduled { ", by its schedule" } else { "" };
                let text = self.amounts(&entry.name, entry.monthly.unwrap_or_default());
                self.line(format!("{text}  {}{source}", count(requests.expected)));
            }
        }
        self.title("Per million requests", &format!("{:>10} {:>10} {:>10}", "low", "expected", "high"));
        for entry in &estimate.entries {
            self.entry(entry);
        }
        self.samples();
    }

    fn entry(&mut self, entry: &Entry) {
        let region = &self.estimate.region;
        if entry.missing.is_empty() {
            let text = format!("{}  {}", self.amounts(&entry.name, entry.per_million), self.style.dim(entry.kind));
            self.line(text);
        } else if entry.per_million.high > 0.0 {
            let text = format!("{}  {}, at least:", self.amounts(&entry.name, entry.per_million), entry.kind);
            self.line(text);
            self.filled(&format!("no price in {region} for {}", entry.missing.join(", ")), 2);
        } else {
            let width = self.name_width();
            let name = fit(&entry.name, width - 1);
            self.line(format!("{name:<width$}{:>32}  {}", "no price in this region", entry.kind));
        }
        let mut parts: Vec<_> = entry.services.iter().collect();
        parts.sort_by(|a, b| b.1.total_cmp(a.1));
        if parts.len() > 1 {
            let parts: Vec<String> =
                parts.iter().map(|(name, cost)| format!("{name} {}", self.money(**cost))).collect();
            self.filled(&format!("of which {}", parts.join(", ")), 2);
        }
        for cycle in &entry.loops {
            let how = if entry.cut { "loop, ended after 16 rounds" } else { "loop" };
            self.filled(&format!("{how}: {}", cycle.join(" -> ")), 2);
        }
    }

    /// What entries without a rate cost at some rates.
    fn samples(&mut self) {
        let open: Vec<&Entry> =
            self.estimate.entries.iter().filter(|entry| !entry.at_monthly_requests.is_empty()).collect();
        let Some(first) = open.first() else { return };
        let columns: Vec<String> =
            first.at_monthly_requests.iter().map(|sample| format!("{:>10}", count(sample.monthly_requests))).collect();
        self.title("Per month, if it were", &columns.join(" "));
        let width = self.name_width();
        for entry in &open {
            let costs: Vec<String> = entry
                .at_monthly_requests
                .iter()
                .map(|sample| format!("{:>10}", self.money(sample.monthly.expected)))
                .collect();
            self.line(format!("{:<width$}{}", fit(&entry.name, width - 1), costs.join(" ")));
        }
        let text = format!(
            "No rate is assumed: {} of {} entries have none. `dewline estimate --init-usage` writes a file to give them in.",
            open.len(),
            self.estimate.entries.len()
        );
        self.filled(&text, 0);
    }

    fn warm(&mut self) {
        if self.estimate.warm.is_empty() {
            return;
        }
        self.title("Kept warm", &format!("{:>10} {:>10} {:>10}", "a month", "busy", "idle"));
        let width = self.name_width();
        for one in &self.estimate.warm {
            let busy = one.busy.map_or("unknown".to_owned(), |busy| format!("{:.1} %", busy * 100.0));
            let idle = one.idle.map_or(String::new(), |idle| self.money(idle));
            let text = format!(
                "{:<width$}{:>10} {busy:>10} {idle:>10}  {} of {}",
                fit(&one.name, width - 1),
                self.money(one.monthly),
                one.environments,
                one.function
            );
            self.line(text);
        }
    }

    fn assumptions(&mut self) {
        let used: Vec<_> = self.estimate.assumptions.iter().filter(|one| one.spread >= 0.005).collect();
        if used.is_empty() {
            return;
        }
        self.title("Where the spread comes from", "");
        for one in &used {
            let value = one.value;
            let value = if value.is_exact() {
                figure(value.expected)
            } else {
                format!("{} ({} to {})", figure(value.expected), figure(value.low), figure(value.high))
            };
            let source = if one.given { "given" } else { "assumed" };
            let text = format!("{:>3.0} %  {}: {value}, {source}. {}", one.spread * 100.0, one.name(), one.help);
            self.filled(&text, 7);
        }
        let others = self.estimate.assumptions.iter().filter(|one| one.spread < 0.005 && !one.given);
        let others: Vec<String> = others.map(|one| format!("{} {}", one.name(), figure(one.value.expected))).collect();
        if !others.is_empty() {
            self.filled(&format!("<1 %  also assumed: {}", others.join(", ")), 7);
        }
    }

    fn left_out(&mut self) {
        let estimate = self.estimate;
        let mut open: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for one in &estimate.open {
            open.entry(one.key).or_default().push(&one.resource);
        }
        if !open.is_empty() {
            self.title("Left out, for lack of usage", "");
            for (key, resources) in open {
                self.filled(&format!("{key} of {}", resources.join(", ")), 2);
            }
        }
        if !estimate.missing_prices.is_empty() {
            self.title("No price in the table: the figures are lower bounds", "");
            let mut by_reason: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
            for one in &estimate.missing_prices {
                by_reason.entry(&one.reason).or_default().push(&one.name);
            }
            for (reason, meters) in by_reason {
                self.filled(&format!("{}: {reason}", meters.join(", ")), 2);
            }
        }
        if !estimate.idle.is_empty() {
            self.title("Without traffic here", "");
            let mut by_reason: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
            for one in &estimate.idle {
                by_reason.entry(&one.reason).or_default().push(&one.name);
            }
            for (reason, names) in by_reason {
                self.filled(&format!("{}: {reason}", names.join(", ")), 2);
            }
        }
        if !estimate.unpriced.is_empty() {
            self.title("Not priced", "");
            let mut by_reason: BTreeMap<&str, Vec<&Unpriced>> = BTreeMap::new();
            for one in &estimate.unpriced {
                by_reason.entry(&one.reason).or_default().push(one);
            }
            for (reason, items) in by_reason {
                let names: Vec<&str> = items.iter().map(|one| one.name.as_str()).collect();
                self.filled(&format!("{}: {reason}", names.join(", ")), 2);
            }
        }
    }

    /// Text in lines that fit; those after the first are indented by `indent`.
    fn filled(&mut self, text: &str, indent: usize) {
        let indent = " ".repeat(indent);
        let first = if indent.len() == 2 { &*indent } else { "" };
        let options = textwrap::Options::new(self.style.width).initial_indent(first).subsequent_indent(&indent);
        let text = textwrap::fill(text, options);
        self.line(text);
    }
}

/// `name` in no more than `width` columns.
fn fit(name: &str, width: usize) -> String {
    if name.chars().count() <= width {
        return name.to_owned();
    }
    let head: String = name.chars().take(width.saturating_sub(1)).collect();
    head + "…"
}
