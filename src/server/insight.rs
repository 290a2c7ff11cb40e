//! What the graph knows of one resource, in words: for hover, hints and lenses.

use crate::graph::{Certainty, EdgeKind, EdgeRef, Graph, Means, NodeKind, NodeRef, RoleOf, signals_of};
use std::fmt::Write;

/// Seconds a function may run unless it says otherwise.
const DEFAULT_FUNCTION_TIMEOUT: i64 = 3;
/// Seconds a message stays hidden unless its queue says otherwise.
const DEFAULT_VISIBILITY: i64 = 30;
/// Names that are listed before the rest is counted.
const MAX_LISTED: usize = 6;

/// The metric that a new alarm on `name` of a resource would watch.
pub(super) fn metric(graph: &Graph, node: NodeRef<'_>, name: &str) -> Option<&'static str> {
    let alarm =
        signals_of(graph, node).into_iter().find(|signal| signal.means == Means::Alarm && signal.name == name)?;
    alarm.metrics.first().copied()
}

/// How far alarms cover a resource.
#[derive(Default)]
pub(super) struct Coverage {
    pub watched: Vec<&'static str>,
    pub missing: Vec<&'static str>,
    /// What only alarms watch that nobody receives.
    pub unheard: Vec<&'static str>,
    /// What an alarm may watch, or somebody may receive: the template does not tell.
    pub unsure: Vec<&'static str>,
}

impl Coverage {
    /// How many signals there are.
    pub fn len(&self) -> usize {
        self.watched.len() + self.missing.len() + self.unheard.len() + self.unsure.len()
    }
}

/// The coverage of a resource; `None` where nothing is expected or nothing can be said.
pub(super) fn coverage(graph: &Graph, node: NodeRef<'_>) -> Option<Coverage> {
    let mut found = Coverage::default();
    for one in graph.coverage_of(node)?.by(Means::Alarm) {
        let list = match one.watched {
            Some(true) => &mut found.watched,
            Some(false) if one.unheard.is_empty() => &mut found.missing,
            Some(false) => &mut found.unheard,
            None => &mut found.unsure,
        };
        list.push(one.signal.name);
    }
    (found.len() > found.unsure.len()).then_some(found)
}

/// Someone on the path of a call, and how long they wait or run.
pub(super) struct Wait {
    pub name: String,
    pub seconds: f64,
}

/// Seconds as people write them.
pub(super) fn seconds(value: f64) -> String {
    let value = (value * 1000.0).round() / 1000.0;
    if value >= 120.0 && value % 60.0 == 0.0 { format!("{} min", value / 60.0) } else { format!("{value} s") }
}

/// How long the resource itself may take.
pub(super) fn own_timeout(node: NodeRef<'_>) -> Option<f64> {
    let eval = match node.kind() {
        NodeKind::Function if node.graph().template().elsewhere().is_none() => node.property(&["Timeout"]),
        _ => return None,
    };
    if eval.is_absent() {
        return Some(DEFAULT_FUNCTION_TIMEOUT as f64);
    }
    eval.int().map(|value| value as f64)
}

/// Who waits for a function, and how long.
pub(super) fn callers(graph: &Graph, node: NodeRef<'_>) -> Vec<Wait> {
    let mut found = Vec::new();
    for route in graph.routes_to(node).filter(|route| route.waits() == Some(true)) {
        if let Some(milliseconds) = route.timeout_ms().value() {
            let api = route.api().map(|api| api.node().name().to_owned()).unwrap_or_default();
            found.push(Wait {
                name: format!("{api} {}", route.name()).trim().to_owned(),
                seconds: milliseconds as f64 / 1000.0,
            });
        }
    }
    for mapping in graph.mappings_to(node) {
        let Some(queue) = mapping.source_node().filter(|source| source.kind() == NodeKind::Queue) else { continue };
        let eval = queue.property(&["VisibilityTimeout"]);
        let hidden = if eval.is_absent() { Some(DEFAULT_VISIBILITY) } else { eval.int() };
        if let Some(hidden) = hidden {
            found.push(Wait { name: format!("{} shows it again", queue.name()), seconds: hidden as f64 });
        }
    }
    for edge in node.sync_callers().filter(|edge| edge.certainty() == Certainty::Declared) {
        if let Some(limit) = own_timeout(edge.source()) {
            found.push(Wait { name: edge.source().name().to_owned(), seconds: limit });
        }
    }
    found
}

/// The longest chain of calls that a resource waits for, itself first, with their timeouts.
pub(super) fn downstream<'g>(node: NodeRef<'g>, seen: &mut Vec<NodeRef<'g>>) -> Vec<Wait> {
    let Some(own) = own_timeout(node) else { return Vec::new() };
    seen.push(node);
    let mut longest: Vec<Wait> = Vec::new();
    for edge in node.waits_for().filter(|edge| edge.certainty() != Certainty::Hinted) {
        if seen.contains(&edge.target()) {
            continue;
        }
        let below = downstream(edge.target(), seen);
        let total = |waits: &[Wait]| waits.iter().map(|wait| wait.seconds).sum::<f64>();
        if total(&below) > total(&longest) {
            longest = below;
        }
    }
    seen.pop();
    longest.insert(0, Wait { name: node.name().to_owned(), seconds: own });
    longest
}

