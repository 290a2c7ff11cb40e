//! Names of properties in service files.

use super::{Spot, is_map, plain};
use crate::document::{Document, Kind, NodeRef};
use crate::template::model::Resource;
use serde_json::{Value as Json, json};

/// Properties of a Lambda function with the key that functions, and mostly the provider, have
/// for them.
const FUNCTION: [(&[&str], &[&str]); 8] = [
    (&["Timeout"], &["timeout"]),
    (&["MemorySize"], &["memorySize"]),
    (&["Runtime"], &["runtime"]),
    (&["ReservedConcurrentExecutions"], &["reservedConcurrency"]),
    (&["KmsKeyArn"], &["kmsKeyArn"]),
    (&["EphemeralStorage", "Size"], &["ephemeralStorageSize"]),
    (&["LoggingConfig", "LogFormat"], &["logs", "logFormat"]),
    (&["Handler"], &["handler"]),
];

/// Properties of an event source mapping with the keys of `sqs` and `stream` events.
const MAPPING: [(&[&str], &[&str], &str); 13] = [
    (&["BatchSize"], &["sqs", "stream", "kafka", "msk", "activemq", "rabbitmq"], "batchSize"),
    (&["FunctionResponseTypes"], &["sqs", "stream"], "functionResponseType"),
    (&["MaximumBatchingWindowInSeconds"], &["sqs"], "maximumBatchingWindow"),
    (&["MaximumBatchingWindowInSeconds"], &["stream"], "batchWindow"),
    (&["MaximumBatchingWindowInSeconds"], &["kafka", "msk"], "maximumBatchingWindow"),
    (&["ScalingConfig", "MaximumConcurrency"], &["sqs"], "maximumConcurrency"),
    (&["BisectBatchOnFunctionError"], &["stream"], "bisectBatchOnFunctionError"),
    (&["MaximumRetryAttempts"], &["stream"], "maximumRetryAttempts"),
    (&["MaximumRecordAgeInSeconds"], &["stream"], "maximumRecordAgeInSeconds"),
    (&["ParallelizationFactor"], &["stream"], "parallelizationFactor"),
    (&["TumblingWindowInSeconds"], &["stream"], "tumblingWindowInSeconds"),
    (&["StartingPosition"], &["stream", "kafka", "msk"], "startingPosition"),
    (&["DestinationConfig", "OnFailure", "Destination"], &["stream"], "destinations"),
];

/// The place of a property of a generated resource whose cause is `node`.
pub(super) fn spot<'d>(
    document: &'d Document,
    node: NodeRef<'d>,
    resource: Resource<'_>,
    path: &[&str],
    value: &Json,
) -> Option<Spot<'d>> {
    let root = document.root()?;
    let keys = node.path();
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    let made = resource.ty();
    match keys.as_slice() {
        ["functions", name, rest @ ..] => {
            let list = root.get("functions").filter(|list| list.kind() == Kind::Seq);
            let (function, rest) = match list {
                // A list of maps with one function each.
                Some(list) => {
                    let item = list.children().nth(name.parse().ok()?)?;
                    let (name, rest) = rest.split_first()?;
                    (item.get(name)?, rest)
                }
                None => (root.get("functions")?.get(name)?, rest),
            };
            if !is_map(function) {
                return None;
            }
            match rest {
                ["events", index, kind, ..] => {
                    let item = function.get("events")?.children().nth(index.parse().ok()?)?;
                    of_event(document, item, kind, made, path, value)
                        .or_else(|| of_provider(document, root, kind, made, path, value))
                }
                _ => of_function(document, root, function, made, path, value),
            }
        }
        ["stepFunctions", "stateMachines", name] => {
            let machine = root.get("stepFunctions")?.get("stateMachines")?.get(name).filter(|one| is_map(*one))?;
            of_machine(document, machine, path, value)
        }
        _ => None,
    }
}

