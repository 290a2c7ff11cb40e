//! Deliveries: how events get from a source to a target that is pushed to.

use super::super::node::NodeId;
use super::super::{Graph, NodeRef, Origin, Qualifier, Resource, Text};

/// What declares a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeliveryKind {
    /// A subscription of a topic.
    Subscription,
    /// A notification of a bucket.
    Notification,
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

#[derive(Debug)]
pub(in crate::graph) struct DeliveryData {
    pub kind: DeliveryKind,
    pub source: Option<NodeId>,
    pub target: Option<NodeId>,
    pub qualifier: Qualifier,
    pub protocol: Option<Text>,
    pub dead_letter: Option<bool>,
    pub dead_letter_node: Option<NodeId>,
    pub filtered: Option<bool>,
    pub prefix: Option<Text>,
    pub suffix: Option<Text>,
    pub owner: Text,
    pub origin: Origin,
}

/// One way from a source to a target that is pushed to.
#[derive(Clone, Copy, Debug)]
pub struct Delivery<'g> {
    graph: &'g Graph,
    data: &'g DeliveryData,
}

impl<'g> Delivery<'g> {
    /// What declares it.
    pub fn kind(self) -> DeliveryKind {
        self.data.kind
    }

    /// Where events come from: topic, bucket, rule, schedule, pipe, log group.
    pub fn source(self) -> Option<NodeRef<'g>> {
        self.data.source.map(|node| self.graph.node_ref(node))
    }

    /// Where they go, if that is a resource of the template.
    pub fn target(self) -> Option<NodeRef<'g>> {
        self.data.target.map(|node| self.graph.node_ref(node))
    }

    /// Which version of a target function.
    pub fn qualifier(self) -> Qualifier {
        self.data.qualifier
    }

    /// The protocol of a subscription, the event of a notification.
    pub fn protocol(self) -> Option<&'g str> {
        self.data.protocol.as_deref()
    }

    /// Whether what cannot be delivered is kept (`None`: not known).
    pub fn has_dead_letter(self) -> Option<bool> {
        self.data.dead_letter
    }

    /// The queue that keeps it.
    pub fn dead_letter(self) -> Option<NodeRef<'g>> {
        self.data.dead_letter_node.map(|node| self.graph.node_ref(node))
    }

    /// Whether a filter narrows it (`None`: not known).
    pub fn is_filtered(self) -> Option<bool> {
        self.data.filtered
    }

    /// The key prefix of a bucket's notification.
    pub fn prefix(self) -> Option<&'g str> {
        self.data.prefix.as_deref()
    }

    /// The key suffix of a bucket's notification.
    pub fn suffix(self) -> Option<&'g str> {
        self.data.suffix.as_deref()
    }

    /// The resource that declares it.
    pub fn resource(self) -> Option<Resource<'g>> {
        self.graph.template().resource(&self.data.owner)
    }

    /// Where it is written.
    pub fn origin(self) -> Origin {
        self.data.origin
    }
}

impl Graph {
    /// All deliveries, in template order by kind of source.
    pub fn deliveries(&self) -> impl Iterator<Item = Delivery<'_>> {
        self.details.deliveries.iter().map(|data| Delivery { graph: self, data })
    }

    /// The deliveries that reach `node`.
    pub fn deliveries_to<'g>(&'g self, node: NodeRef<'g>) -> impl Iterator<Item = Delivery<'g>> {
        self.deliveries().filter(move |delivery| delivery.data.target == Some(node.index()))
    }

    /// The deliveries that leave `node`.
    pub fn deliveries_from<'g>(&'g self, node: NodeRef<'g>) -> impl Iterator<Item = Delivery<'g>> {
        self.deliveries().filter(move |delivery| delivery.data.source == Some(node.index()))
    }
}
