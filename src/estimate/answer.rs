//! From the model to the answer: the same reckoning at the low, the expected and the high
//! values of the variables, and once more for each variable alone.

use super::bill::{Line, UnitPrices, service};
use super::budget;
use super::cold_starts::{Traffic, cold_starts};
use super::event::{Event, order};
use super::latencies::latencies;
use super::latency::Laws;
use super::model::Model;
use super::parts::{assumptions, idle, open, resources, warm};
use super::result::{AtRate, Entry, Estimate, Reached, Unpriced, VERSION};
use super::run::{Run, range};
use super::spread::Spread;
use super::traffic::{self, Entering, solve};
use super::usage::Usage;
use super::variables::{Point, Variables};
use crate::facts::prices::{AS_OF, Prices, currency};
use crate::graph::{Graph, NodeRef};
use std::collections::{BTreeMap, BTreeSet};

/// Events a month that an entry without a known rate is reckoned at.
const SAMPLE_RATES: [f64; 3] = [1e4, 1e6, 1e7];

/// What the user said.
#[derive(Clone, Debug)]
pub struct Options<'u> {
    /// The region that prices are for.
    pub region: String,
    /// The usage file; an empty one where there is none.
    pub usage: &'u Usage,
    /// Whether to take off what every account has free.
    pub free_tier: bool,
    /// The prices.
    pub prices: &'u Prices,
}

/// The region whose prices are taken where nothing says which it is.
pub const USUAL_REGION: &str = "us-east-1";

/// The region of the usage file, else of the template; none where neither says.
pub fn region(usage: &Usage, graph: &Graph) -> Option<String> {
    let deployed = || graph.template().pseudo_parameter("AWS::Region").map(|region| region.to_string());
    usage.region.clone().or_else(deployed).filter(|region| !region.is_empty())
}

/// Estimates the application of `graph`.
pub fn estimate(graph: &Graph, options: &Options<'_>) -> Estimate {
    reckon(graph, options, true)
}

/// The same without cold starts and latency, which take most of the time.
pub fn cost(graph: &Graph, options: &Options<'_>) -> Estimate {
    reckon(graph, options, false)
}

fn reckon(graph: &Graph, options: &Options<'_>, with_time: bool) -> Estimate {
    let variables = Variables::new(options.usage);
    let model = Model::new(graph, variables, options.prices, &options.region);
    let reckoner = Reckoner { order: order(&model), free_tier: options.free_tier };
    let (points, spread) = Spread::new(&model, &reckoner.order, options.free_tier).bounds();
    let runs: Vec<Run> = points.iter().map(|point| reckoner.run(&model, point)).collect();
    let rates = [0, 1, 2].map(|bound: usize| runs[bound].rates.as_slice());
    let (mut cold, mut latency) = (Vec::new(), Vec::new());
    if with_time {
        let laws = Laws::default();
        cold = cold_starts(&model, &Traffic { flows: &runs[1].flows, rates, laws: &laws }, &points[1], options.prices);
        latency = latencies(&model, &points[1], &mut cold, &laws);
    }
    let mut answer = reckoner.answer(&model, &points, &runs, spread, cold);
    answer.latency = latency;
    answer.idle = idle(&model, &answer);
    answer.budget = budget::spent(&options.usage.budget, &answer);
    answer
}

struct Reckoner {
    order: solve::Order,
    free_tier: bool,
}

impl Reckoner {
    fn run(&self, model: &Model<'_, '_>, point: &Point) -> Run {
        let events = Event::all(model, point);
        let enter = |entry: &Entering| self.order.carry(&[(entry.site, 1.0)], |site| &events[site].arcs);
        let flows: Vec<solve::Visits> = model.entering.iter().map(enter).collect();
        let rates: Vec<Option<f64>> =
            model.entering.iter().map(|entry| entry.rate.as_ref().map(|rate| rate(point).max(0.0))).collect();
        let mut loads = vec![0.0; model.sites.len()];
        for (flow, rate) in flows.iter().zip(&rates) {
            let Some(rate) = rate else { continue };
            for (site, events) in &flow.events {
                loads[*site] += events * rate;
            }
        }
        let mut run = Run { events, flows, rates, loads, lines: Vec::new(), baseline: Vec::new() };
        for (site, one) in model.sites.iter().enumerate() {
            run.baseline.extend(one.baseline.iter().map(|(payer, meter, units)| Line {
                cause: site,
                payer: *payer,
                meter: *meter,
                units: *units,
            }));
            run.lines.extend(one.monthly.iter().map(|charge| Line {
                cause: site,
                payer: charge.payer,
                meter: charge.meter,
                units: (charge.quantity)(point),
            }));
            let load = run.loads[site];
            if load > 0.0 {
                run.lines.extend(run.events[site].lines.iter().map(|line| Line { units: line.units * load, ..*line }));
                if let Some(by_load) = &one.by_load {
                    let used = by_load(point, Some(load)).into_iter();
                    run.lines.extend(used.map(|(meter, units)| Line { cause: site, payer: site, meter, units }));
                }
            }
        }
        run.lines.extend(run.baseline.iter().copied());
        run
    }

