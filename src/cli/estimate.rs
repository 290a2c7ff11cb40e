//! `dewline estimate`: what an application costs, and how often its functions start cold.

use super::files::{DiskFiles, project_root};
use crate::estimate::{Assumptions, Estimate, Options, Range, SECONDS_PER_MONTH, estimate};
use crate::facts::prices::Prices;
use crate::graph::{Graph, Template};
use crate::source::Files;
use crate::template::{Inputs, load};
use std::collections::BTreeMap;
use std::io::Write;
use std::process::ExitCode;

/// Arguments of `estimate`.
#[derive(clap::Args, Debug)]
pub struct Arguments {
    /// The template.
    #[arg(default_value = "template.yaml")]
    file: String,
    /// How to print the answer.
    #[arg(long, default_value = "human", value_parser = ["human", "json"])]
    format: String,
    /// The region to take prices of.
    #[arg(long, default_value = "us-east-1")]
    region: String,
    /// Stage of a Serverless Framework service.
    #[arg(long)]
    stage: Option<String>,
    /// A parameter value, `KEY=VALUE`; may be repeated.
    #[arg(long = "param")]
    parameters: Vec<String>,
    /// Traffic of an entry, `ENTRY=PER_SECOND`; may be repeated.
    #[arg(long = "rate")]
    rates: Vec<String>,
    /// Prices that replace those compiled in, tab-separated.
    #[arg(long)]
    prices: Option<String>,
    /// Take off what every account has free each month.
    #[arg(long)]
    free_tier: bool,
}

/// Runs the verb.
pub fn run(arguments: &Arguments) -> ExitCode {
    match answer(arguments) {
        Ok(text) => {
            let _ = std::io::stdout().lock().write_all(text.as_bytes());
            ExitCode::SUCCESS
        }
        Err(message) => {
            let _ = writeln!(std::io::stderr().lock(), "error: {message}");
            ExitCode::from(2)
        }
    }
}

fn answer(arguments: &Arguments) -> Result<String, String> {
    let path = std::path::absolute(&arguments.file).unwrap_or_else(|_| (&arguments.file).into());
    let files = DiskFiles::new(&project_root(&path));
    let file = files.read(&path.to_string_lossy()).map_err(|error| format!("{}: {error}", arguments.file))?;
    let inputs = Inputs {
        region: Some(arguments.region.clone()),
        stage: arguments.stage.clone(),
        parameters: arguments
            .parameters
            .iter()
            .filter_map(|pair| pair.split_once('='))
            .map(|(k, v)| (k.to_owned(), v.to_owned()))
            .collect(),
        ..Inputs::default()
    };
    let loaded = load::load(file, &files, &inputs).ok_or_else(|| format!("{} is not a template", arguments.file))?;
    let graph = Graph::new(
        Template::new(loaded.dialect, loaded.root, loaded.problems, inputs).with_definitions(loaded.definitions),
    );
    let own = match &arguments.prices {
        Some(path) => {
            let text = std::fs::read_to_string(path).map_err(|error| format!("{path}: {error}"))?;
            Some(Prices::overridden(&text).map_err(|error| format!("{path}: {error}"))?)
        }
        None => None,
    };
    let options = Options {
        region: arguments.region.clone(),
        rates: rates(&arguments.rates)?,
        assumptions: Assumptions::default(),
        free_tier: arguments.free_tier,
        prices: own.as_ref().unwrap_or_else(|| Prices::embedded()),
    };
    let result = estimate(&graph, &options);
    for name in options.rates.keys() {
        if !result.entries.iter().any(|entry| entry.name == *name || entry.api.as_ref() == Some(name)) {
            let known: Vec<&str> = result.entries.iter().map(|entry| entry.name.as_str()).collect();
            return Err(format!("--rate {name}: traffic does not enter there; entries are {}", known.join(", ")));
        }
    }
    if arguments.format == "json" {
        let text = serde_json::to_string_pretty(&result).map_err(|error| error.to_string())?;
        return Ok(text + "\n");
    }
    Ok(human(&result, arguments.free_tier))
}

fn rates(given: &[String]) -> Result<BTreeMap<String, Range>, String> {
    let parse = |text: &String| {
        let (name, rate) = text.split_once('=')?;
        let rate: f64 = rate.trim().parse().ok()?;
        (rate.is_finite() && rate >= 0.0).then(|| (name.to_owned(), Range::exact(rate)))
    };
    given.iter().map(|text| parse(text).ok_or_else(|| format!("--rate {text}: expected ENTRY=PER_SECOND"))).collect()
}

fn dollars(value: f64) -> String {
    if value >= 1000.0 {
        format!("${value:.0}")
    } else if value >= 0.995 || value <= 0.0 {
        format!("${value:.2}")
    } else if value >= 0.0001 {
        format!("${value:.4}")
    } else {
        "<$0.0001".to_owned()
    }
}

fn span(range: Range) -> String {
    format!("{:>10} {:>10} {:>10}", dollars(range.low), dollars(range.expected), dollars(range.high))
}

