//! Remedies that several policies share: a number, an alarm, a dead-letter queue.

use crate::graph::{EdgeKind, EdgeRef, Graph, NodeKind, NodeRef, Part, Resource, Template, namespace_of};
use crate::policy::{Context, Remedy};
use serde_json::{Value as Json, json};

/// Sets a number that the service refuses to one that it takes.
pub(super) fn set(resource: Resource<'_>, path: &[&str], number: i64) -> Remedy {
    let name = path.last().copied().unwrap_or_default();
    Remedy::safe(format!("Set {name} of {} to {number}", resource.id())).put(resource, path, number)
}

/// Lowers the timeout of one function, whatever others share with it.
pub(super) fn timeout(function: Resource<'_>, seconds: i64) -> Remedy {
    let title = format!("Set the timeout of {} to {seconds} s", function.id());
    Remedy::risky(title).put_own(function, &["Timeout"], seconds)
}

/// `!Ref`
pub(super) fn reference(id: &str) -> Json {
    json!({ "Ref": id })
}

/// `!GetAtt id.attribute`
pub(super) fn attribute(id: &str, attribute: &str) -> Json {
    json!({ "Fn::GetAtt": [id, attribute] })
}

/// An alarm that goes off at the first sign. It tells whom other alarms of the template tell, or
/// a new topic.
pub(super) fn alarm(cx: &Context<'_>, node: NodeRef<'_>, metric: &str) -> Option<Remedy> {
    let resource = node.resource()?;
    let remedy = Remedy::risky(format!("Add an alarm on {metric} of {}", resource.id()));
    with_alarm(cx, remedy, resource, node.kind(), resource.id(), metric)
}

/// Adds to `remedy` an alarm on a metric of the resource `id`, which may be new; `subject` is
/// what it exists for.
fn with_alarm(
    cx: &Context<'_>,
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
        // Its dimension is the name, which no attribute has.
        NodeKind::RestApi => ("ApiName", api_name(subject)?),
        _ => return None,
    };
    let (statistic, threshold) = match metric {
        "IteratorAge" => ("Maximum", 60_000),
        "ApproximateNumberOfMessagesVisible" => ("Maximum", 0),
        _ => ("Sum", 0),
    };
    let (remedy, actions) = with_actions(cx, remedy)?;
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
    let alarm = cx.fresh_id(&format!("{id}{}Alarm", short(metric)));
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
fn with_actions(cx: &Context<'_>, remedy: Remedy) -> Option<(Remedy, Json)> {
    if let Some(actions) = actions(cx.graph) {
        return Some((remedy, actions));
    }
    let topic = "AlarmTopic";
    // Another fix may have made the topic already.
    let remedy = match cx.template().resource(topic) {
        Some(known) if known.ty() == "AWS::SNS::Topic" => remedy,
        Some(_) => return None,
        None => remedy.add_unconditional(topic, "AWS::SNS::Topic", json!({})),
    };
    Some((remedy, json!([reference(topic)])))
}

