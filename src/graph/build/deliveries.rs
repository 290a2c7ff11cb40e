//! Topics, buckets and log groups that push to functions, queues and each other.

use super::super::edge::{EdgeKind, Qualifier};
use super::super::node::{NodeId, NodeKind, NodeRef};
use super::super::part::Part;
use super::super::resolve::Found;
use super::super::view::delivery::{DeliveryData, DeliveryKind};
use super::super::{Eval, Graph, Origin, Resource, Text};
use super::{Links, edge};
use crate::template::json;

/// What an event that reaches a node of `kind` does there.
pub(super) fn push_edge(kind: NodeKind) -> EdgeKind {
    match kind {
        NodeKind::Function | NodeKind::StateMachine => EdgeKind::InvokesAsync,
        _ => EdgeKind::Publishes,
    }
}

/// A delivery with nothing known but its kind and place.
pub(super) fn blank(kind: DeliveryKind, source: Option<NodeId>, owner: Resource<'_>, origin: Origin) -> DeliveryData {
    DeliveryData {
        kind,
        source,
        target: None,
        qualifier: Qualifier::None,
        protocol: None,
        dead_letter: Some(false),
        dead_letter_node: None,
        filtered: Some(false),
        prefix: None,
        suffix: None,
        owner: owner.id().into(),
        origin,
    }
}

/// Resolves the target, adds the edge and keeps the delivery.
pub(super) fn push<'g>(
    links: &mut Links<'g>,
    mut delivery: DeliveryData,
    target: &Eval<'_>,
    hint: Option<NodeKind>,
    via: Option<Resource<'g>>,
) {
    let graph = links.graph;
    if let Found::Node(node, qualifier) = graph.find(target, hint) {
        (delivery.target, delivery.qualifier) = (Some(node), qualifier);
    }
    if let Some(source) = delivery.source {
        match delivery.target {
            Some(node) => {
                let kind = push_edge(graph.net[node].kind);
                links.add_edge(source, node, edge(kind, delivery.qualifier, delivery.origin, via));
            }
            None => {
                links.to(source, EdgeKind::Publishes, target, hint, via);
            }
        }
    }
    links.details.deliveries.push(delivery);
}

/// The queue of a redrive policy, given as a map or as JSON text.
fn redrive(graph: &Graph, policy: &Part<'_>) -> (Option<bool>, Option<NodeId>, Eval<'static>) {
    let Some(origin) = policy.eval().origin() else { return (Some(false), None, Eval::Absent) };
    let text = match policy.eval().symbolic() {
        Some(text) => {
            json::tree(&text, origin).and_then(|tree| graph.template.walk(&tree, &["deadLetterTargetArn"]).symbolic())
        }
        None => policy.get(&["deadLetterTargetArn"]).symbolic(),
    };
    let Some(text) = text else {
        let absent = policy.has(&["deadLetterTargetArn"]) == Some(false) && policy.is_known();
        return (if absent { Some(false) } else { None }, None, Eval::Absent);
    };
    let node = graph.find_text(&text, Some(NodeKind::Queue)).node();
    (Some(true), node, Eval::Symbolic(text, origin))
}

/// Dead-letter queues of queues.
pub(super) fn queues(links: &mut Links<'_>) {
    let graph = links.graph;
    for node in graph.nodes_of(NodeKind::Queue) {
        let Some(resource) = node.resource() else { continue };
        for policy in Part::of(resource).all(&["RedrivePolicy"]) {
            let (_, _, target) = redrive(graph, &policy);
            links.to(node.index(), EdgeKind::DeadLettersTo, &target, Some(NodeKind::Queue), None);
        }
    }
}

/// Subscriptions, as resources of their own and inside the topic.
pub(super) fn topics(links: &mut Links<'_>) {
    let graph = links.graph;
    for node in graph.nodes_of(NodeKind::Topic) {
        let Some(resource) = node.resource() else { continue };
        for item in Part::of(resource).each(&["Subscription"]) {
            subscription(links, Some(node.index()), resource, &item, None);
        }
    }
    for resource in graph.resources_of("AWS::SNS::Subscription") {
        let part = Part::of(resource);
        let arn = part.get(&["TopicArn"]);
        let topic = graph.find(&arn, Some(NodeKind::Topic)).node();
        if topic.is_none()
            && let Some(target) = graph.find(&part.get(&["Endpoint"]), None).node()
        {
            links.from(&arn, push_edge(graph.net[target].kind), target, None, Some(resource));
        }
        subscription(links, topic, resource, &part, Some(resource));
    }
}

