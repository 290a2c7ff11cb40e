//! Alarms that are missing.

use super::written::{again, attribute, reference};
use crate::graph::{Graph, NodeKind, NodeRef, Resource, namespace_of};
use crate::policy::Remedy;
use serde_json::{Value as Json, json};

/// Adds an alarm on a metric of a resource, which goes off at the first sign. It tells whom other alarms of the template tell, or
/// a new topic.
pub fn add_alarm(node: NodeRef<'_>, metric: &str) -> Option<Remedy> {
    let resource = node.resource()?;
    let remedy = Remedy::risky(format!("Add an alarm on {metric} of {}", resource.id()));
    with_alarm(node.graph(), remedy, resource, node.kind(), resource.id(), metric)
}

/// Adds to `remedy` an alarm on a metric of the resource `id`, which may be new; `subject` is
/// what it exists for.
pub(super) fn with_alarm(
    graph: &Graph,
    remedy: Remedy,
    subject: Resource<'_>,
    kind: NodeKind,
    id: &str,
    metric: &str,
) -> Option<Remedy> {
    let (dimension, value) = match kind {
        NodeKind::Function => ("FunctionName", reference(id)),
        NodeKind::Queue => ("QueueName", attribute(id, "QueueName")),
        NodeKind::StateMachine => ("StateMachineArn", reference(id)),
        NodeKind::HttpApi | NodeKind::WebSocketApi => ("ApiId", reference(id)),
        NodeKind::Table => ("TableName", reference(id)),
        NodeKind::Topic => ("TopicName", attribute(id, "TopicName")),
        NodeKind::Rule => ("RuleName", reference(id)),
        // Its dimension is the name, which no attribute has.
        NodeKind::RestApi => ("ApiName", api_name(subject)?),
        _ => return None,
    };
    let (statistic, threshold) = match metric {
        // How long is too long, only the author knows.
        "Duration" | "Latency" => return None,
        "IteratorAge" => ("Maximum", 60_000),
        "ApproximateAgeOfOldestMessage" => ("Maximum", 300),
        "ApproximateNumberOfMessagesVisible" => ("Maximum", 0),
        _ => ("Sum", 0),
    };
    let (remedy, actions) = with_actions(graph, remedy)?;
    let properties = json!({
        "Namespace": namespace_of(kind)?,
        "MetricName": metric,
        "Dimensions": [{ "Name": dimension, "Value": value }],
        "Statistic": statistic,
        "Period": 60,
        "EvaluationPeriods": 1,
        "Threshold": threshold,
        "ComparisonOperator": "GreaterThanThreshold",
        "TreatMissingData": "notBreaching",
        "AlarmActions": actions,
    });
    let alarm = graph.template().fresh_id(&format!("{id}{}Alarm", short(metric)));
    Some(remedy.add(alarm, subject, "AWS::CloudWatch::Alarm", properties))
}

/// The name of a REST API, under which it reports. In a service file a text holds only for one
/// stage.
fn api_name(api: Resource<'_>) -> Option<Json> {
    let properties = api.properties()?;
    let name = properties.get("Name").or_else(|| properties.at(&["Body", "info", "title"]))?;
    let name = crate::template::json::to_json(name);
    let plain = name.as_str().is_some_and(|text| !crate::template::unknown::is_unknown(text));
    let refers = ["Ref", "Fn::Sub"].iter().any(|key| name.get(key).is_some_and(Json::is_string));
    (refers || plain && !api.template().is_service()).then_some(name)
}

/// Whom an alarm tells: those whom others tell, or a new topic.
fn with_actions(graph: &Graph, remedy: Remedy) -> Option<(Remedy, Json)> {
    if let Some(actions) = actions(graph) {
        return Some((remedy, actions));
    }
    let topic = "AlarmTopic";
    // Another fix may have made the topic already.
    let remedy = match graph.template().resource(topic) {
        Some(known) if known.ty() == "AWS::SNS::Topic" => remedy,
        Some(_) => return None,
        None => remedy.add_unconditional(topic, "AWS::SNS::Topic", json!({})),
    };
    Some((remedy, json!([reference(topic)])))
}

/// Lets an alarm tell somebody.
pub(super) fn tell(graph: &Graph, alarm: Resource<'_>) -> Option<Remedy> {
    let remedy = Remedy::risky(format!("Let {} tell a topic", alarm.id()));
    let (remedy, actions) = with_actions(graph, remedy)?;
    Some(remedy.put(alarm, &["AlarmActions"], actions))
}

/// A metric in the name of an alarm.
fn short(metric: &str) -> &str {
    match metric {
        "ApproximateNumberOfMessagesVisible" => "Depth",
        metric => metric,
    }
}

/// Whom the first alarm of the template that tells somebody tells, as far as that can be said
/// again: references and texts.
fn actions(graph: &Graph) -> Option<Json> {
    graph.nodes_of(NodeKind::Alarm).filter(|alarm| graph.alarm_notifies(*alarm) == Some(true)).find_map(|alarm| {
        let resource = alarm.resource().filter(|alarm| alarm.exists() == Some(true))?;
        let list = resource.properties()?.get("AlarmActions")?.as_list()?;
        let again = |action| again(graph.template(), &crate::template::json::to_json(action));
        let said: Option<Vec<Json>> = list.iter().map(again).collect();
        said.filter(|said| !said.is_empty() && !resource.origin().is_generated()).map(Json::Array)
    })
}
