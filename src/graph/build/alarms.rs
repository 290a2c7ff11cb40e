//! Metric and composite alarms.

use super::super::edge::EdgeKind;
use super::super::node::{NodeId, NodeKind};
use super::super::part::Part;
use super::super::resolve::Found;
use super::super::view::alarm::{Dimension, MetricData};
use super::super::{Graph, Text};
use super::Links;
use crate::template::unknown;

/// Metrics that alarms watch, and whom they tell.
pub(super) fn alarms(links: &mut Links<'_>) {
    let graph = links.graph;
    for node in graph.nodes_of(NodeKind::Alarm) {
        let Some(resource) = node.resource() else { continue };
        let part = Part::of(resource);
        for action in ["AlarmActions", "InsufficientDataActions", "OKActions"] {
            for target in part.each(&[action]) {
                links.to(node.index(), EdgeKind::Notifies, target.eval(), None, None);
            }
        }
        if resource.ty() == "AWS::CloudWatch::CompositeAlarm" {
            let rule = part.get(&["AlarmRule"]);
            let Some(text) = rule.symbolic() else { continue };
            let origin = rule.origin().unwrap_or_default();
            for child in children(graph, &text) {
                links.add(node.index(), EdgeKind::AlarmsOn, child, origin, None);
            }
            continue;
        }
        if part.has(&["MetricName"]) != Some(false) {
            metric(links, node.index(), &part);
        }
        for query in part.each(&["Metrics"]) {
            for stat in query.all(&["MetricStat", "Metric"]) {
                metric(links, node.index(), &stat);
            }
            expression(links, node.index(), &query);
        }
        // Neither form can be seen: a property is not known.
        if part.has(&["Metrics"]).is_none() || !part.is_known() {
            links.details.metrics.push(blank(node.index(), &part));
        }
    }
}

/// Metrics that alarms inside nested stacks watch, of resources that were passed to them.
pub(super) fn of_nested_stacks(links: &mut Links<'_>) {
    let graph = links.graph;
    for (id, child) in &graph.children {
        let Some(stack) = graph.by_id.get(id).copied() else { continue };
        for metric in &child.details.metrics {
            let received = match child.node_ref(metric.alarm) {
                alarm if alarm.kind() == NodeKind::Alarm => child.alarm_is_received(alarm),
                _ => metric.received,
            };
            let mut data =
                MetricData { alarm: stack, targets: Vec::new(), dimensions: Vec::new(), received, ..metric.clone() };
            for dimension in &metric.dimensions {
                let Some(value) = dimension.value.as_deref().and_then(unknown::of_parent) else { continue };
                data.add_targets(&dimension_targets(graph, &dimension.name, &value));
            }
            let exists = child.node_ref(metric.alarm).resource().is_none_or(|alarm| alarm.exists() != Some(false));
            if exists && !data.targets.is_empty() {
                for target in &data.targets {
                    links.add(stack, EdgeKind::AlarmsOn, *target, data.origin, None);
                }
                links.details.metrics.push(data);
            }
        }
    }
}

/// The alarms a rule such as `ALARM("Name") OR ALARM(arn)` names.
fn children(graph: &Graph, rule: &str) -> Vec<NodeId> {
    let mut found = graph.mentioned(rule, &[NodeKind::Alarm]);
    for piece in rule.split(['(', ')', '"', '\'']) {
        if let Found::Node(node, _) = graph.find_text(piece.trim(), Some(NodeKind::Alarm))
            && graph.net[node].kind == NodeKind::Alarm
            && !found.contains(&node)
        {
            found.push(node);
        }
    }
    found
}

fn blank(alarm: NodeId, part: &Part<'_>) -> MetricData {
    MetricData {
        alarm,
        namespace: None,
        name: None,
        dimensions: Vec::new(),
        targets: Vec::new(),
        unknown: true,
        query: false,
        received: None,
        origin: part.origin(),
    }
}

