//! Event source mappings: queues, streams and brokers that functions take records from.

use super::super::edge::EdgeKind;
use super::super::node::NodeKind;
use super::super::resolve::Target;
use super::{Links, edge};

/// One edge for each mapping, from the source to the function.
pub(super) fn event_source_mappings(links: &mut Links<'_>) {
    let graph = links.graph;
    for mapping in graph.resources_of("AWS::Lambda::EventSourceMapping") {
        let function = graph.resolve_eval(&mapping.property(&["FunctionName"]), Some(NodeKind::Function));
        let Target::Node(function, qualifier) = function else { continue };
        let source = mapping.property(&["EventSourceArn"]);
        match graph.resolve_eval(&source, None) {
            Target::Node(source, _) => {
                let origin = mapping.place(&["EventSourceArn"]);
                links.add_edge(
                    source.index(),
                    function.index(),
                    edge(EdgeKind::Polls, qualifier, origin, Some(mapping)),
                );
            }
            _ => {
                links.from(&source, EdgeKind::Polls, function.index(), None, Some(mapping));
            }
        }
        let failure = mapping.property(&["DestinationConfig", "OnFailure", "Destination"]);
        links.to(function.index(), EdgeKind::DeadLettersTo, &failure, None, Some(mapping));
    }
}