fn human(result: &Estimate, free_tier: bool) -> String {
    use std::fmt::Write;
    let mut out = String::new();
    let widest = result.entries.iter().map(|entry| entry.name.len()).chain(result.monthly.keys().map(String::len));
    let width = widest.max().unwrap_or(0).clamp(12, 44);
    let free = if free_tier { "free tier taken off monthly figures" } else { "no free tier" };
    let _ = writeln!(out, "List prices of {}, the newest of {}, {free}\n", result.region, result.prices_as_of);
    if result.entries.is_empty() {
        let _ = writeln!(out, "No traffic enters this template.");
    } else {
        let _ = writeln!(out, "{:<width$} {:>10} {:>10} {:>10}", "Per million events", "low", "expected", "high");
    }
    for entry in &result.entries {
        if entry.missing.is_empty() {
            let _ = writeln!(out, "{:<width$} {}  {}", entry.name, span(entry.per_million), entry.kind);
        } else if entry.per_million.high > 0.0 {
            let _ = writeln!(out, "{:<width$} {}  {}, at least:", entry.name, span(entry.per_million), entry.kind);
            let _ = writeln!(out, "  no price in {} for {}", result.region, entry.missing.join(", "));
        } else {
            let _ = writeln!(out, "{:<width$} {:>32}  {}", entry.name, "no price in this region", entry.kind);
        }
        let mut parts: Vec<_> = entry.services.iter().filter(|(_, cost)| **cost > 0.0).collect();
        parts.sort_by(|a, b| b.1.total_cmp(a.1));
        if parts.len() > 1 {
            let parts: Vec<String> = parts.iter().map(|(name, cost)| format!("{name} {}", dollars(**cost))).collect();
            let _ = writeln!(out, "  of which {}", parts.join(", "));
        }
        for cycle in &entry.cycles {
            let _ = writeln!(out, "  loop followed once: {}", cycle.join(" -> "));
        }
        if entry.cut {
            let _ = writeln!(out, "  too many paths: the price is a lower bound");
        }
    }
    let unknown = result.entries.iter().filter(|entry| entry.rate_per_second.is_none()).count();
    if !result.monthly.is_empty() {
        let _ = writeln!(out, "\n{:<width$} {:>10} {:>10} {:>10}", "Per month", "low", "expected", "high");
        let mut total = Range::default();
        for (name, cost) in &result.monthly {
            total = Range::new(total.low + cost.low, total.expected + cost.expected, total.high + cost.high);
            if cost.high > 0.0 {
                let _ = writeln!(out, "{name:<width$} {}", span(*cost));
            }
        }
        let _ = writeln!(out, "{:<width$} {}", "all traffic", span(total));
    }
    if !result.baseline.is_empty() {
        let _ = writeln!(out, "\nPer month without any traffic");
        for (name, cost) in &result.baseline {
            let _ = writeln!(out, "{name:<width$} {:>10}", dollars(*cost));
        }
    }
    if !result.cold_starts.is_empty() {
        let _ = writeln!(
            out,
            "\n{:<width$} {:>10} {:>22} {:>10}  init p50/p99 (at least)",
            "Cold starts", "calls/h", "share of calls", "held"
        );
        for cold in &result.cold_starts {
            let percent = |value: f64| {
                if value < 0.0001 { "<0.01 %".to_owned() } else { format!("{:.2} %", value * 100.0) }
            };
            let share = format!(
                "{} ({} to {})",
                percent(cold.share.expected),
                percent(cold.share.low),
                percent(cold.share.high)
            );
            let init = cold.init_ms.map_or("not measured".to_owned(), |(p50, p99)| format!("{p50:.0}/{p99:.0} ms"));
            let calls = cold.rate_per_second * 3600.0;
            let calls = if calls < 10.0 { format!("{calls:.2}") } else { format!("{calls:.0}") };
            let _ = writeln!(out, "{:<width$} {calls:>10} {share:>22} {:>10.1}  {init}", cold.function, cold.pool);
        }
    }
    if unknown > 0 {
        let first = result.entries.iter().find(|entry| entry.rate_per_second.is_none());
        let name = first.map_or("ENTRY", |entry| entry.api.as_ref().unwrap_or(&entry.name));
        let _ = writeln!(
            out,
            "\n{unknown} of {} entries have no known rate; give it for monthly cost and cold starts: --rate {name}=0.5 (a second; {:.0} a month)",
            result.entries.len(),
            0.5 * SECONDS_PER_MONTH
        );
    }
    if result.entries.iter().any(|entry| entry.per_million.high > 0.0) {
        let _ = writeln!(out, "\nAssumed, with the share of the spread each causes");
        for used in &result.assumptions {
            let value = format!("{} ({} to {})", used.value.expected, used.value.low, used.value.high);
            let _ = writeln!(out, "  {:>3.0} %  {}: {value}", used.spread * 100.0, used.label);
        }
    }
    if !result.unpriced.is_empty() {
        let _ = writeln!(out, "\nNot priced");
        for item in &result.unpriced {
            let _ = writeln!(out, "  {}: {}", item.name, item.reason);
        }
    }
    out
}