fn metric(links: &mut Links<'_>, alarm: NodeId, part: &Part<'_>) {
    let graph = links.graph;
    let namespace = part.text(&["Namespace"]);
    let mut data = MetricData {
        alarm,
        name: part.text(&["MetricName"]),
        dimensions: Vec::new(),
        targets: Vec::new(),
        unknown: !part.is_known(),
        query: false,
        received: None,
        origin: part.origin(),
        namespace,
    };
    data.unknown |= data.name.is_none();
    for item in part.each(&["Dimensions"]) {
        let name = item.text(&["Name"]);
        let values = item.all(&["Value"]);
        data.unknown |= name.is_none();
        let name = name.unwrap_or_default();
        for value in values {
            let text = value.eval().symbolic();
            let targets = text.as_deref().map(|text| dimension_targets(graph, &name, text)).unwrap_or_default();
            // A name that is known in full and is no resource's here is something else.
            data.unknown |= targets.is_empty() && text.as_deref().is_none_or(unknown::is_unknown);
            data.add_targets(&targets);
            let target = targets.first().copied();
            data.dimensions.push(Dimension { name: name.clone(), value: text, origin: value.origin(), target });
        }
    }
    let targets = std::mem::take(&mut data.targets);
    for target in &targets {
        links.add(alarm, EdgeKind::AlarmsOn, *target, data.origin, None);
    }
    data.targets = targets;
    links.details.metrics.push(data);
}

/// What the value of a dimension names: several, where REST APIs share a name, which their
/// metrics then share too.
fn dimension_targets(graph: &Graph, name: &str, value: &str) -> Vec<NodeId> {
    let kinds: &[NodeKind] = match name {
        // `Resource` is `function` or `function:alias`.
        "FunctionName" | "Resource" => &[NodeKind::Function],
        "QueueName" => &[NodeKind::Queue],
        "TopicName" => &[NodeKind::Topic],
        "StateMachineArn" => &[NodeKind::StateMachine],
        "TableName" => &[NodeKind::Table],
        "StreamName" => &[NodeKind::Stream],
        "DeliveryStreamName" => &[NodeKind::Firehose],
        "ApiName" => &[NodeKind::RestApi],
        "ApiId" => &[NodeKind::HttpApi, NodeKind::WebSocketApi],
        "BucketName" => &[NodeKind::Bucket],
        "RuleName" => &[NodeKind::Rule],
        "EventBusName" => &[NodeKind::Bus],
        "GraphQLAPIId" => &[NodeKind::GraphQlApi],
        "LogGroupName" => &[NodeKind::LogGroup],
        "PipeName" => &[NodeKind::Pipe],
        "Stage" => &[NodeKind::Stage],
        _ => &[],
    };
    let found = kinds.iter().find_map(|kind| graph.find_text(value, Some(*kind)).node().map(|node| (kind, node)));
    let Some((kind, node)) = found else { return Vec::new() };
    match graph.named(*kind, value) {
        sharing if sharing.contains(&node) => sharing.to_vec(),
        _ => vec![node],
    }
}

/// `SELECT … FROM SCHEMA(…)` and `SEARCH('{…}')` pick metrics by a query.
fn expression(links: &mut Links<'_>, alarm: NodeId, query: &Part<'_>) {
    let eval = query.get(&["Expression"]);
    let Some(origin) = eval.origin() else { return };
    let text = eval.symbolic();
    let picks = text.as_deref().is_none_or(|text| {
        let upper = text.to_ascii_uppercase();
        upper.contains("SELECT ") || upper.contains("SEARCH(")
    });
    if !picks {
        return;
    }
    let name: Option<Text> = text.as_deref().and_then(selected).map(Text::from);
    let mut data = blank(alarm, query);
    // Without a WHERE the query takes in every resource of the account.
    let all = text.as_deref().is_some_and(|text| !text.to_ascii_uppercase().contains(" WHERE "));
    data.unknown = !(all && name.is_some());
    data.query = data.unknown;
    data.name = name;
    data.origin = origin;
    links.details.metrics.push(data);
}

/// The metric of `SELECT SUM(Errors) FROM …`.
fn selected(text: &str) -> Option<&str> {
    let start = text.to_ascii_uppercase().find("SELECT ")?;
    let inner = text.get(start..)?.split_once('(')?.1.split_once(')')?.0;
    Some(inner.trim().trim_matches('"'))
}
