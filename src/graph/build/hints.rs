//! What environment variables name.

use super::super::edge::{Certainty, EdgeKind, Qualifier};
use super::super::node::NodeKind;
use super::super::part::Part;
use super::super::resolve::Found;
use super::{Links, edge};

/// An edge for each variable that refers to a resource: a call for functions, a dependency
/// for the rest.
pub(super) fn environment(links: &mut Links<'_>) {
    let graph = links.graph;
    for node in graph.nodes_of(NodeKind::Function) {
        let Some(resource) = node.resource() else { continue };
        for (_, _, value) in Part::of(resource).entries(&["Environment", "Variables"]) {
            let text = value.eval().symbolic();
            let refers = |text: &str| text.starts_with("arn:") || crate::template::unknown::is_unknown(text);
            let Some(text) = text.filter(|text| refers(text) || text.starts_with("https://sqs.")) else { continue };
            let Found::Node(target, qualifier) = graph.find_text(&text, None) else { continue };
            if target == node.index() {
                continue;
            }
            let kind =
                if graph.net[target].kind == NodeKind::Function { EdgeKind::InvokesSync } else { EdgeKind::DependsOn };
            let qualifier = if kind == EdgeKind::InvokesSync { qualifier } else { Qualifier::None };
            let mut hint = edge(kind, qualifier, value.origin(), None);
            hint.certainty = Certainty::Hinted;
            links.add_edge(node.index(), target, hint);
        }
    }
}
