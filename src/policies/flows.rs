//! The ways events take between resources of the template, as far as they are declared.

use super::read;
use crate::graph::{Eval, Graph, NodeId, NodeKind, NodeRef, Origin, Part, Resource, Target, Value};
use std::collections::{BTreeSet, VecDeque};

/// What declares a flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// An event source mapping.
    Mapping,
    /// A notification of a bucket.
    Notification,
    /// A bucket's events on the default bus that a rule matches.
    BucketEvent,
    /// A subscription of a topic.
    Subscription,
    /// A target of an event rule.
    RuleTarget,
    /// The target of a schedule.
    Schedule,
    /// The target of a pipe.
    Pipe,
    /// A subscription filter of a log group.
    LogSubscription,
    /// An action of an `IoT` rule.
    IotRule,
}

/// One way from a source to a target of the template.
#[derive(Clone, Debug)]
pub(super) struct Flow<'g> {
    /// What declares it.
    pub way: Way,
    /// Where events come from, if that is a resource of the template.
    pub source: Option<NodeRef<'g>>,
    /// Where they go.
    pub target: NodeRef<'g>,
    /// The resource that declares it.
    pub owner: Resource<'g>,
    /// The part of the resource that declares it.
    pub settings: Part<'g>,
    /// Where it is written.
    pub origin: Origin,
}

/// The three lists of a bucket's notifications: name, key of the target, its kind.
const NOTIFICATIONS: [(&str, &str, NodeKind); 3] = [
    ("LambdaConfigurations", "Function", NodeKind::Function),
    ("QueueConfigurations", "Queue", NodeKind::Queue),
    ("TopicConfigurations", "Topic", NodeKind::Topic),
];

/// All flows to resources of the template, in template order by what declares them.
pub(super) fn flows(graph: &Graph) -> Vec<Flow<'_>> {
    let mut found = Found { graph, flows: Vec::new() };
    for mapping in read::existing(graph, "AWS::Lambda::EventSourceMapping") {
        let part = Part::of(mapping);
        let source = graph.referred(&part.get(&["EventSourceArn"]));
        found.add(Way::Mapping, source, mapping, part, (&["FunctionName"], Some(NodeKind::Function)));
    }
    for bucket in read::existing(graph, "AWS::S3::Bucket") {
        let (node, part) = (graph.node(bucket.id()), Part::of(bucket));
        for (list, key, kind) in NOTIFICATIONS {
            for item in part.each(&["NotificationConfiguration", list]) {
                found.add(Way::Notification, node, bucket, item, (&[key], Some(kind)));
            }
        }
    }
    for subscription in read::existing(graph, "AWS::SNS::Subscription") {
        let part = Part::of(subscription);
        let source = graph.resolve_eval(&part.get(&["TopicArn"]), Some(NodeKind::Topic)).node();
        found.add(Way::Subscription, source, subscription, part, (&["Endpoint"], None));
    }
    for topic in read::existing(graph, "AWS::SNS::Topic") {
        for item in Part::of(topic).each(&["Subscription"]) {
            found.add(Way::Subscription, graph.node(topic.id()), topic, item, (&["Endpoint"], None));
        }
    }
    for rule in read::existing(graph, "AWS::Events::Rule") {
        let node = graph.node(rule.id());
        for item in Part::of(rule).each(&["Targets"]) {
            found.add(Way::RuleTarget, node, rule, item, (&["Arn"], None));
        }
        if let Some(node) = node {
            found.bucket_events(rule, node);
        }
    }
    let others: [(&'static str, Way, &[&str], &[&str]); 3] = [
        ("AWS::Scheduler::Schedule", Way::Schedule, &[], &["Target", "Arn"]),
        ("AWS::Pipes::Pipe", Way::Pipe, &["Source"], &["Target"]),
        ("AWS::Logs::SubscriptionFilter", Way::LogSubscription, &["LogGroupName"], &["DestinationArn"]),
    ];
    for (ty, way, source, target) in others {
        for resource in read::existing(graph, ty) {
            let part = Part::of(resource);
            let kind = (way == Way::LogSubscription).then_some(NodeKind::LogGroup);
            let source = if source.is_empty() {
                graph.node(resource.id())
            } else {
                graph.resolve_eval(&part.get(source), kind).node()
            };
            found.add(way, source, resource, part, (target, None));
        }
    }
    for rule in read::existing(graph, "AWS::IoT::TopicRule") {
        for item in Part::of(rule).each(&["TopicRulePayload", "Actions"]) {
            found.add(Way::IotRule, graph.node(rule.id()), rule, item, (&["Lambda", "FunctionArn"], None));
        }
    }
    found.flows
}

struct Found<'g> {
    graph: &'g Graph,
    flows: Vec<Flow<'g>>,
}

impl<'g> Found<'g> {
    fn add(
        &mut self,
        way: Way,
        source: Option<NodeRef<'g>>,
        owner: Resource<'g>,
        settings: Part<'g>,
        (target, kind): (&[&str], Option<NodeKind>),
    ) {
        let Target::Node(target, _) = self.graph.resolve_eval(&settings.get(target), kind) else { return };
        let origin = match way {
            Way::Notification | Way::RuleTarget | Way::IotRule => settings.origin(),
            _ => owner.origin(),
        };
        self.flows.push(Flow { way, source, target, owner, settings, origin });
    }

    /// Buckets that send their events to the default bus, where `rule` picks them.
    fn bucket_events(&mut self, rule: Resource<'g>, node: NodeRef<'g>) {
        let settings = Part::of(rule).part(&["EventPattern"]);
        let is_s3 = |source: &Part<'_>| source.eval().text().is_some_and(|text| text == "aws.s3");
        if !settings.each(&["source"]).iter().any(is_s3) {
            return;
        }
        let names = settings.each(&["detail", "bucket", "name"]);
        for bucket in self.graph.nodes_of(NodeKind::Bucket) {
            let Some(resource) = bucket.resource() else { continue };
            let configured = ["NotificationConfiguration", "EventBridgeConfiguration"];
            if resource.exists() == Some(false) || resource.property(&configured).is_absent() {
                continue;
            }
            let own = |name: &Part<'_>| {
                self.graph.resolve_eval(name.eval(), Some(NodeKind::Bucket)).node().is_some_and(|node| node == bucket)
            };
            if names.is_empty() || names.iter().any(own) {
                self.flows.push(Flow {
                    way: Way::BucketEvent,
                    source: Some(bucket),
                    target: node,
                    owner: rule,
                    settings: settings.clone(),
                    origin: settings.origin(),
                });
            }
        }
    }
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
