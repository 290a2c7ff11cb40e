//! Integrations of API Gateway, in the three ways they are written.

use super::super::edge::{EdgeKind, Qualifier};
use super::super::node::{NodeId, NodeKind};
use super::super::part::{Part, Setting};
use super::super::resolve::Found;
use super::super::view::api::{IntegrationData, IntegrationKind};
use super::super::{Eval, Graph, Origin, Text};
use super::{Links, edge};
use crate::template::unknown;

/// The names of an integration's settings.
pub(super) struct Keys {
    uri: &'static str,
    kind: &'static str,
    timeout: &'static str,
    subtype: &'static str,
    templates: &'static str,
    parameters: &'static str,
    transfer: &'static str,
}

/// `Integration` of a REST method.
pub(super) const METHOD: Keys = Keys {
    uri: "Uri",
    kind: "Type",
    timeout: "TimeoutInMillis",
    subtype: "",
    templates: "RequestTemplates",
    parameters: "RequestParameters",
    transfer: "ResponseTransferMode",
};

/// `AWS::ApiGatewayV2::Integration`
pub(super) const RESOURCE: Keys = Keys {
    uri: "IntegrationUri",
    kind: "IntegrationType",
    timeout: "TimeoutInMillis",
    subtype: "IntegrationSubtype",
    templates: "RequestTemplates",
    parameters: "RequestParameters",
    transfer: "",
};

/// `x-amazon-apigateway-integration`
pub(super) const OPENAPI: Keys = Keys {
    uri: "uri",
    kind: "type",
    timeout: "timeoutInMillis",
    subtype: "integrationSubtype",
    templates: "requestTemplates",
    parameters: "requestParameters",
    transfer: "responseTransferMode",
};

/// How long an API waits when nothing else is said, in milliseconds.
pub(super) fn default_timeout(api: Option<NodeKind>) -> i64 {
    if api == Some(NodeKind::HttpApi) { 30_000 } else { 29_000 }
}

/// Reads one integration; `place` is where it would stand.
pub(super) fn read(
    graph: &Graph,
    part: &Part<'_>,
    keys: &Keys,
    api: Option<NodeKind>,
    place: Origin,
) -> IntegrationData {
    let default = default_timeout(api);
    let kind = match part.eval() {
        Eval::Absent => IntegrationKind::Missing,
        _ => IntegrationKind::Unknown,
    };
    let origin = part.eval().origin().unwrap_or(place);
    let mut data = IntegrationData {
        kind,
        origin,
        timeout: part.int_or(&[keys.timeout], default),
        target: None,
        qualifier: Qualifier::None,
        action: None,
        streaming: Setting::Default(false, origin),
        asynchronous: Some(false),
        via: None,
    };
    if !part.is_known() {
        data.timeout = if part.eval().is_absent() {
            Setting::Default(default, place)
        } else {
            data.asynchronous = None;
            Setting::Unknown(origin)
        };
        return data;
    }
    if !keys.transfer.is_empty() {
        data.streaming = Setting::read(&part.get(&[keys.transfer]), false, origin, |eval| {
            eval.text().map(|text| text.eq_ignore_ascii_case("STREAM"))
        });
    }
    let sort = part.text(&[keys.kind]).map(|text| text.to_ascii_uppercase());
    match sort.as_deref() {
        Some("MOCK") => data.kind = IntegrationKind::Mock,
        Some("HTTP" | "HTTP_PROXY") => data.kind = IntegrationKind::Http,
        _ => target(graph, part, keys, &mut data),
    }
    data
}

fn target(graph: &Graph, part: &Part<'_>, keys: &Keys, data: &mut IntegrationData) {
    if !keys.subtype.is_empty()
        && let Some(subtype) = part.text(&[keys.subtype])
    {
        data.kind = IntegrationKind::Service;
        let action = subtype_action(&subtype);
        data.target = mentioned(graph, part, &[keys.parameters], service_kinds(&action));
        data.asynchronous = Some(action != "states:StartSyncExecution");
        data.action = Some(action.into());
        return;
    }
    let uri = part.get(&[keys.uri]);
    let Some(text) = uri.symbolic() else { return };
    if let Some(function) = function_of(&text) {
        data.kind = IntegrationKind::Function;
        if text.contains("/response-streaming-invocations") {
            data.streaming = Setting::Set(true, uri.origin().unwrap_or(data.origin));
        }
        (data.target, data.qualifier) = match graph.find_text(function, Some(NodeKind::Function)) {
            Found::Node(node, qualifier) => (Some(node), qualifier),
            _ => (None, Qualifier::Unknown),
        };
        data.asynchronous = asynchronous(part, keys);
    } else if let Some((service, rest)) = service_of(&text) {
        data.kind = IntegrationKind::Service;
        let action = service_action(service, rest);
        let kinds = service_kinds(&action);
        data.target = match graph.find_text(rest, kinds.first().copied()) {
            Found::Node(node, _) => Some(node),
            _ => None,
        };
        if data.target.is_none()
            && let Some(name) = rest.rsplit('/').next()
            && let Some(&kind) = kinds.first()
            && let Found::Node(node, _) = graph.find_text(name, Some(kind))
        {
            data.target = Some(node);
        }
        if data.target.is_none() {
            data.target = mentioned(graph, part, &[keys.templates, keys.parameters], kinds);
        }
        data.asynchronous = Some(matches!(
            &*action,
            "states:StartExecution" | "sqs:SendMessage" | "sns:Publish" | "events:PutEvents" | "kinesis:PutRecord"
        ));
        data.action = Some(action.into());
    } else if text.starts_with("http://") || text.starts_with("https://") {
        data.kind = IntegrationKind::Http;
    } else if let Found::Node(node, qualifier) = graph.find_text(&text, Some(NodeKind::Function)) {
        if graph.net[node].kind == NodeKind::Function {
            data.kind = IntegrationKind::Function;
            data.qualifier = qualifier;
            data.target = Some(node);
            data.asynchronous = asynchronous(part, keys);
        } else {
            data.kind = IntegrationKind::Http;
        }
    } else if text.starts_with("arn:") && text.contains(":lambda:") {
        data.kind = IntegrationKind::Function;
        data.qualifier = Qualifier::Unknown;
    }
}

