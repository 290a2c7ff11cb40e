//! Remedies that several policies share: a number, a dead-letter queue, a permission.

use super::new_alarm::with_alarm;
use super::written::{attribute, reference};
use crate::graph::{EdgeKind, EdgeRef, Effect, NodeKind, NodeRef, Part, Resource, RoleOf, Statement, Term};
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
        remedy = with_alarm(cx.graph, remedy, subject, NodeKind::Queue, &id, metric)?;
    }
    Some((id, remedy))
}

/// Lets a function do `action` on `resource`, by an inline policy `name` of its role, where the template
/// has the role and it surely does not allow that on everything. None where a role that is always there
/// would name a resource that is not.
pub(super) fn let_function(
    remedy: Remedy,
    function: NodeRef<'_>,
    name: &str,
    action: &str,
    resource: &Json,
) -> Option<Remedy> {
    let RoleOf::Role(role) = function.graph().role_of(function) else { return Some(remedy) };
    let Some(holder) = role.node().resource().filter(|holder| !holder.origin().is_generated()) else {
        return Some(remedy);
    };
    let allows =
        |statement: &&Statement| statement.effect == Effect::Allow && statement.covers_action(action) == Some(true);
    let own: Vec<&Statement> = role.statements().iter().filter(allows).collect();
    let lacks = match role.allows(action, None) {
        Some(false) => true,
        // Statements that name resources name no new one; managed policies are for all.
        Some(true) => {
            let for_all = |statement: &&Statement| statement.resources.iter().any(Term::is_wildcard);
            role.is_complete() && !own.is_empty() && !own.iter().any(for_all)
        }
        None => false,
    };
    if !lacks {
        return Some(remedy);
    }
    let condition = function.resource().and_then(Resource::condition);
    if !resource.is_string() && condition.is_some() && condition != holder.condition() {
        return None;
    }
    let statement = json!({ "Effect": "Allow", "Action": action, "Resource": resource });
    let document = json!({ "Version": "2012-10-17", "Statement": [statement] });
    let policy = json!({ "PolicyName": name, "PolicyDocument": document });
    Some(match holder.properties().and_then(|properties| properties.get("Policies")) {
        Some(policies) => remedy.append(policies.origin, policy),
        None => remedy.put(holder, &["Policies"], json!([policy])),
    })
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
