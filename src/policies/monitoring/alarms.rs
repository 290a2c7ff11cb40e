//! What no alarm watches.

use crate::graph::{Graph, NodeKind, NodeRef, Resource};

/// The resource behind `node` when it may exist and surely no alarm watches one of `metrics`.
pub(super) fn unwatched<'g>(graph: &Graph, node: NodeRef<'g>, metrics: &[&str]) -> Option<Resource<'g>> {
    let resource = node.resource().filter(|resource| resource.exists() != Some(false))?;
    (graph.alarms_on(node, metrics) == Some(false)).then_some(resource)
}

/// The functions no alarm watches by one of `metrics`. Functions that only answer custom
/// resources run while somebody watches a deployment, and are left out.
pub(super) fn unwatched_functions<'g>(graph: &'g Graph, metrics: &[&str]) -> Vec<Resource<'g>> {
    let functions = graph.nodes_of(NodeKind::Function);
    let unwatched = functions.filter(|node| !answers_custom_resources(graph, *node));
    unwatched.filter_map(|node| unwatched_of(graph, node, metrics)).collect()
}

fn unwatched_of<'g>(graph: &'g Graph, node: NodeRef<'g>, metrics: &[&str]) -> Option<Resource<'g>> {
    // Watching the alias that callers use is as good.
    let aliases = node.sources(crate::graph::EdgeKind::Qualifies);
    if aliases.into_iter().any(|alias| graph.alarms_on(alias, metrics) != Some(false)) {
        return None;
    }
    unwatched(graph, node, metrics)
}

fn answers_custom_resources(graph: &Graph, function: NodeRef<'_>) -> bool {
    let mut custom = graph.nodes_of(NodeKind::Custom);
    custom.any(|node| graph.referred(&node.property(&["ServiceToken"])) == Some(function))
}
