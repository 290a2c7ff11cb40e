//! Objectives of the usage file, with what the model says about them.

use crate::estimate::latency::{EntryLatency, Latency, Percentiles};
use crate::estimate::usage::{Key, Slo};
use crate::estimate::{Estimate, Usage, traffic};
use crate::graph::Graph;
use crate::policy::{Context, Place};

/// One entry with an objective.
pub(super) struct Objective<'a> {
    pub slo: &'a Slo,
    pub estimate: &'a Estimate,
    pub latency: &'a EntryLatency,
    pub response: Latency,
    /// Where its traffic enters.
    pub place: Place,
}

/// Every entry that somebody waits for and that has an objective, where the durations of all
/// functions on its way are given.
pub(super) fn objectives<'a>(cx: &Context<'a>) -> Vec<Objective<'a>> {
    let mut found = Vec::new();
    let (Some(usage), Some(estimate)) = (cx.usage(), cx.estimate()) else { return found };
    for (name, slo) in &usage.slo {
        for latency in &estimate.latency {
            let own = latency.entry == *name
                || latency.entry.strip_prefix(name.as_str()).is_some_and(|rest| rest.starts_with(' '));
            let Some(response) = latency.response.filter(|_| own) else { continue };
            let mut calls = latency.steps.iter().filter(|step| step.kind == "call");
            if !calls.all(|step| is_given(cx.graph, usage, &step.name)) {
                continue;
            }
            let entry = estimate.entries.iter().find(|entry| entry.name == latency.entry);
            let Some(node) = entry.and_then(|entry| cx.graph.node(&entry.resource)) else { continue };
            found.push(Objective { slo, estimate, latency, response, place: node.into() });
        }
    }
    found
}

fn is_given(graph: &Graph, usage: &Usage, function: &str) -> bool {
    let ty = graph.node(function).map_or("", traffic::ty);
    [Key::RequestDurationMs, Key::RequestDurationP50Ms].iter().any(|key| usage.amount(function, ty, *key).is_some())
}

/// The first limit that percentiles exceed: which, the limit, and the value.
pub(super) fn missed(slo: &Slo, latency: &Percentiles) -> Option<(&'static str, f64, f64)> {
    let limits = [
        ("median", slo.p50_ms, latency.p50),
        ("95th percentile", slo.p95_ms, latency.p95),
        ("99th percentile", slo.p99_ms, latency.p99),
        ("99.9th percentile", slo.p999_ms, latency.p999),
    ];
    limits.into_iter().find_map(|(which, limit, value)| limit.filter(|limit| value > *limit).map(|l| (which, l, value)))
}

/// The function whose calls take longest: name, median and 99th percentile, ms.
pub(super) fn slowest(latency: &EntryLatency) -> Option<(String, f64, f64)> {
    let calls = latency.steps.iter().filter(|step| step.kind == "call");
    let slowest = calls.max_by(|a, b| a.p99_ms.total_cmp(&b.p99_ms))?;
    Some((slowest.name.clone(), slowest.p50_ms, slowest.p99_ms))
}