fn names<'g>(edges: impl Iterator<Item = EdgeRef<'g>>, end: fn(EdgeRef<'g>) -> NodeRef<'g>) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for edge in edges {
        let certainty = match edge.certainty() {
            Certainty::Declared => "",
            Certainty::Granted => ", by its permissions",
            Certainty::Hinted => ", by an environment variable",
        };
        let text = format!("`{}` ({}{certainty})", end(edge).name(), edge.kind().verb());
        if !found.contains(&text) {
            found.push(text);
        }
    }
    found
}

/// Names in a row, the first few of many.
fn row(names: &[String]) -> String {
    let shown: Vec<&str> = names.iter().take(MAX_LISTED).map(String::as_str).collect();
    let rest = names.len().saturating_sub(MAX_LISTED);
    let more = if rest > 0 { format!(" and {rest} more") } else { String::new() };
    shown.join(", ") + &more
}

/// Whether an event, a call or data goes along the edge.
pub(super) fn is_flow(edge: &EdgeRef<'_>) -> bool {
    edge.kind().carries() || matches!(edge.kind(), EdgeKind::Reads | EdgeKind::DeadLettersTo | EdgeKind::Notifies)
}

/// What triggers the resource, and what it reaches.
pub(super) fn flow(node: NodeRef<'_>) -> (Vec<String>, Vec<String>) {
    let incoming = node.incoming().filter(|edge| is_flow(edge) && edge.kind() != EdgeKind::Reads);
    (names(incoming, EdgeRef::source), names(node.outgoing().filter(is_flow), EdgeRef::target))
}

/// The resource in a few lines of Markdown.
pub(super) fn summary(graph: &Graph, node: NodeRef<'_>) -> String {
    let ty = node.resource().map(|resource| format!(" `{}`", resource.ty())).unwrap_or_default();
    let mut text = format!("**{}**{ty}: {}\n\n", node.name(), node.kind().noun());
    let (from, to) = flow(node);
    if !from.is_empty() {
        let _ = writeln!(text, "- Reached from {}", row(&from));
    }
    if !to.is_empty() {
        let _ = writeln!(text, "- Reaches {}", row(&to));
    }
    if let Some(own) = own_timeout(node) {
        let mut line = format!("- May run {}", seconds(own));
        for wait in callers(graph, node) {
            let verdict = if wait.seconds < own { ", too short" } else { "" };
            let _ = write!(line, "; {} after {}{verdict}", wait.name, seconds(wait.seconds));
        }
        let chain = downstream(node, &mut Vec::new());
        if chain.len() > 1 {
            let parts: Vec<String> =
                chain.iter().skip(1).map(|wait| format!("{} {}", wait.name, seconds(wait.seconds))).collect();
            let _ = write!(line, "; waits for {}", parts.join(" → "));
        }
        let _ = writeln!(text, "{line}");
    }
    if let Some(coverage) = coverage(graph, node) {
        let parts = [("Alarms on", coverage.watched), ("No alarm on", coverage.missing)];
        let parts = parts.into_iter().chain([
            ("Nobody receives the alarm on", coverage.unheard),
            ("Perhaps watched or received elsewhere:", coverage.unsure),
        ]);
        let parts: Vec<String> = parts
            .filter(|(_, names)| !names.is_empty())
            .map(|(words, names)| format!("{words} {}", names.join(", ")))
            .collect();
        let line = format!("- {}", parts.join("; "));
        let _ = writeln!(text, "{line}");
    }
    if let RoleOf::Role(role) = graph.role_of(node) {
        let _ = writeln!(text, "- Runs under `{}` with {} statements", role.node().name(), role.statements().len());
    }
    text
}
