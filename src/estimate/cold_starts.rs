//! Cold starts of each function, from the traffic that reaches it.

use super::arrivals::Arrivals;
use super::cold::{Load, Warm};
use super::forecast;
use super::forecasts::LoadForecast;
use super::init::Init;
use super::latency::{FunctionLaw, Laws, Part};
use super::meters::lambda;
use super::model::{Model, index};
use super::range::Range;
use super::strategies::{self, Strategy};
use super::traffic::solve;
use super::usage::Key;
use super::variables::Point;
use crate::facts::prices::Prices;
use crate::graph::{NodeKind, NodeRef};
use serde::Serialize;
use std::collections::BTreeMap;

/// Cold starts of one function.
#[derive(Clone, Debug, Serialize)]
pub struct ColdStarts {
    /// Logical id.
    pub function: String,
    /// Calls a second.
    pub rate_per_second: f64,
    /// Share of calls that start cold, over the range of idle expiries; recycling is in the
    /// expected and the high value.
    pub share: Range,
    /// Cold starts a month.
    pub monthly: Range,
    /// Environments held, expected.
    pub pool: f64,
    /// Environments held in the busiest hour.
    pub peak_pool: f64,
    /// Relative calls of each hour of the day or the week, where they are given; their mean is 1.
    pub load_by_hour: Vec<f64>,
    /// Share of each hour's calls that start cold, where the load is given by the hour.
    pub hours: Vec<f64>,
    /// Median and 99th percentile of init, ms, where they are known.
    pub init_ms: Option<(f64, f64)>,
    /// What init is made of.
    pub init: Option<Init>,
    /// Median and 99th percentile of a call, ms, warm.
    pub duration_ms: (f64, f64),
    /// 99th percentile of a call with its cold starts, ms.
    pub p99_ms: f64,
    /// Whether the share was observed instead of reckoned.
    pub observed: bool,
    /// What could be done, the cheapest first.
    pub strategies: Vec<Strategy>,
    /// The load that is coming, where observed calls were given.
    pub forecast: Option<LoadForecast>,
    /// What entered without being in the template.
    pub assumptions: Vec<String>,
}

/// What is known about the calls of one entry or all: events by site, and events a month by
/// entry.
pub struct Traffic<'a> {
    /// What one event of each entry comes to.
    pub flows: &'a [solve::Visits],
    /// Events a month of each entry: low, expected, high.
    pub rates: [&'a [Option<f64>]; 3],
    /// Distributions that were reckoned already.
    pub laws: &'a Laws,
}

/// Ratio of 99th percentile to median of a duration where only a mean is known.
pub(super) const SPREAD: f64 = 5.0;
/// Seconds after which an environment is replaced even when busy, where nothing is said
/// (Xebia, about 2022).
pub(super) const LIFE_S: f64 = 7200.0;

/// The law of warm calls of a function: its percentiles where they are given, else a log-normal
/// law around the mean.
pub(super) fn warm_law(model: &Model<'_, '_>, node: NodeRef<'_>, point: &Point) -> (Part, String) {
    let usage = model.variables.usage();
    let ty = super::traffic::ty(node);
    let given = |key| usage.amount(node.name(), ty, key).map(|amount| amount.range.expected);
    let timeout = lambda::shape(node).timeout_s * 1000.0;
    let mean = model.variables.value(node, Key::RequestDurationMs, point).unwrap_or(100.0);
    let (p50, p99, said) = match (given(Key::RequestDurationP50Ms), given(Key::RequestDurationP99Ms)) {
        (Some(p50), Some(p99)) => (p50, p99, "median and 99th percentile of a call are given".to_owned()),
        (Some(p50), None) => (p50, p50 * SPREAD, format!("99th percentile of a call: {SPREAD} times the median")),
        (None, p99) => {
            let sigma = SPREAD.ln() / 2.326_347_874;
            let p50 = mean / (sigma * sigma / 2.0).exp();
            let p99 = p99.unwrap_or(p50 * SPREAD);
            (p50, p99, format!("duration of a call: log-normal around {mean:.0} ms, 99th percentile {p99:.0} ms"))
        }
    };
    (Part { p50: p50.min(timeout), p99: p99.max(p50).min(timeout) }, said)
}

/// Initialisation of a function: as the usage file has it, else by runtime.
pub(super) fn init_of(model: &Model<'_, '_>, node: NodeRef<'_>) -> Option<Init> {
    Init::of(node, model.variables.usage())
}

/// Laws of all functions, with the cold shares that are known.
pub(super) fn laws(model: &Model<'_, '_>, point: &Point, cold: &[ColdStarts]) -> BTreeMap<usize, FunctionLaw> {
    let mut found = BTreeMap::new();
    for node in model.graph.nodes_of(NodeKind::Function) {
        let (warm, _) = warm_law(model, node, point);
        let share = cold.iter().find(|cold| cold.function == node.name()).map(|cold| cold.share.expected);
        let law = FunctionLaw {
            warm,
            init: init_of(model, node).map(|init| init.part()),
            cold: share,
            errors: model.variables.value(node, Key::ErrorRate, point).unwrap_or(0.001),
            timeout_s: lambda::shape(node).timeout_s,
        };
        found.insert(index(node), law);
    }
    found
}

