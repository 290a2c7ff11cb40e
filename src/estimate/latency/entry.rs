//! The latency of one entry: what its caller waits for, and what happens after.

use super::answer::{EntryLatency, FunctionLaw, latency};
use super::onward::{MAX_REACHES, Way};
use super::paths::Walk;
use super::{Laws, machine};
use crate::graph::{Graph, NodeKind, NodeRef};

/// The latency of what enters at `entry`.
pub fn entry_latency<'g>(
    graph: &'g Graph,
    entry: NodeRef<'g>,
    name: &str,
    law: &dyn Fn(NodeRef<'g>) -> FunctionLaw,
    laws: &Laws,
) -> EntryLatency {
    let mut walk =
        Walk { graph, law, laws, steps: Vec::new(), risks: Vec::new(), notes: Vec::new(), stack: Vec::new() };
    let answered = matches!(
        entry.kind(),
        NodeKind::Route
            | NodeKind::RestApi
            | NodeKind::HttpApi
            | NodeKind::WebSocketApi
            | NodeKind::GraphQlApi
            | NodeKind::Function
    ) || graph.state_machine(entry).is_some_and(|machine| machine::is_express(&machine));
    let time = walk.respond(entry);
    let (steps, timeouts) = (std::mem::take(&mut walk.steps), std::mem::take(&mut walk.risks));
    let response = (answered && !steps.is_empty()).then(|| latency(laws, &time, &[]));
    let mut reaches = Vec::new();
    let start = if answered { Way { times: vec![time], ..Way::default() } } else { Way::default() };
    let start = Way { via: vec![name.to_owned()], steps: if answered { steps.clone() } else { Vec::new() }, ..start };
    walk.spread(entry, &start, &mut reaches);
    if reaches.len() >= MAX_REACHES {
        walk.note(format!("more than {MAX_REACHES} ends: the others are left out"));
    }
    walk.notes.sort();
    EntryLatency { entry: name.to_owned(), response, steps, timeouts, reaches, notes: walk.notes }
}
