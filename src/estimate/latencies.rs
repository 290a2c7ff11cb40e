//! Latency of every entry, and which strategies keep the objectives.

use super::cold_starts::{ColdStarts, laws};
use super::latency::{EntryLatency, FunctionLaw, Laws, Part, Percentiles, entry_latency};
use super::model::{Model, index};
use super::usage::Slo;
use super::variables::Point;
use crate::graph::NodeRef;
use std::collections::BTreeMap;

/// Latency of every entry; marks the strategies of `cold` that keep the objectives.
pub(super) fn latencies(
    model: &Model<'_, '_>,
    point: &Point,
    cold: &mut [ColdStarts],
    known: &Laws,
) -> Vec<EntryLatency> {
    let laws = laws(model, point, cold);
    let of = |entry: usize, laws: &BTreeMap<usize, FunctionLaw>| {
        let node = model.graph.at(crate::graph::NodeId::new(entry));
        let law = |node: NodeRef<'_>| {
            laws.get(&index(node)).cloned().unwrap_or(FunctionLaw {
                warm: Part { p50: 0.0, p99: 0.0 },
                init: None,
                cold: None,
                errors: 0.0,
                timeout_s: 900.0,
            })
        };
        entry_latency(model.graph, node, &model.sites[entry].name, &law, known)
    };
    let found: Vec<EntryLatency> = model.entering.iter().map(|entry| of(entry.site, &laws)).collect();
    let usage = model.variables.usage();
    for (name, slo) in &usage.slo {
        let sites: Vec<usize> = model
            .entering
            .iter()
            .map(|entry| entry.site)
            .filter(|site| {
                let shown = &model.sites[*site].name;
                shown == name || shown.strip_prefix(name.as_str()).is_some_and(|rest| rest.starts_with(' '))
            })
            .collect();
        for function in cold.iter_mut() {
            let Some(node) = model.graph.node(&function.function) else { continue };
            let waits = |site: &&usize| {
                found.iter().any(|entry| {
                    entry.entry == model.sites[**site].name
                        && entry.steps.iter().any(|step| step.name == function.function)
                })
            };
            let on_the_way: Vec<usize> = sites.iter().filter(waits).copied().collect();
            if on_the_way.is_empty() {
                continue;
            }
            for strategy in &mut function.strategies {
                let mut changed = laws.clone();
                if let Some(law) = changed.get_mut(&index(node)) {
                    law.cold = Some(strategy.cold_share);
                    law.init = strategy.init_ms.map(|(p50, p99)| Part { p50, p99 });
                }
                let share = slo.cold_start_probability.is_none_or(|most| strategy.cold_share <= most);
                let kept = share
                    && on_the_way.iter().all(|site| {
                        let latency = of(*site, &changed).response.and_then(|response| response.mixed);
                        latency.is_none_or(|latency| keeps(slo, &latency))
                    });
                strategy.meets_slo = Some(strategy.meets_slo.unwrap_or(true) && kept);
            }
        }
    }
    found
}

/// Whether percentiles keep an objective.
pub(super) fn keeps(slo: &Slo, latency: &Percentiles) -> bool {
    let within = |most: Option<f64>, value: f64| most.is_none_or(|most| value <= most);
    within(slo.p50_ms, latency.p50)
        && within(slo.p95_ms, latency.p95)
        && within(slo.p99_ms, latency.p99)
        && within(slo.p999_ms, latency.p999)
}
