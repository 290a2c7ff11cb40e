//! Where the template and the log disagree.

use super::function::FunctionLog;
use super::usage::Observation;
use crate::estimate::cold::{Load, Warm, profile};
use crate::finding::{Category, Finding, Severity};
use crate::graph::{NodeRef, Resource};

/// Calls below which percentiles say nothing.
const ENOUGH: u64 = 100;
/// Cold starts below which their share says nothing.
const ENOUGH_COLD: u64 = 30;
/// Share of the timeout at which the 99th percentile counts as meeting it.
const AT_TIMEOUT: f64 = 0.95;
/// Share of the memory below which much of it is unused.
const UNUSED: f64 = 0.4;
/// Share of the memory above which a little more load runs out of it.
const FULL: f64 = 0.95;
/// Smallest memory that is worth lowering, MB.
const SMALL: u32 = 256;
/// How many times the model's share an observed one must be to be far from it.
const FAR: f64 = 3.0;

/// Findings on the functions of the template.
pub fn findings(observations: &[Observation<'_, '_>]) -> Vec<Finding> {
    let mut found = Vec::new();
    for one in observations.iter().filter(|one| one.summary.calls >= ENOUGH) {
        let Some((node, function)) = one.node.and_then(|node| Some((node, node.resource()?))) else { continue };
        found.extend(timeout(one, function));
        found.extend(memory(one, function));
        found.extend(cold_share(one, node, function));
    }
    found
}

fn finding(
    function: Resource<'_>,
    property: &str,
    policy: &str,
    category: Category,
    severity: Severity,
    message: String,
    help: String,
) -> Finding {
    Finding {
        policy: policy.to_owned(),
        category,
        severity,
        message,
        span: function.place(&[property]).span(),
        label: None,
        help: Some(help),
        resource: Some(function.id().to_owned()),
        related: Vec::new(),
        fix: None,
        fingerprint: String::new(),
    }
}

fn timeout(one: &Observation<'_, '_>, function: Resource<'_>) -> Option<Finding> {
    let value = function.property(&["Timeout"]);
    let seconds = if value.is_absent() { 3 } else { value.int()? };
    let limit = seconds as f64 * 1000.0;
    let [_, _, _, p99, _] = one.summary.duration_ms;
    let timeouts = one.summary.timeouts;
    if p99 < limit * AT_TIMEOUT {
        return None;
    }
    let met = if timeouts > 0 { format!(", {timeouts} met the timeout") } else { String::new() };
    let id = function.id();
    Some(finding(
        function,
        "Timeout",
        "observed-timeout-below-p99",
        Category::Timeout,
        Severity::High,
        format!(
            "one call in a hundred of {id} takes {p99:.0} ms or more, its timeout is {limit:.0} ms ({} calls{met})",
            one.summary.calls
        ),
        format!(
            "raise Timeout of {id} well above {:.0} s, or find out what the slow calls wait for",
            (p99 / 1000.0).ceil()
        ),
    ))
}

fn memory(one: &Observation<'_, '_>, function: Resource<'_>) -> Option<Finding> {
    let value = function.property(&["MemorySize"]);
    let size = if value.is_absent() { 128 } else { u32::try_from(value.int()?).ok()? };
    let used = one.summary.memory_used_mb;
    let id = function.id();
    // A log of another configuration says nothing about this one.
    if used == 0 || one.summary.memory_mb != size {
        return None;
    }
    let share = f64::from(used) / f64::from(size);
    if one.summary.out_of_memory > 0 || share >= FULL {
        let ended = match one.summary.out_of_memory {
            0 => String::new(),
            calls => format!(", {calls} ran out of it"),
        };
        return Some(finding(
            function,
            "MemorySize",
            "observed-memory-exhausted",
            Category::Reliability,
            Severity::High,
            format!("{id} uses up to {used} of its {size} MB{ended} ({} calls)", one.summary.calls),
            format!("raise MemorySize of {id} to {} MB or more", (f64::from(used) * 1.5 / 64.0).ceil() * 64.0),
        ));
    }
    if share >= UNUSED || size <= SMALL {
        return None;
    }
    let enough = ((f64::from(used) * 1.5 / 64.0).ceil() * 64.0).max(128.0);
    Some(finding(
        function,
        "MemorySize",
        "observed-memory-unused",
        Category::Cost,
        Severity::Low,
        format!("{id} never uses more than {used} of its {size} MB ({} calls)", one.summary.calls),
        format!("try {enough} MB and compare durations: less memory is less CPU, too"),
    ))
}

fn cold_share(one: &Observation<'_, '_>, node: NodeRef<'_>, function: Resource<'_>) -> Option<Finding> {
    if one.log.cold < ENOUGH_COLD || one.summary.restored {
        return None;
    }
    let (low, high) = modelled(one.log, one.summary.duration_ms[0] / 1000.0)?;
    let observed = one.summary.cold_share;
    if observed <= high * FAR && observed >= low / FAR {
        return None;
    }
    let id = function.id();
    let (why, help) = if observed > high {
        (
            "the model expects",
            format!(
                "calls of {id} come in bursts, or it is deployed often: say `burst` in the usage file, and keep that many environments warm if cold starts hurt"
            ),
        )
    } else if node.incoming().any(|edge| edge.kind() == crate::graph::EdgeKind::Qualifies) {
        ("the model, which leaves out warm capacity, expects", format!("what keeps {id} warm works"))
    } else {
        ("the model expects", format!("something keeps {id} warm that the template does not show"))
    };
    Some(finding(
        function,
        "Type",
        "observed-cold-share-off-model",
        Category::WarmUp,
        Severity::Info,
        format!(
            "{:.2} % of {} calls of {id} start cold, {why} {:.2} to {:.2} %",
            observed * 100.0,
            one.summary.calls,
            low * 100.0,
            high * 100.0
        ),
        help,
    ))
}

/// Share of cold calls that the model expects for the hours of the log, over the range of idle
/// expiries.
fn modelled(log: &FunctionLog, service: f64) -> Option<(f64, f64)> {
    let (first, last) = (*log.hours.keys().next()?, *log.hours.keys().next_back()?);
    if last - first < 2 || last - first > 24 * 62 {
        return None;
    }
    let at = |expiry: f64, life: Option<f64>| {
        let loads: Vec<Load> = (first..=last)
            .map(|hour| Load::new(f64::from(log.hours.get(&hour).copied().unwrap_or(0)) / 3600.0, service, expiry))
            .collect();
        profile(&loads, 3600.0, &[], Warm { life, ..Warm::default() }).probability()
    };
    Some((at(600.0, None), at(300.0, Some(7200.0))))
}
