//! What kind of source an event source mapping reads.

use crate::graph::{Graph, NodeKind, Resource, Target};

/// Whether the mapping reads a Kinesis or `DynamoDB` stream. A starting position tells streams
/// from queues even where the ARN is not known; brokers and `DocumentDB` bring settings of their own.
pub(super) fn reads_stream(graph: &Graph, mapping: Resource<'_>) -> bool {
    match graph.resolve_eval(&mapping.property(&["EventSourceArn"]), None) {
        Target::Node(node, _) => matches!(node.kind(), NodeKind::Stream | NodeKind::Table),
        Target::Outside(arn) => arn.contains(":kinesis:") || arn.contains(":dynamodb:"),
        Target::Unknown => {
            let others = [
                "Topics",
                "Queues",
                "SelfManagedEventSource",
                "DocumentDBEventSourceConfig",
                "AmazonManagedKafkaEventSourceConfig",
            ];
            mapping.property(&["StartingPosition"]).text().is_some()
                && others.iter().all(|name| mapping.property(&[name]).is_absent())
        }
        Target::Absent => false,
    }
}

/// Whether the mapping reads an SQS queue.
pub(super) fn reads_queue(graph: &Graph, mapping: Resource<'_>) -> bool {
    match graph.resolve_eval(&mapping.property(&["EventSourceArn"]), None) {
        Target::Node(node, _) => node.kind() == NodeKind::Queue,
        Target::Outside(arn) => arn.contains(":sqs:"),
        _ => false,
    }
}
