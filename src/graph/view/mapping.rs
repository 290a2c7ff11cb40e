//! Event source mappings.

use super::super::{Eval, Graph, NodeKind, NodeRef, Qualifier, Resource, Target};

/// What a mapping takes records from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SourceKind {
    /// A queue.
    Queue,
    /// A data stream.
    Stream,
    /// The stream of a table.
    TableStream,
    /// A Kafka cluster, managed or not.
    Kafka,
    /// A message broker.
    Broker,
    /// A document database.
    DocumentDb,
    /// Not known.
    Unknown,
}

impl SourceKind {
    /// Whether records come in shards or partitions, in order.
    pub fn is_stream(self) -> bool {
        matches!(self, Self::Stream | Self::TableStream | Self::Kafka | Self::DocumentDb)
    }
}

/// An event source mapping.
#[derive(Clone, Copy, Debug)]
pub struct Mapping<'g> {
    graph: &'g Graph,
    resource: Resource<'g>,
}

impl<'g> Mapping<'g> {
    /// The resource.
    pub fn resource(self) -> Resource<'g> {
        self.resource
    }

    /// The function and which version of it.
    pub fn function(self) -> Target<'g> {
        self.graph.target_of(&self.resource.property(&["FunctionName"]), Some(NodeKind::Function))
    }

    /// Which version of the function.
    pub fn qualifier(self) -> Qualifier {
        if let Target::Node(_, qualifier) = self.function() { qualifier } else { Qualifier::Unknown }
    }

    /// What it takes records from.
    pub fn source(self) -> Target<'g> {
        self.graph.target_of(&self.resource.property(&["EventSourceArn"]), None)
    }

    /// The node it takes records from.
    pub fn source_node(self) -> Option<NodeRef<'g>> {
        self.source().node()
    }

    /// What sort of source that is.
    pub fn source_kind(self) -> SourceKind {
        let has = |name: &str| !self.resource.property(&[name]).is_absent();
        match self.source() {
            Target::Node(node, _) => match (node.kind(), node.resource().map(Resource::ty)) {
                (NodeKind::Queue, _) => SourceKind::Queue,
                (NodeKind::Stream, _) => SourceKind::Stream,
                (NodeKind::Table, _) => SourceKind::TableStream,
                (_, Some("AWS::Kinesis::StreamConsumer")) => SourceKind::Stream,
                (_, Some(ty)) if ty.starts_with("AWS::MSK::") => SourceKind::Kafka,
                (_, Some(ty)) if ty.starts_with("AWS::AmazonMQ::") => SourceKind::Broker,
                (_, Some(ty)) if ty.starts_with("AWS::DocDB::") => SourceKind::DocumentDb,
                _ => SourceKind::Unknown,
            },
            Target::Outside(arn) => match arn.split(':').nth(2) {
                Some("sqs") => SourceKind::Queue,
                Some("kinesis") => SourceKind::Stream,
                Some("dynamodb") => SourceKind::TableStream,
                Some("kafka") => SourceKind::Kafka,
                Some("mq") => SourceKind::Broker,
                Some("rds") => SourceKind::DocumentDb,
                _ => SourceKind::Unknown,
            },
            _ if has("SelfManagedEventSource") || has("AmazonManagedKafkaEventSourceConfig") => SourceKind::Kafka,
            _ => SourceKind::Unknown,
        }
    }

    /// A property of the mapping.
    pub fn property(self, path: &[&str]) -> Eval<'g> {
        self.resource.property(path)
    }
}

impl Graph {
    /// All event source mappings, in template order.
    pub fn mappings(&self) -> impl Iterator<Item = Mapping<'_>> {
        self.resources_of("AWS::Lambda::EventSourceMapping").map(|resource| Mapping { graph: self, resource })
    }

    /// The mappings that feed a function, in all its versions.
    pub fn mappings_to<'g>(&'g self, function: NodeRef<'g>) -> impl Iterator<Item = Mapping<'g>> {
        self.mappings().filter(move |mapping| mapping.function().node() == Some(function))
    }

    /// The mappings that take records from a node.
    pub fn mappings_from<'g>(&'g self, source: NodeRef<'g>) -> impl Iterator<Item = Mapping<'g>> {
        self.mappings().filter(move |mapping| mapping.source().node() == Some(source))
    }
}