/// Cold starts of every function whose traffic is known.
pub fn cold_starts(model: &Model<'_, '_>, traffic: &Traffic<'_>, point: &Point, prices: &Prices) -> Vec<ColdStarts> {
    let mut found = Vec::new();
    let usage = model.variables.usage();
    for node in model.graph.nodes_of(NodeKind::Function) {
        let ty = super::traffic::ty(node);
        let amount = |key| usage.amount(node.name(), ty, key).map(|amount| amount.range);
        let burst = amount(Key::Burst).map_or(1.0, |burst| burst.expected);
        let observed_load = usage.loads.get(node.name());
        let arrivals = |bound: usize| match observed_load {
            Some(load) => Arrivals::of_forecast(&load.forecast, burst),
            None => Arrivals::at(model, index(node), traffic.flows, traffic.rates[bound], burst),
        };
        let expected = arrivals(1);
        // Managed instances have no environments of their own.
        let Some(service) = lambda::busy_seconds(model, node, point).filter(|_| expected.total() > 0.0) else {
            continue;
        };
        let expiry = usage.range(node.name(), ty, Key::IdleExpiryS).unwrap_or_default();
        let life = amount(Key::RecycleS).map_or(LIFE_S, |life| life.expected);
        let (law, said) = warm_law(model, node, point);
        let variation = law.variation();
        let shape = |expiry: f64| Load::new(0.0, service, expiry).varying(variation);
        let provisioned = lambda::provisioned_of(node);
        let at =
            |expiry: f64, life: Option<f64>| expected.cold(shape(expiry), Warm { provisioned, life, pings: None }, &[]);
        let (middle, day) = at(expiry.expected, Some(life));
        let observed = amount(Key::ColdStartShare);
        let share = observed.unwrap_or_else(|| {
            let (low, _) = at(expiry.high, None);
            let (high, _) = at(expiry.low, Some(life));
            Range::new(low.probability, middle.probability, high.probability)
        });
        let init = init_of(model, node);
        let month = super::SECONDS_PER_MONTH;
        let calls = Range::new(arrivals(0).total(), expected.total(), arrivals(2).total());
        let mut assumptions = vec![
            format!("idle environments end after {:.0} s ({:.0} to {:.0})", expiry.expected, expiry.low, expiry.high),
            format!("environments are replaced after {life:.0} s; the low value is without"),
            if burst > 1.0 { format!("calls come {burst:.0} at once") } else { "calls come one by one".to_owned() },
            said,
        ];
        if expected.hours.is_empty() && expected.rate > 0.0 {
            assumptions.push("the load is even over the day".to_owned());
        }
        if observed_load.is_some() {
            assumptions.push(
                "calls are those of the forecast; the bill goes by the usage file where that gives a rate".to_owned(),
            );
        }
        let target = strategies::target(model, node);
        let plan = observed_load.map(|load| {
            forecast::plan(&load.forecast, expected.in_bursts(shape(expiry.expected)), target, load.chance)
        });
        if let Some(init) = &init {
            assumptions.push(format!("init: {}", init.parts.join("; ")));
        }
        let about = strategies::About {
            node,
            arrivals: &expected,
            shape: shape(expiry.expected),
            life,
            law,
            laws: traffic.laws,
            init: init.clone(),
            observed: observed.map(|share| share.expected),
            target,
            plan: plan.as_ref().map(|plan| plan.environments.as_slice()),
        };
        found.push(ColdStarts {
            function: node.name().to_owned(),
            rate_per_second: expected.total(),
            share,
            monthly: Range::new(
                calls.low * month * share.low,
                calls.expected * month * share.expected,
                calls.high * month * share.high,
            ),
            pool: middle.pool,
            load_by_hour: expected.hours.clone(),
            peak_pool: day.as_ref().map_or(middle.pool, |day| day.pool().1),
            hours: day.map_or(Vec::new(), |day| {
                day.hours.iter().map(|hour| if hour.calls > 0.0 { hour.cold / hour.calls } else { 0.0 }).collect()
            }),
            init_ms: init.as_ref().map(|init| (init.p50_ms, init.p99_ms)),
            duration_ms: (law.p50, law.p99),
            p99_ms: strategies::call_p99(traffic.laws, law, init.as_ref().map(Init::part), share.expected),
            init,
            observed: observed.is_some(),
            strategies: strategies::strategies(model, &about, prices),
            forecast: observed_load.zip(plan).map(|(load, plan)| LoadForecast::new(load, plan, target)),
            assumptions,
        });
    }
    found
}
