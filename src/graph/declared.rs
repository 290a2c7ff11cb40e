//! The ways events take between resources of the template, as far as they are declared.

use super::{Graph, NodeKind, NodeRef, Origin, Part, Resource, Target};

/// What declares a flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
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
pub struct Flow<'g> {
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

impl Graph {
    /// All flows to resources of the template, in template order by what declares them.
    pub fn flows(&self) -> Vec<Flow<'_>> {
        flows(self)
    }
}

fn flows(graph: &Graph) -> Vec<Flow<'_>> {
    let mut found = Found { graph, flows: Vec::new() };
    for mapping in graph.existing("AWS::Lambda::EventSourceMapping") {
        let part = Part::of(mapping);
        let source = graph.referred(&part.get(&["EventSourceArn"]));
        found.add(Way::Mapping, source, mapping, part, (&["FunctionName"], Some(NodeKind::Function)));
    }
    for bucket in graph.existing("AWS::S3::Bucket") {
        let (node, part) = (graph.node(bucket.id()), Part::of(bucket));
        for (list, key, kind) in NOTIFICATIONS {
            for item in part.each(&["NotificationConfiguration", list]) {
                found.add(Way::Notification, node, bucket, item, (&[key], Some(kind)));
            }
        }
    }
    for subscription in graph.existing("AWS::SNS::Subscription") {
        let part = Part::of(subscription);
        let source = graph.resolve_eval(&part.get(&["TopicArn"]), Some(NodeKind::Topic)).node();
        found.add(Way::Subscription, source, subscription, part, (&["Endpoint"], None));
    }
    for topic in graph.existing("AWS::SNS::Topic") {
        for item in Part::of(topic).each(&["Subscription"]) {
            found.add(Way::Subscription, graph.node(topic.id()), topic, item, (&["Endpoint"], None));
        }
    }
    for rule in graph.existing("AWS::Events::Rule") {
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
        for resource in graph.existing(ty) {
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
    for rule in graph.existing("AWS::IoT::TopicRule") {
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
