//! Which resources dashboards show.

use crate::graph::resolve::Found;
use crate::graph::{Graph, NodeKind, NodeRef, Text, namespace_of};
use crate::template::unknown;

/// The kinds of resources that are looked for in the texts of dashboards.
const KINDS: [NodeKind; 9] = [
    NodeKind::Function,
    NodeKind::Queue,
    NodeKind::Stream,
    NodeKind::Firehose,
    NodeKind::StateMachine,
    NodeKind::Table,
    NodeKind::RestApi,
    NodeKind::HttpApi,
    NodeKind::GraphQlApi,
];

/// The dashboards of a template, read once.
pub(super) struct Dashboards<'g> {
    all: Vec<Dashboard<'g>>,
}

struct Dashboard<'g> {
    node: NodeRef<'g>,
    /// `None` when nothing of it is known.
    body: Option<Text>,
    shown: Vec<NodeRef<'g>>,
}

impl<'g> Dashboards<'g> {
    pub fn of(graph: &'g Graph) -> Self {
        let nodes = graph.nodes_of(NodeKind::Dashboard).filter(|node| {
            let exists = node.resource().and_then(super::super::Resource::exists);
            exists != Some(false)
        });
        let all = nodes.map(|node| {
            let body = node.property(&["DashboardBody"]).symbolic();
            let shown = body.as_deref().map(|body| shown(graph, body)).unwrap_or_default();
            Dashboard { node, body, shown }
        });
        Self { all: all.collect() }
    }

    /// Whether a dashboard shows the resource, and which do.
    pub fn show(&self, graph: &Graph, node: NodeRef<'g>) -> (Option<bool>, Vec<NodeRef<'g>>) {
        let by: Vec<NodeRef<'g>> =
            self.all.iter().filter(|one| one.shown.contains(&node)).map(|one| one.node).collect();
        if !by.is_empty() {
            return (Some(true), by);
        }
        // A search picks what it shows when somebody looks.
        let searches = |body: &str| {
            body.contains("SEARCH(") && namespace_of(node.kind()).is_none_or(|namespace| body.contains(namespace))
        };
        let unknown = graph.is_open() || self.all.iter().any(|one| one.body.as_deref().is_none_or(searches));
        ((!unknown).then_some(false), by)
    }
}

/// The resources that the text of a dashboard names, by reference or by name. Texts of a
/// dashboard stand between quotation marks.
fn shown<'g>(graph: &'g Graph, body: &str) -> Vec<NodeRef<'g>> {
    let mut found: Vec<NodeRef<'g>> = graph.mentioned(body, &[]).into_iter().map(|node| graph.at(node)).collect();
    for piece in body.split(['"', '\\']).filter(|piece| !unknown::is_unknown(piece)) {
        for kind in KINDS {
            if let Found::Node(node, _) = graph.find_text(piece, Some(kind))
                && !found.contains(&graph.at(node))
            {
                found.push(graph.at(node));
            }
        }
    }
    found
}
