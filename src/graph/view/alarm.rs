//! Alarms and the metrics they watch.

use super::super::node::NodeId;
use super::super::{Eval, Graph, NodeKind, NodeRef, Origin, Part, Text};

/// One metric of an alarm, or of an alarm inside a nested stack, for which the stack stands.
#[derive(Clone, Debug)]
pub(in crate::graph) struct MetricData {
    pub alarm: NodeId,
    /// `None` when it is not known.
    pub namespace: Option<Text>,
    /// `None` when it is not known.
    pub name: Option<Text>,
    pub dimensions: Vec<Dimension>,
    pub targets: Vec<NodeId>,
    /// Some dimension names something that is not known, or the metric itself is not known.
    pub unknown: bool,
    /// Part of an expression that picks metrics by a query.
    pub query: bool,
    /// Of an alarm inside a nested stack: whether somebody receives it.
    pub received: Option<bool>,
    pub origin: Origin,
}

impl MetricData {
    /// Adds resources that a dimension names, each once.
    pub(in crate::graph) fn add_targets(&mut self, targets: &[NodeId]) {
        for target in targets {
            if !self.targets.contains(target) {
                self.targets.push(*target);
            }
        }
    }
}

/// One dimension of a metric.
#[derive(Clone, Debug)]
pub struct Dimension {
    /// `FunctionName`; empty when it is not known.
    pub name: Text,
    /// Its value, unknown parts marked; `None` when nothing is known.
    pub value: Option<Text>,
    /// Where the value is written.
    pub origin: Origin,
    pub(in crate::graph) target: Option<NodeId>,
}

impl Dimension {
    /// The resource the value names.
    pub fn target<'g>(&self, graph: &'g Graph) -> Option<NodeRef<'g>> {
        self.target.map(|node| graph.node_ref(node))
    }
}

/// One metric that an alarm watches.
#[derive(Clone, Copy, Debug)]
pub struct Metric<'g> {
    graph: &'g Graph,
    data: &'g MetricData,
}

impl<'g> Metric<'g> {
    /// The alarm.
    pub fn alarm(self) -> NodeRef<'g> {
        self.graph.node_ref(self.data.alarm)
    }

    /// `AWS/Lambda`, when known.
    pub fn namespace(self) -> Option<&'g str> {
        self.data.namespace.as_deref()
    }

    /// `Errors`, when known.
    pub fn name(self) -> Option<&'g str> {
        self.data.name.as_deref()
    }

    /// Its dimensions.
    pub fn dimensions(self) -> &'g [Dimension] {
        &self.data.dimensions
    }

    /// The resources its dimensions name.
    pub fn targets(self) -> impl Iterator<Item = NodeRef<'g>> {
        self.data.targets.iter().map(|node| self.graph.node_ref(*node))
    }

    /// Where it is written.
    pub fn origin(self) -> Origin {
        self.data.origin
    }
}

impl Graph {
    /// All metrics of all alarms, in template order.
    pub fn alarm_metrics(&self) -> impl Iterator<Item = Metric<'_>> {
        self.details.metrics.iter().map(|data| Metric { graph: self, data })
    }

    /// Whether an alarm watches one of `metrics` of `node`, alone, in metric math or for the
    /// whole account. `None` when an alarm that is not known well enough, or one outside the
    /// template, may do so. An alarm whose condition is undecided counts as present.
    pub fn alarms_on(&self, node: NodeRef<'_>, metrics: &[&str]) -> Option<bool> {
        let (found, unknown) = self.metrics_on(node, metrics);
        if found.is_empty() { (!unknown).then_some(false) } else { Some(true) }
    }

    /// The alarms that watch one of `metrics` of `node`, each with whether somebody receives it;
    /// and whether others may do so that are not known well enough.
    pub(in crate::graph) fn watchers<'g>(
        &'g self,
        node: NodeRef<'_>,
        metrics: &[&str],
    ) -> (Vec<(NodeRef<'g>, Option<bool>)>, bool) {
        let (found, unknown) = self.metrics_on(node, metrics);
        let watchers = found.into_iter().map(|metric| {
            let alarm = self.node_ref(metric.alarm);
            let nested = alarm.kind() != NodeKind::Alarm;
            (alarm, if nested { metric.received } else { self.alarm_is_received(alarm) })
        });
        (watchers.collect(), unknown)
    }

    fn metrics_on(&self, node: NodeRef<'_>, metrics: &[&str]) -> (Vec<&MetricData>, bool) {
        let mut unknown = self.is_open();
        let mut found = Vec::new();
        let namespace = namespace_of(node.kind());
        for metric in &self.details.metrics {
            if let Some(name) = &metric.name
                && !metrics.iter().any(|wanted| wanted == name)
            {
                continue;
            }
            if let (Some(known), Some(wanted)) = (&metric.namespace, namespace)
                && known != wanted
            {
                continue;
            }
            let alarm = self.node_ref(metric.alarm);
            let exists =
                alarm.resource().and_then(super::super::Resource::exists) != Some(false) || alarm.resource().is_none();
            let watches = metric.targets.contains(&node.index())
                || (metric.dimensions.is_empty() && !metric.query && metric.name.is_some() && !metric.unknown);
            match (watches && metric.name.is_some(), exists) {
                (true, true) => found.push(metric),
                (true, false) => unknown = true,
                (false, _) => unknown |= metric.unknown || metric.query || metric.name.is_none() && watches,
            }
        }
        (found, unknown)
    }

    /// Whether the alarm tells anybody when it goes off: `AlarmActions` with at least one
    /// entry, and actions not switched off.
    pub fn alarm_notifies(&self, alarm: NodeRef<'_>) -> Option<bool> {
        let resource = alarm.resource().filter(|_| alarm.kind() == NodeKind::Alarm)?;
        match resource.property(&["ActionsEnabled"]) {
            Eval::Absent => {}
            enabled => match enabled.bool() {
                Some(true) => {}
                Some(false) => return Some(false),
                None => return None,
            },
        }
        let part = Part::of(resource);
        part.has(&["AlarmActions"])?;
        Some(!part.each(&["AlarmActions"]).is_empty())
    }
}

/// The namespace of the metrics a service publishes for a kind of resource.
pub fn namespace_of(kind: NodeKind) -> Option<&'static str> {
    Some(match kind {
        NodeKind::Function | NodeKind::Alias | NodeKind::Version => "AWS/Lambda",
        NodeKind::Queue => "AWS/SQS",
        NodeKind::Topic => "AWS/SNS",
        NodeKind::Bus | NodeKind::Rule => "AWS/Events",
        NodeKind::StateMachine => "AWS/States",
        NodeKind::Table => "AWS/DynamoDB",
        NodeKind::Stream => "AWS/Kinesis",
        NodeKind::Firehose => "AWS/Firehose",
        NodeKind::RestApi | NodeKind::HttpApi | NodeKind::WebSocketApi => "AWS/ApiGateway",
        NodeKind::GraphQlApi => "AWS/AppSync",
        NodeKind::Bucket => "AWS/S3",
        NodeKind::LogGroup => "AWS/Logs",
        _ => return None,
    })
}
