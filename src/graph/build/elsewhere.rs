//! Services of other providers than AWS: triggers of functions and functions that call others;
//! and composed services that get outputs of one another.

use super::super::edge::{EdgeKind, Qualifier};
use super::super::node::NodeKind;
use super::super::part::Part;
use super::{Links, edge};

/// One edge for each trigger, call and dependency.
pub(super) fn triggers(links: &mut Links<'_>) {
    let graph = links.graph;
    if graph.template().elsewhere().is_none() {
        return;
    }
    for resource in graph.template().resources() {
        let Some(node) = graph.node(resource.id()) else { continue };
        let part = Part::of(resource);
        let kind = match node.kind() {
            NodeKind::Route => EdgeKind::InvokesSync,
            NodeKind::Queue | NodeKind::Stream => EdgeKind::Polls,
            _ => EdgeKind::InvokesAsync,
        };
        links.to(node.index(), kind, &part.get(&["Function"]), Some(NodeKind::Function), None);
        for call in part.each(&["Calls"]) {
            links.to(node.index(), EdgeKind::InvokesSync, call.eval(), Some(NodeKind::Function), None);
        }
        if node.kind() != NodeKind::Stack {
            continue;
        }
        let mut known = Vec::new();
        for reference in graph.references(resource) {
            if !known.contains(&reference.target.index()) {
                known.push(reference.target.index());
                let edge = edge(EdgeKind::DependsOn, Qualifier::None, reference.origin, None);
                links.add_edge(node.index(), reference.target.index(), edge);
            }
        }
    }
}
