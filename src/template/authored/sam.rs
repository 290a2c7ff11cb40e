//! Names of properties in SAM resources and events.

use super::{Spot, is_map, plain};
use crate::document::{Document, NodeRef};
use crate::template::model::Resource;
use serde_json::{Value as Json, json};

/// Properties of a Lambda function that SAM hands on under their own names.
const FUNCTION: [&str; 15] = [
    "Architectures",
    "DurableConfig",
    "Environment",
    "EphemeralStorage",
    "FileSystemConfigs",
    "Handler",
    "KmsKeyArn",
    "Layers",
    "LoggingConfig",
    "MemorySize",
    "RecursiveLoop",
    "ReservedConcurrentExecutions",
    "Runtime",
    "SnapStart",
    "Timeout",
];

/// The keys below the body of a SAM resource of type `kind` for the property `path` of the
/// resource of type `made` that it becomes or brings along.
pub(super) fn of_resource(kind: &str, made: &str, path: &[&str], value: &Json) -> Option<(Vec<String>, Json)> {
    let kind = kind.strip_prefix("AWS::Serverless::")?;
    let (head, rest) = path.split_first()?;
    let same = |prefix: &[&str], path: &[&str]| {
        let keys = std::iter::once("Properties").chain(prefix.iter().copied()).chain(path.iter().copied());
        Some((keys.map(str::to_owned).collect(), value.clone()))
    };
    match (kind, made, *head) {
        ("Function", "AWS::Lambda::Function", "TracingConfig") if rest == ["Mode"] => same(&["Tracing"], &[]),
        ("Function", "AWS::Lambda::Function", "DeadLetterConfig") if rest == ["TargetArn"] => {
            let queue = json!({ "Type": "SQS", "TargetArn": value });
            Some((vec!["Properties".to_owned(), "DeadLetterQueue".to_owned()], queue))
        }
        ("Function", "AWS::Lambda::Function", name) if FUNCTION.contains(&name) => same(&[], path),
        ("Function", "AWS::Lambda::EventInvokeConfig", _) => same(&["EventInvokeConfig"], path),
        ("Function", "AWS::Lambda::Url", "AuthType") => same(&["FunctionUrlConfig"], path),
        ("Api", "AWS::ApiGateway::Stage", "TracingEnabled" | "AccessLogSetting" | "MethodSettings") => same(&[], path),
        ("Api", "AWS::ApiGateway::DomainName", "SecurityPolicy") => same(&["Domain"], path),
        ("HttpApi", "AWS::ApiGatewayV2::Stage", "AccessLogSettings" | "DefaultRouteSettings") => same(&[], path),
        ("StateMachine", "AWS::StepFunctions::StateMachine", "TracingConfiguration") => same(&["Tracing"], rest),
        ("StateMachine", "AWS::StepFunctions::StateMachine", "LoggingConfiguration") => same(&["Logging"], rest),
        ("GraphQLApi", "AWS::AppSync::GraphQLApi", "XrayEnabled") => same(&[], path),
        _ => None,
    }
}

/// What one key of `Globals` says for all resources of a kind, where none of several says it.
pub(super) fn shared<'d>(
    document: &'d Document,
    kind: &str,
    made: &str,
    path: &[&str],
    value: &Json,
) -> Option<Spot<'d>> {
    if kind != "AWS::Serverless::Function" || made != "AWS::Lambda::Function" || path != ["TracingConfig", "Mode"] {
        return None;
    }
    let bodies = document.root()?.get("Resources")?.pairs().map(|(_, body)| body);
    let functions: Vec<_> = bodies.filter(|body| body.get("Type").is_some_and(|ty| ty.text() == kind)).collect();
    let says = |body: &NodeRef<'_>| {
        let properties = body.get("Properties");
        properties.is_some_and(|map| map.get("Tracing").is_some() || !is_map(map))
    };
    (functions.len() > 1 && !functions.iter().any(says))
        .then(|| global(document, &["Function", "Tracing"], value.clone()))?
}

/// A key of `Globals`.
fn global<'d>(document: &'d Document, path: &[&str], value: Json) -> Option<Spot<'d>> {
    let root = document.root()?;
    let path: Vec<String> = std::iter::once("Globals").chain(path.iter().copied()).map(str::to_owned).collect();
    let head = ["AWSTemplateFormatVersion", "Transform", "Description"];
    let keys = root.pairs().filter_map(|(key, _)| head.into_iter().find(|name| *name == key.text()));
    let after = keys.last();
    plain(document, root, path, value).map(|spot| Spot { after, ..spot })
}

/// The place of a property of a generated resource whose cause is `node`.
pub(super) fn spot<'d>(
    document: &'d Document,
    node: NodeRef<'d>,
    resource: Resource<'_>,
    path: &[&str],
    value: &Json,
) -> Option<Spot<'d>> {
    let keys = node.path();
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    let ["Resources", id, rest @ ..] = keys.as_slice() else { return None };
    let body = document.root()?.get("Resources")?.get(id)?;
    let kind = body.get("Type")?.text();
    let ["Properties", "Events", name, ..] = rest else {
        let (path, value) = of_resource(kind, resource.ty(), path, value)?;
        return plain(document, body, path, value);
    };
    let event = body.get("Properties")?.get("Events")?.get(name).filter(|event| is_map(*event))?;
    let sort = event.get("Type")?.text();
    let strings = |path: &[&str]| path.iter().map(|key| (*key).to_owned()).collect::<Vec<_>>();
    let within = |path: &[&str]| {
        let path = std::iter::once("Properties").chain(path.iter().copied()).map(str::to_owned).collect();
        plain(document, event, path, value.clone())
    };
    match (sort, resource.ty(), path) {
        ("Api", "AWS::ApiGateway::Stage", ["TracingEnabled" | "AccessLogSetting" | "MethodSettings", ..]) => {
            global(document, &[&["Api"], path].concat(), value.clone())
        }
        ("HttpApi", "AWS::ApiGatewayV2::Stage", ["AccessLogSettings" | "DefaultRouteSettings", ..]) => {
            global(document, &[&["HttpApi"], path].concat(), value.clone())
        }
        (
            "SQS" | "Kinesis" | "DynamoDB" | "DocumentDB" | "MSK" | "MQ" | "SelfManagedKafka",
            "AWS::Lambda::EventSourceMapping",
            _,
        ) => match path {
            ["DestinationConfig", "OnFailure", "Destination"] => {
                let path = strings(&["Properties", "DestinationConfig", "OnFailure"]);
                plain(document, event, path, json!({ "Type": "SQS", "Destination": value }))
            }
            _ => within(path),
        },
        ("EventBridgeRule" | "CloudWatchEvent", "AWS::Events::Rule", ["Targets", "0", rest @ ..])
        | ("ScheduleV2", "AWS::Scheduler::Schedule", ["Target", rest @ ..]) => match rest {
            ["DeadLetterConfig" | "RetryPolicy", ..] => within(rest),
            _ => None,
        },
        ("SNS", "AWS::SNS::Subscription", ["RedrivePolicy", ..]) => within(path),
        _ => None,
    }
}
