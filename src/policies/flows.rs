//! What policies ask about the ways events take between resources of the template.

use crate::graph::{Eval, Graph, NodeId, NodeKind, NodeRef, Part, Resource, Target, Value};
pub(super) use crate::graph::{Flow, Way};
use crate::policy::Context;
use std::collections::{BTreeSet, VecDeque};

/// All flows to resources of the template, in template order by what declares them.
pub(super) fn flows<'a>(cx: &Context<'a>) -> &'a [Flow<'a>] {
    cx.flows()
}

/// The functions that events of `from` reach through queues, topics and rules, each with the
/// flows on the shortest way.
pub(super) fn reached<'f, 'g>(flows: &'f [Flow<'g>], from: NodeRef<'g>) -> Vec<(NodeRef<'g>, Vec<&'f Flow<'g>>)> {
    let mut found = Vec::new();
    let mut seen: BTreeSet<NodeId> = BTreeSet::from([from.index()]);
    let mut open: VecDeque<(NodeRef<'g>, Vec<&Flow<'g>>)> = VecDeque::from([(from, Vec::new())]);
    while let Some((at, path)) = open.pop_front() {
        for flow in flows.iter().filter(|flow| flow.source.is_some_and(|source| source == at)) {
            if !seen.insert(flow.target.index()) {
                continue;
            }
            let mut path = path.clone();
            path.push(flow);
            match flow.target.kind() {
                NodeKind::Function => found.push((flow.target, path)),
                NodeKind::Queue | NodeKind::Topic | NodeKind::Rule => open.push_back((flow.target, path)),
                _ => {}
            }
        }
    }
    found
}

/// The service an event source mapping reads from: `sqs`, `kinesis`, `dynamodb`, `kafka`, `mq`
/// or `docdb`.
pub(super) fn source_service(graph: &Graph, mapping: Resource<'_>) -> Option<&'static str> {
    let given = |name: &str| !mapping.property(&[name]).is_absent();
    let service = match graph.resolve_eval(&mapping.property(&["EventSourceArn"]), None) {
        Target::Node(node, _) => match node.kind() {
            NodeKind::Queue => Some("sqs"),
            NodeKind::Stream => Some("kinesis"),
            NodeKind::Table => Some("dynamodb"),
            _ => match node.resource()?.ty() {
                "AWS::MSK::Cluster" | "AWS::MSK::ServerlessCluster" => Some("kafka"),
                "AWS::AmazonMQ::Broker" => Some("mq"),
                "AWS::DocDB::DBCluster" => Some("docdb"),
                "AWS::Kinesis::StreamConsumer" => Some("kinesis"),
                _ => None,
            },
        },
        Target::Outside(arn) => match arn.split(':').nth(2)? {
            "sqs" => Some("sqs"),
            "kinesis" => Some("kinesis"),
            "dynamodb" => Some("dynamodb"),
            "kafka" => Some("kafka"),
            "mq" => Some("mq"),
            "rds" => Some("docdb"),
            _ => None,
        },
        Target::Unknown | Target::Absent => None,
    };
    service.or_else(|| {
        (given("SelfManagedEventSource") || given("AmazonManagedKafkaEventSourceConfig")).then_some("kafka")
    })
}

/// The resources that take what others of the template could not deliver or process.
pub(super) fn failure_targets(graph: &Graph) -> BTreeSet<NodeId> {
    let mut found = BTreeSet::new();
    for resource in graph.template().resources() {
        if let Some(properties) = resource.properties() {
            collect_failures(graph, properties, false, 0, &mut found);
        }
    }
    found
}

fn collect_failures(graph: &Graph, value: &Value, inside: bool, depth: u8, found: &mut BTreeSet<NodeId>) {
    if depth > 32 {
        return;
    }
    if inside {
        found.extend(resolved(graph, value));
    }
    if let Some(map) = value.as_map() {
        for entry in map {
            let failure = ["deadlettertargetarn", "deadletterconfig", "onfailure", "redrivepolicy"]
                .contains(&&*entry.key.to_ascii_lowercase());
            collect_failures(graph, &entry.value, inside || failure, depth + 1, found);
        }
    }
    for item in value.as_list().unwrap_or_default() {
        collect_failures(graph, item, inside, depth + 1, found);
    }
}

fn resolved(graph: &Graph, value: &Value) -> Option<NodeId> {
    graph.resolve(value).node().map(NodeRef::index).or_else(|| dead_letter_text(graph, &graph.template().eval(value)))
}

fn dead_letter_text(graph: &Graph, policy: &Eval<'_>) -> Option<NodeId> {
    let json: serde_json::Value = serde_json::from_str(policy.symbolic()?.trim()).ok()?;
    let arn = json.get("deadLetterTargetArn")?.as_str()?;
    let arn = Eval::Symbolic(arn.into(), policy.origin()?);
    graph.resolve_eval(&arn, Some(NodeKind::Queue)).node().map(NodeRef::index)
}

/// What the redrive policy `policy` (a map or JSON text) sends failures to.
pub(super) fn dead_letter_queue<'g>(graph: &'g Graph, policy: &Part<'g>) -> Option<NodeRef<'g>> {
    let arn = policy.get(&["deadLetterTargetArn"]);
    let node = graph.resolve_eval(&arn, Some(NodeKind::Queue)).node();
    node.or_else(|| {
        let index = dead_letter_text(graph, policy.eval())?;
        graph.nodes().find(|node| node.index() == index)
    })
}

/// Whether a queue or topic is FIFO, as far as it is known.
pub(super) fn is_fifo(node: NodeRef<'_>) -> Option<bool> {
    let name = if node.kind() == NodeKind::Topic { "FifoTopic" } else { "FifoQueue" };
    match node.property(&[name]) {
        Eval::Absent => (!node.resource()?.is_incomplete()).then_some(false),
        value => value.bool(),
    }
}
