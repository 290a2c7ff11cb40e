//! The parts of an answer that are told apart from its paths: resources, warm capacity, what
//! was assumed, what is open.

use super::bill::{UnitPrices, service};
use super::cold;
use super::meters::{self, lambda};
use super::model::{Model, index};
use super::result::{Assumption, Entry, Estimate, OpenQuestion, ResourceCost, Unpriced, WarmCapacity};
use super::run::{Run, SECONDS_PER_MONTH, range};
use super::traffic;
use super::variables::{Point, Scope};
use crate::graph::{EdgeKind, NodeKind, NodeRef, Resource};
use std::collections::{BTreeMap, BTreeSet};

/// What every resource pays.
pub(super) fn resources(
    model: &Model<'_, '_>,
    runs: &[Run],
    prices: &[UnitPrices],
    at_zero: &UnitPrices,
    entries: &[Entry],
) -> Vec<ResourceCost> {
    let count = model.sites.len();
    let mut monthly = vec![[0.0; 3]; count];
    let mut by_service: Vec<BTreeMap<&'static str, f64>> = vec![BTreeMap::new(); count];
    let mut baseline = vec![0.0; count];
    for (i, run) in runs.iter().enumerate() {
        for line in &run.lines {
            let cost = prices[i].cost(line);
            monthly[line.payer][i] += cost;
            if i == 1 && cost > 0.0 {
                *by_service[line.payer].entry(service(model.meters[line.meter.0].0)).or_default() += cost;
            }
        }
    }
    for line in &runs[1].baseline {
        baseline[line.payer] += at_zero.cost(line);
    }
    // A site that an entry without a rate reaches pays more than is known.
    let mut open = vec![false; count];
    for (index, _) in entries.iter().enumerate().filter(|(_, entry)| entry.monthly_requests.is_none()) {
        for (site, _) in runs[1].flows[index].events.iter().filter(|(_, events)| **events > 0.0) {
            for line in &runs[1].events[*site].lines {
                open[line.payer] = true;
            }
            open[*site] = true;
        }
    }
    let nodes = model.graph.nodes().filter(|node| node.logical_id().is_some());
    nodes
        .map(|node| (node, index(node)))
        .filter(|(_, site)| monthly[*site][2] > 0.0)
        .map(|(node, site)| ResourceCost {
            name: node.name().to_owned(),
            r#type: traffic::ty(node).to_owned(),
            monthly: range(|i| monthly[site][i]),
            baseline: baseline[site],
            services: std::mem::take(&mut by_service[site]),
            complete: !open[site],
        })
        .collect()
}

/// Provisioned concurrency, and how much of it works.
pub(super) fn warm(model: &Model<'_, '_>, runs: &[Run], point: &Point, prices: &UnitPrices) -> Vec<WarmCapacity> {
    let mut found = Vec::new();
    for node in model.graph.nodes().filter(|node| matches!(node.kind(), NodeKind::Alias | NodeKind::Version)) {
        let environments = lambda::kept(node);
        let function = node.targets(EdgeKind::Qualifies).find(|one| one.kind() == NodeKind::Function);
        let Some(function) = function.filter(|_| environments > 0) else { continue };
        let own = runs[1].lines.iter().filter(|line| line.payer == index(node));
        let monthly: f64 = own.map(|line| prices.cost(line)).sum();
        let load = runs[1].loads[index(function)];
        let busy = lambda::busy_seconds(model, function, point).filter(|_| load > 0.0).map(|seconds| {
            let offered = load / SECONDS_PER_MONTH * seconds;
            let all = lambda::provisioned_of(function);
            (offered * (1.0 - cold::spill(offered, all)) / f64::from(all)).min(1.0)
        });
        found.push(WarmCapacity {
            name: node.name().to_owned(),
            function: function.name().to_owned(),
            environments,
            monthly,
            busy,
            idle: busy.map(|busy| monthly * (1.0 - busy)),
        });
    }
    found
}

/// Every variable with its share of the spread.
pub(super) fn assumptions(model: &Model<'_, '_>, spread: &[(f64, f64)], known: bool) -> Vec<Assumption> {
    // Where no rate is known, the spread is that of a million events of every entry.
    let weight = |(monthly, per_million): &(f64, f64)| if known { *monthly } else { *per_million };
    let sum: f64 = spread.iter().map(weight).sum();
    let mut used: Vec<Assumption> = model
        .variables
        .list()
        .iter()
        .zip(spread)
        .map(|(variable, swing)| Assumption {
            of: match &variable.scope {
                Scope::All => None,
                Scope::Type(name) | Scope::Resource(name) => Some(name.clone()),
            },
            key: variable.name.clone(),
            help: variable.help,
            value: variable.range,
            given: variable.given,
            spread: if sum > 0.0 { weight(swing) / sum } else { 0.0 },
        })
        .collect();
    used.sort_by(|a, b| b.spread.total_cmp(&a.spread));
    used
}

/// The questions that nobody answered.
pub(super) fn open(model: &Model<'_, '_>) -> Vec<OpenQuestion> {
    let mut found: Vec<OpenQuestion> = model
        .variables
        .open()
        .iter()
        .map(|one| OpenQuestion { resource: one.resource.clone(), key: one.key.name(), help: one.key.help() })
        .collect();
    found.sort();
    found.dedup();
    found
}

/// Resources that have a price and are on no bill: nothing is known to reach them.
pub(super) fn idle(model: &Model<'_, '_>, answer: &Estimate) -> Vec<Unpriced> {
    let mut payers: BTreeSet<usize> = BTreeSet::new();
    for (index, site) in model.sites.iter().enumerate() {
        payers.extend(site.charges.iter().chain(&site.monthly).map(|charge| charge.payer));
        payers.extend(site.ways.iter().flat_map(|way| &way.charges).map(|charge| charge.payer));
        payers.extend(site.by_load.iter().map(|_| index));
    }
    let mut told: BTreeSet<&str> = answer.resources.iter().map(|one| &*one.name).collect();
    told.extend(answer.entries.iter().flat_map(|entry| entry.resources.keys().map(String::as_str)));
    told.extend(answer.entries.iter().map(|entry| &*entry.resource));
    told.extend(answer.open.iter().map(|one| &*one.resource));
    told.extend(answer.unpriced.iter().map(|one| &*one.name));
    let mut found = Vec::new();
    for node in model.graph.nodes() {
        let Some(name) = node.logical_id().filter(|name| !told.contains(name)) else { continue };
        let reason = if node.resource().and_then(Resource::exists) == Some(false) {
            // Resources that cost nothing by themselves are not worth a line.
            if !meters::is_charged(node) {
                continue;
            }
            "its condition does not hold"
        } else if payers.contains(&index(node)) {
            why_idle(node)
        } else {
            continue;
        };
        found.push(Unpriced { name: name.to_owned(), r#type: traffic::ty(node).to_owned(), reason: reason.to_owned() });
    }
    found
}

fn why_idle(node: NodeRef<'_>) -> &'static str {
    let fed_by = |kind: NodeKind| node.incoming().any(|edge| edge.source().kind() == kind);
    match node.kind() {
        NodeKind::Function if fed_by(NodeKind::Custom) => "it runs while the stack is deployed",
        NodeKind::Queue if node.sources(EdgeKind::DeadLettersTo).next().is_some() => {
            "it takes what fails, and nothing is known to fail"
        }
        NodeKind::Topic if node.sources(EdgeKind::Notifies).next().is_some() => "it takes what alarms say",
        _ => "nothing is known to reach it",
    }
}
