//! The estimate of one application.

use super::assumptions::{Assumptions, NAMES, Point};
use super::cold::{self, Load, Warm};
use super::meters::{self, Use};
use super::range::{Bound, Range};
use super::traffic;
use crate::facts::cold_starts;
use crate::facts::prices::{FREE, HOURS_PER_MONTH, Prices};
use crate::graph::{Graph, NodeId, NodeKind, NodeRef};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Seconds of the month that monthly figures are stated for.
pub const SECONDS_PER_MONTH: f64 = HOURS_PER_MONTH * 3600.0;

/// What the user said.
#[derive(Clone, Debug)]
pub struct Options<'p> {
    /// The region that prices are for.
    pub region: String,
    /// Events a second at entries, by logical id.
    pub rates: BTreeMap<String, Range>,
    /// Values a template does not tell.
    pub assumptions: Assumptions,
    /// Whether to take off what every account has free.
    pub free_tier: bool,
    /// The prices.
    pub prices: &'p Prices,
}

/// One place where traffic enters.
#[derive(Clone, Debug, Serialize)]
pub struct Entry {
    /// Logical id.
    pub name: String,
    /// What it is.
    pub kind: &'static str,
    /// The API it is a route of.
    pub api: Option<String>,
    /// Events a second, where known.
    pub rate_per_second: Option<Range>,
    /// Dollars for a million events, everything they cause included.
    pub per_million: Range,
    /// The same by service, expected.
    pub services: BTreeMap<&'static str, f64>,
    /// Loops that were followed once.
    pub cycles: Vec<Vec<String>>,
    /// Whether paths were too many to follow all.
    pub cut: bool,
    /// Meters without a price in the region: the figures are lower bounds.
    pub missing: Vec<&'static str>,
}

/// Cold starts of one function.
#[derive(Clone, Debug, Serialize)]
pub struct ColdStarts {
    /// Logical id.
    pub function: String,
    /// Calls a second.
    pub rate_per_second: f64,
    /// Share of calls that start cold, over the range of idle expiries.
    pub share: Range,
    /// Environments held, expected.
    pub pool: f64,
    /// Median and 99th percentile of init, ms, where the runtime was measured (lower bounds).
    pub init_ms: Option<(f64, f64)>,
}

/// A resource that has no price here.
#[derive(Clone, Debug, Serialize, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unpriced {
    /// Logical id or meter.
    pub name: String,
    /// Why.
    pub reason: String,
}

/// One assumption with its weight.
#[derive(Clone, Debug, Serialize)]
pub struct Used {
    /// Key in the usage file.
    pub key: &'static str,
    /// What it is.
    pub label: &'static str,
    /// Its value.
    pub value: Range,
    /// Share of the spread that it causes.
    pub spread: f64,
}

/// The whole answer.
#[derive(Clone, Debug, Serialize)]
pub struct Estimate {
    /// The region.
    pub region: String,
    /// The newest date in the price table.
    pub prices_as_of: &'static str,
    /// Where traffic enters.
    pub entries: Vec<Entry>,
    /// Dollars a month by resource, where its traffic is known.
    pub monthly: BTreeMap<String, Range>,
    /// Dollars a month by resource at no traffic.
    pub baseline: BTreeMap<String, f64>,
    /// Cold starts of functions whose traffic is known.
    pub cold_starts: Vec<ColdStarts>,
    /// What entered the figures without being in the template.
    pub assumptions: Vec<Used>,
    /// What has no price.
    pub unpriced: Vec<Unpriced>,
}

const BOUNDS: [Bound; 3] = [Bound::Low, Bound::Expected, Bound::High];

/// Estimates the application of `graph`.
pub fn estimate(graph: &Graph, options: &Options<'_>) -> Estimate {
    let mut unpriced: BTreeSet<Unpriced> = graph
        .nodes()
        .filter_map(|node| {
            let reason = meters::unpriced(node)?.to_owned();
            Some(Unpriced { name: node.name().to_owned(), reason })
        })
        .collect();
    let roots = traffic::entries(graph);
    let mut entries = Vec::new();
    let mut loads: [BTreeMap<NodeId, f64>; 3] = Default::default();
    for root in &roots {
        let rate = rate_of(*root, options);
        let mut cost = [0.0; 3];
        for (bound, (cost, load)) in BOUNDS.into_iter().zip(cost.iter_mut().zip(loads.iter_mut())) {
            let point = whole(options, bound);
            *cost = per_million(graph, *root, &point, options, &mut unpriced, None);
            let Some(rate) = rate else { continue };
            for (node, events) in traffic::flow(*root, &point).visits {
                *load.entry(node).or_default() += events * rate.at(bound);
            }
        }
        let point = whole(options, Bound::Expected);
        let mut services = BTreeMap::new();
        per_million(graph, *root, &point, options, &mut unpriced, Some(&mut services));
        let flow = traffic::flow(*root, &point);
        entries.push(Entry {
            name: root.name().to_owned(),
            kind: root.kind().noun(),
            api: api_of(*root),
            rate_per_second: rate,
            per_million: Range::new(cost[0], cost[1], cost[2]),
            services,
            cycles: flow.cycles,
            cut: flow.cut,
            missing: missing_meters(graph, *root, &point, options),
        });
    }
    let cold_starts = cold_starts(graph, &loads, options);
    let mut monthly: BTreeMap<String, [f64; 3]> = BTreeMap::new();
    for (i, bound) in BOUNDS.into_iter().enumerate() {
        let point = whole(options, bound);
        for (name, cost) in month(graph, &loads[i], &point, options, &cold_starts, &mut unpriced) {
            monthly.entry(name).or_default()[i] += cost;
        }
    }
    let baseline: Vec<(String, Vec<Use>)> =
        graph.nodes().map(|node| (node.name().to_owned(), meters::baseline(node))).collect();
    let baseline = bill(&baseline, options, &mut unpriced);
    Estimate {
        region: options.region.clone(),
        prices_as_of: crate::facts::prices::AS_OF,
        assumptions: spread(graph, &roots, options),
        entries,
        monthly: monthly.into_iter().map(|(name, [a, b, c])| (name, Range::new(a, b, c))).collect(),
        baseline: baseline.into_iter().filter(|(_, cost)| *cost > 0.0).collect(),
        cold_starts,
        unpriced: unpriced.into_iter().collect(),
    }
}

