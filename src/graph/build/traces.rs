//! What sends traces to AWS X-Ray.

use super::super::edge::EdgeKind;
use super::super::node::NodeKind;
use super::Links;

/// The outside thing that receives traces.
const SERVICE: &str = "AWS X-Ray";

/// Where tracing is switched on, by kind: the property, and the value that switches it on.
const SWITCHES: &[(NodeKind, &[&str], &str)] = &[
    (NodeKind::Function, &["TracingConfig", "Mode"], "Active"),
    (NodeKind::Stage, &["TracingEnabled"], "true"),
    (NodeKind::StateMachine, &["TracingConfiguration", "Enabled"], "true"),
    (NodeKind::GraphQlApi, &["XrayEnabled"], "true"),
    (NodeKind::Topic, &["TracingConfig"], "Active"),
];

/// An edge from everything whose tracing is surely on.
pub(super) fn traces(links: &mut Links<'_>) {
    let graph = links.graph;
    for (kind, path, on) in SWITCHES {
        for node in graph.nodes_of(*kind) {
            let switch = node.property(path);
            if let (Some(true), Some(origin)) = (switch.text().map(|text| text == *on), switch.origin()) {
                links.outside(node.index(), EdgeKind::TracesTo, SERVICE, origin);
            }
        }
    }
}