fn of_function<'d>(
    document: &'d Document,
    root: NodeRef<'d>,
    function: NodeRef<'d>,
    made: &str,
    path: &[&str],
    value: &Json,
) -> Option<Spot<'d>> {
    let provider = root.get("provider").filter(|one| is_map(*one))?;
    let below = |map, path: &[&str], value: Json| {
        plain(document, map, path.iter().map(|key| (*key).to_owned()).collect(), value)
    };
    // What the provider says for all functions is changed there.
    let own_or_shared = |path: &[&str], value: Json| {
        let first = path.first()?;
        let shared = function.get(first).is_none() && provider.get(first).is_some();
        below(if shared { provider } else { function }, path, value)
    };
    match (made, path) {
        ("AWS::Lambda::Function", ["TracingConfig", "Mode"]) => {
            let mut functions = root.get("functions")?.pairs().map(|(_, function)| function);
            if functions.any(|one| !is_map(one) || one.get("tracing").is_some()) {
                return below(function, &["tracing"], value.clone());
            }
            below(provider, &["tracing", "lambda"], Json::Bool(value == "Active"))
        }
        ("AWS::Lambda::Function", ["Architectures"]) => own_or_shared(&["architecture"], value.get(0)?.clone()),
        // The framework gives the role the right to send there, which it does not for `onError`.
        ("AWS::Lambda::Function", ["DeadLetterConfig", "TargetArn"]) => {
            below(function, &["destinations", "onFailure"], json!({ "type": "sqs", "arn": value }))
        }
        ("AWS::Lambda::Function", ["SnapStart"]) => below(function, &["snapStart"], value.clone()),
        ("AWS::Lambda::Function", ["SnapStart", "ApplyOn"]) => {
            below(function, &["snapStart"], Json::Bool(value == "PublishedVersions"))
        }
        ("AWS::Lambda::Function", _) => {
            let (_, keys) = FUNCTION.iter().find(|(property, _)| *property == path)?;
            own_or_shared(keys, value.clone())
        }
        ("AWS::Logs::LogGroup", ["RetentionInDays"]) => below(provider, &["logRetentionInDays"], value.clone()),
        ("AWS::Lambda::EventInvokeConfig", ["MaximumRetryAttempts"]) => {
            below(function, &["maximumRetryAttempts"], value.clone())
        }
        ("AWS::Lambda::EventInvokeConfig", ["MaximumEventAgeInSeconds"]) => {
            below(function, &["maximumEventAge"], value.clone())
        }
        ("AWS::Lambda::Url", ["AuthType"]) => {
            let authorizer = if value == "AWS_IAM" { "aws_iam" } else { return None };
            match function.get("url") {
                Some(url) if !is_map(url) => below(function, &["url"], json!({ "authorizer": authorizer })),
                _ => below(function, &["url", "authorizer"], authorizer.into()),
            }
        }
        _ => None,
    }
}

fn of_event<'d>(
    document: &'d Document,
    item: NodeRef<'d>,
    kind: &str,
    made: &str,
    path: &[&str],
    value: &Json,
) -> Option<Spot<'d>> {
    let own = |keys: &[&str], value: Json, short_for| {
        let path = std::iter::once(kind).chain(keys.iter().copied()).map(str::to_owned).collect();
        plain(document, item, path, value).map(|spot| Spot { short_for, ..spot })
    };
    match (made, kind, path) {
        ("AWS::Lambda::EventSourceMapping", _, _) => {
            let (_, _, key) = MAPPING.iter().find(|(property, kinds, _)| *property == path && kinds.contains(&kind))?;
            let value = match *key {
                "functionResponseType" => value.get(0)?.clone(),
                "destinations" => {
                    let queue = value.get("Fn::GetAtt")?;
                    let arn = json!({ "arn": { "Fn::GetAtt": queue }, "type": "sqs" });
                    return own(&["destinations", "onFailure"], arn, Some("arn"));
                }
                _ => value.clone(),
            };
            own(&[key], value, Some("arn"))
        }
        ("AWS::Events::Rule", "eventBridge", ["Targets", "0", "DeadLetterConfig", "Arn"]) => {
            own(&["deadLetterQueueArn"], value.clone(), None)
        }
        ("AWS::SNS::Subscription", "sns", ["RedrivePolicy", "deadLetterTargetArn"]) => {
            let queue = value.get("Fn::GetAtt")?.get(0)?;
            own(&["redrivePolicy", "deadLetterTargetRef"], queue.clone(), None)
        }
        _ => None,
    }
}

/// What the provider says about the API that events of its functions make.
fn of_provider<'d>(
    document: &'d Document,
    root: NodeRef<'d>,
    kind: &str,
    made: &str,
    path: &[&str],
    value: &Json,
) -> Option<Spot<'d>> {
    let provider = root.get("provider").filter(|one| is_map(*one))?;
    let below = |path: &[&str], value: Json| {
        plain(document, provider, path.iter().map(|key| (*key).to_owned()).collect(), value)
    };
    match (made, path) {
        ("AWS::ApiGateway::Stage" | "AWS::ApiGateway::Deployment", ["TracingEnabled"]) => {
            below(&["tracing", "apiGateway"], value.clone())
        }
        ("AWS::ApiGateway::Stage" | "AWS::ApiGateway::Deployment", ["AccessLogSetting"]) => {
            below(&["logs", "restApi"], Json::Bool(true))
        }
        ("AWS::ApiGatewayV2::Stage", ["AccessLogSettings"]) => {
            below(&["logs", if kind == "websocket" { "websocket" } else { "httpApi" }], Json::Bool(true))
        }
        _ => None,
    }
}

fn of_machine<'d>(document: &'d Document, machine: NodeRef<'d>, path: &[&str], value: &Json) -> Option<Spot<'d>> {
    let below = |path: &[&str], value: Json| {
        plain(document, machine, path.iter().map(|key| (*key).to_owned()).collect(), value)
    };
    match path {
        ["TracingConfiguration", "Enabled"] => below(&["tracingConfig", "enabled"], value.clone()),
        _ => None,
    }
}