fn subscription<'g>(
    links: &mut Links<'g>,
    topic: Option<NodeId>,
    owner: Resource<'g>,
    part: &Part<'_>,
    via: Option<Resource<'g>>,
) {
    let endpoint = part.get(&["Endpoint"]);
    let place = if via.is_some() { owner.origin() } else { part.origin() };
    let mut delivery = blank(DeliveryKind::Subscription, topic, owner, place);
    delivery.protocol = part.text(&["Protocol"]);
    delivery.filtered = part.has(&["FilterPolicy"]);
    let (has, node, dead_letter) = redrive(links.graph, &part.part(&["RedrivePolicy"]));
    (delivery.dead_letter, delivery.dead_letter_node) = (has, node);
    if let Some(topic) = topic {
        links.to(topic, EdgeKind::DeadLettersTo, &dead_letter, Some(NodeKind::Queue), via);
    }
    let hint = match delivery.protocol.as_deref() {
        Some("lambda") => Some(NodeKind::Function),
        Some("sqs") => Some(NodeKind::Queue),
        Some("firehose") => Some(NodeKind::Firehose),
        _ => None,
    };
    push(links, delivery, &endpoint, hint, via);
}

/// Notifications of buckets.
pub(super) fn buckets(links: &mut Links<'_>) {
    const SORTS: [(&str, &str, NodeKind); 3] = [
        ("LambdaConfigurations", "Function", NodeKind::Function),
        ("QueueConfigurations", "Queue", NodeKind::Queue),
        ("TopicConfigurations", "Topic", NodeKind::Topic),
    ];
    let graph = links.graph;
    for node in graph.nodes_of(NodeKind::Bucket) {
        let Some(resource) = node.resource() else { continue };
        let part = Part::of(resource);
        for (list, target, hint) in SORTS {
            for item in part.each(&["NotificationConfiguration", list]) {
                let mut delivery = blank(DeliveryKind::Notification, Some(node.index()), resource, item.origin());
                delivery.protocol = item.text(&["Event"]);
                delivery.filtered = item.has(&["Filter"]);
                for rule in item.each(&["Filter", "S3Key", "Rules"]) {
                    let value = rule.get(&["Value"]).symbolic();
                    match rule.text(&["Name"]).as_deref() {
                        Some(name) if name.eq_ignore_ascii_case("prefix") => delivery.prefix = value,
                        Some(name) if name.eq_ignore_ascii_case("suffix") => delivery.suffix = value,
                        _ => delivery.filtered = None,
                    }
                }
                push(links, delivery, &item.get(&[target]), Some(hint), None);
            }
        }
        if part.has(&["NotificationConfiguration", "EventBridgeConfiguration"]) != Some(false) {
            to_rules(links, node, resource);
        }
    }
}

/// Rules on the default bus that match the bucket's events.
fn to_rules<'g>(links: &mut Links<'g>, bucket: NodeRef<'g>, resource: Resource<'g>) {
    let graph = links.graph;
    for rule in graph.nodes_of(NodeKind::Rule) {
        let Some(owner) = rule.resource() else { continue };
        let pattern = Part::of(owner).part(&["EventPattern"]);
        let sources = pattern.each(&["source"]);
        if !sources.iter().any(|source| source.eval().text().is_some_and(|text| text == "aws.s3")) {
            continue;
        }
        let names = pattern.each(&["detail", "bucket", "name"]);
        let own = |name: &Part<'_>| graph.find(name.eval(), Some(NodeKind::Bucket)).node() == Some(bucket.index());
        if names.is_empty() || names.iter().any(own) {
            links.add(bucket.index(), EdgeKind::Publishes, rule.index(), resource.origin(), None);
        }
    }
}

/// Subscription filters of log groups.
pub(super) fn logs(links: &mut Links<'_>) {
    let graph = links.graph;
    for resource in graph.resources_of("AWS::Logs::SubscriptionFilter") {
        let part = Part::of(resource);
        let group = graph.find(&part.get(&["LogGroupName"]), Some(NodeKind::LogGroup)).node();
        let mut delivery = blank(DeliveryKind::LogSubscription, group, resource, resource.origin());
        delivery.filtered = part.text(&["FilterPattern"]).map(|text: Text| !text.is_empty());
        push(links, delivery, &part.get(&["DestinationArn"]), None, Some(resource));
    }
}