fn whole(options: &Options<'_>, bound: Bound) -> Point {
    options.assumptions.point(std::array::from_fn(|index| Assumptions::bound(index, bound)))
}

fn api_of(node: NodeRef<'_>) -> Option<String> {
    let mut apis = node.sources(crate::graph::EdgeKind::Contains).filter(|_| node.kind() == NodeKind::Route);
    apis.next().map(|api| api.name().to_owned())
}

/// The rate that was given, or the one a schedule in the template tells.
fn rate_of(node: NodeRef<'_>, options: &Options<'_>) -> Option<Range> {
    if let Some(rate) = options.rates.get(node.name()) {
        return Some(*rate);
    }
    // The rate of an API is shared evenly by its routes.
    for api in node.sources(crate::graph::EdgeKind::Contains).filter(|_| node.kind() == NodeKind::Route) {
        let Some(rate) = options.rates.get(api.name()) else { continue };
        let routes =
            api.targets(crate::graph::EdgeKind::Contains).filter(|node| node.kind() == NodeKind::Route).count();
        return Some(rate.map(|rate| rate / routes.max(1) as f64));
    }
    let schedule = matches!(node.kind(), NodeKind::Rule | NodeKind::Schedule);
    let expression = node.property(&["ScheduleExpression"]).text().filter(|_| schedule)?;
    traffic::schedule_rate(&expression).map(Range::exact)
}

fn per_million(
    graph: &Graph,
    root: NodeRef<'_>,
    point: &Point,
    options: &Options<'_>,
    unpriced: &mut BTreeSet<Unpriced>,
    mut services: Option<&mut BTreeMap<&'static str, f64>>,
) -> f64 {
    let visits = traffic::flow(root, point).visits;
    let mut total = 0.0;
    for node in graph.nodes() {
        let Some(events) = visits.get(&node.index()) else { continue };
        for (meter, quantity) in meters::per_event(node, point) {
            match options.prices.cost(meter, &options.region, quantity * events * 1e6) {
                Ok(cost) => {
                    total += cost;
                    if let Some(services) = services.as_deref_mut() {
                        *services.entry(service(meter)).or_default() += cost;
                    }
                }
                Err(error) => missing(unpriced, meter, &error),
            }
        }
    }
    total
}

/// Meters that events of `root` use and that have no price in the region.
fn missing_meters(graph: &Graph, root: NodeRef<'_>, point: &Point, options: &Options<'_>) -> Vec<&'static str> {
    let visits = traffic::flow(root, point).visits;
    let nodes = graph.nodes().filter(|node| visits.contains_key(&node.index()));
    let meters: BTreeSet<&str> =
        nodes.flat_map(|node| meters::per_event(node, point)).map(|(meter, _)| meter).collect();
    meters.into_iter().filter(|meter| options.prices.get(meter, &options.region).is_err()).collect()
}

fn missing(unpriced: &mut BTreeSet<Unpriced>, meter: &str, error: &crate::facts::prices::PriceError) {
    unpriced.insert(Unpriced { name: meter.to_owned(), reason: error.to_string() });
}