/// A call of a function is asynchronous when the integration sets the invocation type.
fn asynchronous(part: &Part<'_>, keys: &Keys) -> Option<bool> {
    let mut asynchronous = Some(false);
    for (name, _, value) in part.entries(&[keys.parameters]) {
        if name.eq_ignore_ascii_case("integration.request.header.X-Amz-Invocation-Type") {
            asynchronous = value.eval().text().map(|text| text.trim_matches('\'') == "Event");
        }
    }
    asynchronous
}

/// The function's part of `arn:aws:apigateway:…:lambda:path/…/functions/ARN/invocations`.
pub(super) fn function_of(uri: &str) -> Option<&str> {
    let (head, function) = uri.split_once("/functions/")?;
    if !head.contains("lambda:path/") {
        return None;
    }
    let end = function.rfind("/invocations").or_else(|| function.rfind("/response-streaming-invocations"));
    Some(&function[..end.unwrap_or(function.len())])
}

/// Service and rest of `arn:aws:apigateway:region:service:rest`.
fn service_of(uri: &str) -> Option<(&str, &str)> {
    let mut rest = uri;
    let mut parts = [""; 5];
    for part in &mut parts {
        let at = unknown::find_outside(rest, |c| c == ':')?;
        (*part, rest) = (&rest[..at], &rest[at + 1..]);
    }
    (parts[0] == "arn" && parts[2] == "apigateway").then_some((parts[4], rest))
}

fn service_action(service: &str, rest: &str) -> String {
    // A subdomain may stand before the service.
    let service = service.rsplit('.').next().unwrap_or(service);
    let action = rest.strip_prefix("action/").map(|action| action.split('/').next().unwrap_or(action));
    match (service, action) {
        ("sqs", None) => "sqs:SendMessage".into(),
        (_, Some(action)) => format!("{service}:{action}"),
        _ => format!("{service}:"),
    }
}

fn subtype_action(subtype: &str) -> String {
    let (service, action) = subtype.split_once('-').unwrap_or((subtype, ""));
    let service = match service {
        "SQS" => "sqs",
        "StepFunctions" => "states",
        "EventBridge" => "events",
        "Kinesis" => "kinesis",
        "AppConfig" => "appconfig",
        other => other,
    };
    format!("{service}:{action}")
}

/// What sort of resource an action works on.
fn service_kinds(action: &str) -> &'static [NodeKind] {
    match action.split(':').next().unwrap_or_default() {
        "sqs" => &[NodeKind::Queue],
        "sns" => &[NodeKind::Topic],
        "states" => &[NodeKind::StateMachine],
        "events" => &[NodeKind::Bus],
        "kinesis" => &[NodeKind::Stream],
        "firehose" => &[NodeKind::Firehose],
        "dynamodb" => &[NodeKind::Table],
        "s3" => &[NodeKind::Bucket],
        _ => &[],
    }
}

/// The first resource of one of `kinds` that the texts below `names` refer to.
fn mentioned(graph: &Graph, part: &Part<'_>, names: &[&str], kinds: &[NodeKind]) -> Option<NodeId> {
    for name in names {
        for (_, _, value) in part.entries(&[name]) {
            let Some(text) = value.eval().symbolic() else { continue };
            if let Some(node) = graph.mentioned(&text, kinds).first() {
                return Some(*node);
            }
            // The whole value may be a name, an ARN or a URL.
            if let Found::Node(node, _) = graph.find_text(text.trim_matches(['"', '\'']), kinds.first().copied()) {
                return Some(node);
            }
        }
    }
    None
}

/// What the edge of an action means.
pub(super) fn action_edge(action: &str) -> EdgeKind {
    let (service, name) = action.split_once(':').unwrap_or((action, ""));
    match (service, name) {
        ("states", "StartSyncExecution") | ("lambda", _) => EdgeKind::InvokesSync,
        ("states", "StartExecution") => EdgeKind::InvokesAsync,
        ("dynamodb", _) if ["Get", "Query", "Scan", "BatchGet", "TransactGet"].iter().any(|p| name.starts_with(p)) => {
            EdgeKind::Reads
        }
        ("dynamodb", _) => EdgeKind::Writes,
        ("s3", _) => EdgeKind::DependsOn,
        ("sqs", "ReceiveMessage" | "DeleteMessage") => EdgeKind::Reads,
        ("sqs" | "sns" | "events" | "kinesis" | "firehose", _) => EdgeKind::Publishes,
        _ => EdgeKind::DependsOn,
    }
}

/// The edge from a route to what its integration calls.
pub(super) fn link(links: &mut Links<'_>, route: NodeId, integration: &IntegrationData) {
    let Some(target) = integration.target else { return };
    let kind = match integration.kind {
        IntegrationKind::Function if integration.asynchronous == Some(true) => EdgeKind::InvokesAsync,
        IntegrationKind::Function => EdgeKind::InvokesSync,
        IntegrationKind::Service => action_edge(integration.action.as_deref().unwrap_or_default()),
        _ => EdgeKind::DependsOn,
    };
    let via: Option<Text> = integration.via.clone();
    let mut edge = edge(kind, integration.qualifier, integration.origin, None);
    edge.via = via;
    links.add_edge(route, target, edge);
}
