//! Traffic: where it enters and how often each resource is reached for one entry event.

use super::assumptions::Point;
use crate::graph::{EdgeKind, EdgeRef, Graph, NodeId, NodeKind, NodeRef};
use std::collections::BTreeMap;

/// Paths longer than this are cut: no application is so deep, a loop that escapes the check is.
const MAX_DEPTH: usize = 64;
/// Steps of one walk; beyond them the answer is marked as cut.
const MAX_STEPS: usize = 200_000;

/// How often each resource is reached for one event of an entry.
#[derive(Clone, Debug, Default)]
pub struct Flow {
    /// Events at each node.
    pub visits: BTreeMap<NodeId, f64>,
    /// Names along each loop that was entered once and then left.
    pub cycles: Vec<Vec<String>>,
    /// Whether the walk was cut because it grew too long.
    pub cut: bool,
}

/// Whether events travel along the edge.
pub fn carries(kind: EdgeKind) -> bool {
    matches!(
        kind,
        EdgeKind::InvokesSync
            | EdgeKind::InvokesAsync
            | EdgeKind::Polls
            | EdgeKind::Publishes
            | EdgeKind::Reads
            | EdgeKind::Writes
    )
}

fn is_entry_kind(kind: NodeKind) -> bool {
    matches!(
        kind,
        NodeKind::RestApi
            | NodeKind::HttpApi
            | NodeKind::WebSocketApi
            | NodeKind::GraphQlApi
            | NodeKind::Route
            | NodeKind::Queue
            | NodeKind::Topic
            | NodeKind::Bus
            | NodeKind::Rule
            | NodeKind::Schedule
            | NodeKind::Stream
            | NodeKind::Bucket
            | NodeKind::StateMachine
            | NodeKind::Function
    )
}

/// The nodes where traffic enters: those that nothing in the template feeds.
pub fn entries(graph: &Graph) -> Vec<NodeRef<'_>> {
    let mut found: Vec<NodeRef<'_>> = graph
        .nodes()
        .filter(|node| is_entry_kind(node.kind()))
        // Routes of an OpenAPI document are no resources of their own.
        .filter(|node| node.logical_id().is_some() || node.kind() == NodeKind::Route)
        .filter(|node| !node.incoming().any(|edge| feeds(edge)))
        .filter(|node| match node.kind() {
            // An API with routes is entered by its routes.
            NodeKind::RestApi | NodeKind::HttpApi | NodeKind::WebSocketApi => {
                !node.targets(EdgeKind::Contains).any(|route| route.kind() == NodeKind::Route)
            }
            // Storage that feeds nothing, and queues that only take dead letters, are no entries.
            NodeKind::Bucket | NodeKind::Rule | NodeKind::Schedule => node.outgoing().any(|edge| carries(edge.kind())),
            NodeKind::Queue => {
                node.outgoing().any(|edge| carries(edge.kind()))
                    || !node.incoming().any(|edge| edge.kind() == EdgeKind::DeadLettersTo)
            }
            _ => true,
        })
        .collect();
    // Everything else lies behind a loop without an entrance: enter it at its first node.
    let mut reached: std::collections::BTreeSet<NodeId> = std::collections::BTreeSet::new();
    let reach = |from: NodeRef<'_>, reached: &mut std::collections::BTreeSet<NodeId>| {
        let mut open = vec![from];
        while let Some(node) = open.pop() {
            if reached.insert(node.index()) {
                open.extend(node.outgoing().filter(|edge| carries(edge.kind())).map(EdgeRef::target));
            }
        }
    };
    for node in &found {
        reach(*node, &mut reached);
    }
    for node in graph.nodes() {
        if node.kind() == NodeKind::Function && !reached.contains(&node.index()) {
            reach(node, &mut reached);
            found.push(node);
        }
    }
    found
}

fn feeds(edge: EdgeRef<'_>) -> bool {
    carries(edge.kind()) && edge.source().kind() != NodeKind::External && edge.source().index() != edge.target().index()
}

/// Carries one event of `entry` through the graph.
pub fn flow(entry: NodeRef<'_>, point: &Point) -> Flow {
    let mut flow = Flow::default();
    let mut steps = 0;
    walk(entry, 1.0, point, &mut Vec::new(), &mut flow, &mut steps);
    if entry.kind() == NodeKind::Route {
        // A request of a route is one of its API.
        for api in entry.sources(EdgeKind::Contains) {
            *flow.visits.entry(api.index()).or_default() += 1.0;
        }
    }
    flow
}