/// Lets an alarm tell somebody.
pub(super) fn tell(cx: &Context<'_>, alarm: Resource<'_>) -> Option<Remedy> {
    let remedy = Remedy::risky(format!("Let {} tell a topic", alarm.id()));
    let (remedy, actions) = with_actions(cx, remedy)?;
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

/// A property as it can be said again: an ARN or a reference.
pub(super) fn said(resource: Resource<'_>, name: &str) -> Option<Json> {
    let said = again(resource.template(), &crate::template::json::to_json(resource.properties()?.get(name)?))?;
    let named = said.get("Ref").and_then(Json::as_str);
    let template = resource.template();
    let exists = |id: &str| {
        template.resource(id).is_some() || template.section("Parameters").is_some_and(|all| all.contains_key(id))
    };
    named.is_none_or(exists).then_some(said)
}

/// A value as it is, if that holds anywhere: in a service file, texts hold only for one stage.
fn again(template: &Template, value: &Json) -> Option<Json> {
    let service = template.is_service();
    let known = match value {
        Json::String(text) => text.starts_with("arn:") && !service && !crate::template::unknown::is_unknown(text),
        Json::Object(map) => {
            let mut keys = map.keys().map(String::as_str);
            let key = keys.next().filter(|_| map.len() == 1);
            matches!(key, Some("Ref" | "Fn::GetAtt")) || key == Some("Fn::ImportValue") && !service
        }
        _ => false,
    };
    known.then(|| value.clone())
}

/// A new queue for what `subject` cannot deliver: its id, and the remedy with the queue. Where
/// alarms watch other things, one watches it.
pub(super) fn dead_letters(
    cx: &Context<'_>,
    remedy: Remedy,
    subject: Resource<'_>,
    fifo: bool,
) -> Option<(String, Remedy)> {
    let id = cx.fresh_id(&format!("{}DeadLetters", subject.id()));
    let properties = if fifo {
        json!({ "FifoQueue": true, "MessageRetentionPeriod": 1_209_600 })
    } else {
        json!({ "MessageRetentionPeriod": 1_209_600 })
    };
    let mut remedy = remedy.add(id.clone(), subject, "AWS::SQS::Queue", properties);
    if cx.graph.nodes_of(NodeKind::Alarm).next().is_some() {
        let metric = "ApproximateNumberOfMessagesVisible";
        remedy = with_alarm(cx, remedy, subject, NodeKind::Queue, &id, metric)?;
    }
    Some((id, remedy))
}

/// Lets a service put into a new queue what comes from `source`.
pub(super) fn let_send(
    cx: &Context<'_>,
    remedy: Remedy,
    subject: Resource<'_>,
    queue: &str,
    service: &str,
    source: &Json,
) -> Remedy {
    let statement = json!({
        "Effect": "Allow",
        "Principal": { "Service": service },
        "Action": "sqs:SendMessage",
        "Resource": attribute(queue, "Arn"),
        "Condition": { "ArnEquals": { "aws:SourceArn": source } },
    });
    let policy = json!({
        "Queues": [reference(queue)],
        "PolicyDocument": { "Version": "2012-10-17", "Statement": [statement] },
    });
    remedy.add(cx.fresh_id(&format!("{queue}Policy")), subject, "AWS::SQS::QueuePolicy", policy)
}

/// The ARN of a resource of the template.
pub(super) fn arn_of(node: NodeRef<'_>) -> Option<Json> {
    let id = node.logical_id()?;
    Some(match node.kind() {
        NodeKind::Topic => reference(id),
        NodeKind::Rule | NodeKind::Queue | NodeKind::Table | NodeKind::Stream => attribute(id, "Arn"),
        NodeKind::RestApi | NodeKind::HttpApi | NodeKind::WebSocketApi => {
            let api = "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}";
            json!({ "Fn::Sub": format!("{api}:${{{id}}}/*") })
        }
        _ => return None,
    })
}

/// Whether a queue is FIFO, as far as that is known.
pub(super) fn is_fifo(queue: Resource<'_>) -> Option<bool> {
    let fifo = Part::of(queue).get(&["FifoQueue"]);
    if fifo.is_absent() { Some(false) } else { fifo.bool() }
}

/// What calls a function, where it is one resource of the template of these kinds.
pub(super) fn only_caller<'g>(function: NodeRef<'g>, kinds: &[NodeKind]) -> Option<NodeRef<'g>> {
    let calls = [EdgeKind::InvokesAsync, EdgeKind::InvokesSync];
    let callers = function.incoming().filter(|edge| calls.contains(&edge.kind())).map(EdgeRef::source);
    let mut found: Option<NodeRef<'g>> = None;
    for caller in callers.filter(|caller| kinds.contains(&caller.kind())) {
        if found.is_some_and(|known| known != caller) {
            return None;
        }
        found = Some(caller);
    }
    found
}

/// A line of an access log that queries can read by field.
const LOG_FORMAT: &str = "{\"requestId\":\"$context.requestId\",\"ip\":\"$context.identity.sourceIp\",\
    \"time\":\"$context.requestTime\",\"method\":\"$context.httpMethod\",\"status\":\"$context.status\",\
    \"error\":\"$context.error.message\",\"integrationError\":\"$context.integrationErrorMessage\"}";

/// As [`LOG_FORMAT`], of HTTP and WebSocket APIs.
const LOG_FORMAT_OF_ROUTES: &str = "{\"requestId\":\"$context.requestId\",\"ip\":\"$context.identity.sourceIp\",\
    \"time\":\"$context.requestTime\",\"routeKey\":\"$context.routeKey\",\"status\":\"$context.status\",\
    \"error\":\"$context.error.message\",\"integrationError\":\"$context.integrationErrorMessage\"}";

/// A line of the access log of a stage.
pub(super) fn log_format(stage: Resource<'_>) -> &'static str {
    if stage.ty() == "AWS::ApiGatewayV2::Stage" { LOG_FORMAT_OF_ROUTES } else { LOG_FORMAT }
}