/// The service a meter belongs to.
fn service(meter: &'static str) -> &'static str {
    match meter.split('.').next().unwrap_or_default() {
        "lambda" => "Lambda",
        "logs" => "CloudWatch Logs",
        "cloudwatch" => "CloudWatch",
        "apigateway" => "API Gateway",
        "sqs" => "SQS",
        "sns" => "SNS",
        "events" => "EventBridge",
        "states" => "Step Functions",
        "dynamodb" => "DynamoDB",
        "kinesis" => "Kinesis",
        "appsync" => "AppSync",
        _ => "other",
    }
}

fn month(
    graph: &Graph,
    loads: &BTreeMap<NodeId, f64>,
    point: &Point,
    options: &Options<'_>,
    cold: &[ColdStarts],
    unpriced: &mut BTreeSet<Unpriced>,
) -> BTreeMap<String, f64> {
    let mut used = Vec::new();
    for node in graph.nodes() {
        let Some(rate) = loads.get(&node.index()) else { continue };
        let events = rate * SECONDS_PER_MONTH;
        let mut uses: Vec<Use> =
            meters::per_event(node, point).into_iter().map(|(meter, quantity)| (meter, quantity * events)).collect();
        let cold = cold.iter().find(|cold| cold.function == node.name());
        if let Some((cold, (init, _))) = cold.and_then(|cold| Some((cold, cold.init_ms?))) {
            let shape = meters::shape(node);
            let meter = if shape.arm { "lambda.duration.arm" } else { "lambda.duration.x86" };
            uses.push((meter, events * cold.share.expected * init / 1000.0 * shape.memory_mb / 1024.0));
        }
        used.push((node.name().to_owned(), uses));
    }
    bill(&used, options, unpriced)
}

/// Dollars by resource. Tiers and free amounts count over all resources of a meter.
fn bill(
    used: &[(String, Vec<Use>)],
    options: &Options<'_>,
    unpriced: &mut BTreeSet<Unpriced>,
) -> BTreeMap<String, f64> {
    let mut totals: BTreeMap<&'static str, f64> = BTreeMap::new();
    for (meter, quantity) in used.iter().flat_map(|(_, uses)| uses) {
        *totals.entry(meter).or_default() += quantity;
    }
    let mut rates: BTreeMap<&str, f64> = BTreeMap::new();
    for (meter, total) in &totals {
        let mut charged = *total;
        if let Some((group, free)) = FREE.iter().find(|(group, _)| options.free_tier && group.contains(meter)) {
            // A free amount that several meters share is taken off in proportion.
            let all: f64 = group.iter().filter_map(|meter| totals.get(meter)).sum();
            if all > 0.0 {
                charged = (total - free * total / all).max(0.0);
            }
        }
        match options.prices.cost(meter, &options.region, charged) {
            Ok(cost) => {
                rates.insert(meter, if *total > 0.0 { cost / total } else { 0.0 });
            }
            Err(error) => missing(unpriced, meter, &error),
        }
    }
    let mut costs: BTreeMap<String, f64> = BTreeMap::new();
    for (name, uses) in used {
        let cost: f64 = uses.iter().map(|(meter, quantity)| rates.get(meter).copied().unwrap_or(0.0) * quantity).sum();
        *costs.entry(name.clone()).or_default() += cost;
    }
    costs
}

fn cold_starts(graph: &Graph, loads: &[BTreeMap<NodeId, f64>; 3], options: &Options<'_>) -> Vec<ColdStarts> {
    let expiry = options.assumptions.idle_expiry_s;
    let point = whole(options, Bound::Expected);
    let mut found = Vec::new();
    for node in graph.nodes_of(NodeKind::Function) {
        let Some(rate) = loads[1].get(&node.index()).copied().filter(|rate| *rate > 0.0) else { continue };
        let shape = meters::shape(node);
        let service = meters::duration_s(&shape, &point);
        let at = |expiry: f64| cold::cold(Load::new(rate, service, expiry), Warm::default());
        let middle = at(expiry.expected);
        let arch = if shape.arm { "arm64" } else { "x86_64" };
        let init = shape
            .runtime
            .as_deref()
            .and_then(|runtime| cold_starts::nearest(runtime, arch, shape.memory_mb as u32, shape.image));
        found.push(ColdStarts {
            function: node.name().to_owned(),
            rate_per_second: rate,
            share: Range::new(at(expiry.high).probability, middle.probability, at(expiry.low).probability),
            pool: middle.pool,
            init_ms: init.map(|row| (row.p50_ms, row.p99_ms)),
        });
    }
    found
}

/// How much each assumption alone moves the price of all entries together.
fn spread(graph: &Graph, roots: &[NodeRef<'_>], options: &Options<'_>) -> Vec<Used> {
    let mut ignored = BTreeSet::new();
    let mut total = |bounds: [Bound; 4]| -> f64 {
        let point = options.assumptions.point(bounds);
        roots.iter().map(|root| per_million(graph, *root, &point, options, &mut ignored, None)).sum()
    };
    let swings: Vec<f64> = (0..NAMES.len())
        .map(|index| {
            let mut low = [Bound::Expected; 4];
            let mut high = low;
            low[index] = Bound::Low;
            high[index] = Bound::High;
            (total(high) - total(low)).abs()
        })
        .collect();
    let sum: f64 = swings.iter().sum();
    let fields = options.assumptions.fields();
    let mut used: Vec<Used> = NAMES
        .iter()
        .zip(fields)
        .zip(&swings)
        .map(|(((key, label), value), swing)| Used {
            key,
            label,
            value,
            spread: if sum > 0.0 { swing / sum } else { 0.0 },
        })
        .collect();
    used.sort_by(|a, b| b.spread.total_cmp(&a.spread));
    used
}