    fn answer(
        &self,
        model: &Model<'_, '_>,
        points: &[Point; 3],
        runs: &[Run],
        spread: Vec<(f64, f64)>,
        cold_starts: Vec<super::ColdStarts>,
    ) -> Estimate {
        let prices: Vec<UnitPrices> =
            runs.iter().map(|run| UnitPrices::new(model, &run.lines, self.free_tier)).collect();
        let at_zero = UnitPrices::new(model, &runs[1].baseline, self.free_tier);
        let total = range(|i| prices[i].total(&runs[i].lines));
        let mut missing = BTreeSet::new();
        let entries = (0..model.entering.len())
            .map(|entry| Self::entry(model, runs, &prices, entry, &mut missing))
            .collect::<Vec<_>>();
        for line in runs[1].lines.iter().filter(|line| line.units > 0.0) {
            if model.prices[line.meter.0].is_none() {
                missing.insert(line.meter);
            }
        }
        let mut services: BTreeMap<&'static str, [f64; 3]> = BTreeMap::new();
        for (i, run) in runs.iter().enumerate() {
            for line in &run.lines {
                services.entry(service(model.meters[line.meter.0].0)).or_default()[i] += prices[i].cost(line);
            }
        }
        services.retain(|_, cost| cost[2] > 0.0);
        let known = runs[1].rates.iter().any(Option::is_some);
        Estimate {
            version: VERSION,
            region: model.region().to_owned(),
            currency: currency(model.region()),
            prices_as_of: AS_OF,
            free_tier: self.free_tier,
            total,
            baseline: at_zero.total(&runs[1].baseline),
            resources: resources(model, runs, &prices, &at_zero, &entries),
            entries,
            services: services.into_iter().map(|(name, cost)| (name, range(|i| cost[i]))).collect(),
            warm: warm(model, runs, &points[1], &at_zero),
            cold_starts,
            latency: Vec::new(),
            assumptions: assumptions(model, &spread, known),
            open: open(model),
            budget: Vec::new(),
            idle: Vec::new(),
            missing_prices: missing
                .into_iter()
                .map(|meter| {
                    let (name, region) = &model.meters[meter.0];
                    Unpriced {
                        name: (*name).to_owned(),
                        r#type: String::new(),
                        reason: format!("no price in {region}"),
                    }
                })
                .collect(),
            unpriced: model
                .unpriced
                .iter()
                .map(|(name, reason)| {
                    let ty = model.graph.node(name).map(|node| traffic::ty(node).to_owned());
                    Unpriced { name: name.clone(), r#type: ty.unwrap_or_default(), reason: reason.clone() }
                })
                .collect(),
        }
    }

    fn entry(
        model: &Model<'_, '_>,
        runs: &[Run],
        prices: &[UnitPrices],
        entry: usize,
        missing: &mut BTreeSet<super::model::Meter>,
    ) -> Entry {
        let entering = &model.entering[entry];
        let node = node_at(model, entering.site);
        let cost_of = |i: usize, events: f64| {
            let lines = runs[i].alone(entry, events);
            UnitPrices::new(model, &lines, false).total(&lines)
        };
        let lines = runs[1].alone(entry, 1e6);
        let own = UnitPrices::new(model, &lines, false);
        let mut services: BTreeMap<&'static str, f64> = BTreeMap::new();
        let mut payers: BTreeMap<String, f64> = BTreeMap::new();
        let mut unknown = BTreeSet::new();
        for line in &lines {
            let (name, _) = model.meters[line.meter.0];
            let payer = node_at(model, line.payer);
            *payers.entry(traffic::api_of(payer).unwrap_or(payer).name().to_owned()).or_default() += own.cost(line);
            *services.entry(service(name)).or_default() += own.cost(line);
            if model.prices[line.meter.0].is_none() && line.units > 0.0 {
                unknown.insert(name);
                missing.insert(line.meter);
            }
        }
        services.retain(|_, cost| *cost > 0.0);
        payers.retain(|_, cost| *cost > 0.0);
        let flow = &runs[1].flows[entry];
        let rate = runs[1].rates[entry].map(|_| range(|i| runs[i].rates[entry].unwrap_or(0.0)));
        let names = |sites: &Vec<usize>| sites.iter().map(|site| model.sites[*site].name.clone()).collect();
        Entry {
            name: model.sites[entering.site].name.clone(),
            kind: traffic::api_of(node).map_or(node.kind().noun(), |api| api.kind().noun()),
            resource: traffic::api_of(node).unwrap_or(node).name().to_owned(),
            scheduled: entering.scheduled,
            monthly_requests: rate,
            monthly: rate.map(|_| range(|i| runs[i].path_cost(&prices[i], entry))),
            at_monthly_requests: if rate.is_some() {
                Vec::new()
            } else {
                SAMPLE_RATES
                    .iter()
                    .map(|events| AtRate { monthly_requests: *events, monthly: range(|i| cost_of(i, *events)) })
                    .collect()
            },
            per_million: range(|i| cost_of(i, 1e6)),
            services,
            resources: payers,
            reaches: flow
                .events
                .iter()
                .filter(|(_, events)| **events > 0.0)
                .map(|(site, events)| Reached { name: model.sites[*site].name.clone(), events: *events })
                .collect(),
            loops: flow.loops.iter().map(names).collect(),
            cut: flow.cut,
            missing: unknown.into_iter().collect(),
        }
    }
}

fn node_at<'g>(model: &Model<'g, '_>, site: usize) -> NodeRef<'g> {
    model.graph.at(crate::graph::NodeId::new(site))
}