fn walk<'g>(
    node: NodeRef<'g>,
    events: f64,
    point: &Point,
    path: &mut Vec<NodeRef<'g>>,
    flow: &mut Flow,
    steps: &mut usize,
) {
    *steps += 1;
    if *steps > MAX_STEPS || path.len() > MAX_DEPTH {
        flow.cut = true;
        return;
    }
    if let Some(start) = path.iter().position(|known| *known == node) {
        let names = path.iter().skip(start).chain([&node]).map(|node| node.name().to_owned()).collect();
        if !flow.cycles.contains(&names) {
            flow.cycles.push(names);
        }
        return;
    }
    *flow.visits.entry(node.index()).or_default() += events;
    path.push(node);
    let mut seen = Vec::new();
    for edge in node.outgoing().filter(|edge| carries(edge.kind())) {
        // Two grants on one resource are one relation; two mappings or targets are two.
        let relation = (edge.kind(), edge.target().index());
        let access = matches!(edge.kind(), EdgeKind::Reads | EdgeKind::Writes);
        if access && seen.contains(&relation) {
            continue;
        }
        seen.push(relation);
        walk(edge.target(), events * factor(edge, point), point, path, flow, steps);
    }
    path.pop();
}

/// Events at the target for one at the source.
fn factor(edge: EdgeRef<'_>, point: &Point) -> f64 {
    match edge.kind() {
        EdgeKind::Polls => 1.0 / batch(edge, point),
        EdgeKind::Reads | EdgeKind::Writes => point.table_operations,
        _ => 1.0,
    }
}

/// Records of one call through a mapping.
pub fn batch(edge: EdgeRef<'_>, point: &Point) -> f64 {
    let size = edge
        .via()
        .and_then(|mapping| mapping.property(&["BatchSize"]).int())
        .unwrap_or_else(|| if edge.source().kind() == NodeKind::Queue { 10 } else { 100 });
    (size.clamp(1, 10_000) as f64 * point.batch_fill).max(1.0)
}

/// Events a second of a schedule written as `rate(…)` or `cron(…)`.
pub fn schedule_rate(expression: &str) -> Option<f64> {
    let inside = |name: &str| expression.trim().strip_prefix(name)?.trim().strip_prefix('(')?.strip_suffix(')');
    if let Some(rate) = inside("rate") {
        let (count, unit) = rate.trim().split_once(' ')?;
        let unit = match unit.trim().trim_end_matches('s') {
            "minute" => 60.0,
            "hour" => 3600.0,
            "day" => 86_400.0,
            _ => return None,
        };
        let count: f64 = count.parse().ok()?;
        return (count >= 1.0).then(|| 1.0 / (count * unit));
    }
    let fields: Vec<&str> = inside("cron")?.split_whitespace().collect();
    let [minute, hour, day, month, weekday, _year] = fields.as_slice() else { return None };
    let share = |field: &str, size: f64| count(field, size).map(|times| (times / size).min(1.0));
    let days = share(day, 30.4)? * share(month, 12.0)? * share(weekday, 7.0)?;
    Some(count(minute, 60.0)? * count(hour, 24.0)? * days / 86_400.0)
}

/// How many of `size` values a cron field takes.
fn count(field: &str, size: f64) -> Option<f64> {
    let mut total = 0.0;
    for part in field.split(',') {
        let name = |text: &str| {
            let names = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
            names
                .iter()
                .position(|day| day.eq_ignore_ascii_case(text))
                .map_or_else(|| text.parse().ok(), |i| Some(i as f64 + 1.0))
        };
        total += if part == "*" || part == "?" {
            size
        } else if let Some((start, step)) = part.split_once('/') {
            let start: f64 = if start == "*" { 0.0 } else { start.parse().ok()? };
            let step: f64 = step.parse().ok()?;
            if step < 1.0 || start >= size {
                return None;
            }
            ((size - start) / step).ceil()
        } else if let Some((from, to)) = part.split_once('-') {
            let (from, to): (f64, f64) = (name(from)?, name(to)?);
            if to < from {
                return None;
            }
            to - from + 1.0
        } else {
            1.0
        };
    }
    Some(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schedules_are_rates() {
        let month = |text: &str| schedule_rate(text).map(|rate| (rate * 86_400.0 * 30.4).round());
        assert_eq!(month("rate(5 minutes)"), Some(8755.0));
        assert_eq!(month("rate(1 day)"), Some(30.0));
        assert_eq!(month("cron(0 12 * * ? *)"), Some(30.0));
        assert_eq!(month("cron(0/15 8-17 ? * MON-FRI *)"), Some((40.0 * 5.0 / 7.0 * 30.4f64).round()));
        for odd in ["", "rate()", "rate(0 minutes)", "cron(* * *)", "at(2026-01-01T00:00:00)", "cron(*/0 * * * ? *)"] {
            assert_eq!(schedule_rate(odd), None, "{odd}");
        }
    }
}
