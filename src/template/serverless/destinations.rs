//! Destinations, retries and age of asynchronous invocations.

use super::naming;
use super::output::{Output, Resource};
use super::service::{Function, Service, get, text, truthy};
use crate::template::lowering::Lowering;
use crate::template::problem::{Problem, ProblemKind};
use crate::template::value::{Maker, Value};

/// The invocation settings of `function`, if it has any.
pub fn invoke_config(service: &Service, function: &Function, out: &mut Output, cx: &mut Lowering<'_>) {
    let destinations = function.truthy("destinations");
    let age = function.truthy("maximumEventAge");
    let retries = function.get("maximumRetryAttempts");
    if destinations.is_none() && age.is_none() && retries.is_none() {
        return;
    }
    let origin = ["destinations", "maximumEventAge", "maximumRetryAttempts"]
        .iter()
        .find_map(|name| function.config.as_map()?.entry(name))
        .map_or(function.origin, |entry| entry.key_origin);
    let maker = Maker::new(origin);
    let mut config = Vec::new();
    for (name, property) in [("onSuccess", "OnSuccess"), ("onFailure", "OnFailure")] {
        let Some(target) = destinations.and_then(|all| get(all, &[name])).filter(|target| truthy(target)) else {
            continue;
        };
        let maker = Maker::new(target.origin);
        config.push((property, maker.map([("Destination", arn(service, target))])));
        if service.given_role(function).is_none() {
            permit(service, target, out, cx);
        }
    }
    let qualifier = function.alias.as_ref().map_or("$LATEST", |alias| alias.name);
    out.put(
        Resource::new(
            format!("{}LambdaEvConf", naming::normalized(&function.key)),
            "AWS::Lambda::EventInvokeConfig",
            maker,
        )
        .set("FunctionName", maker.reference(naming::function(&function.key)))
        .set("DestinationConfig", maker.map(config))
        .set("Qualifier", maker.str(qualifier))
        .opt("MaximumEventAgeInSeconds", age.cloned())
        .opt("MaximumRetryAttempts", retries.cloned())
        .after(function.alias_id()),
    );
}

fn arn(service: &Service, target: &Value) -> Value {
    if target.as_map().is_some() {
        return get(target, &["arn"]).cloned().unwrap_or_else(|| target.clone());
    }
    match target.as_str().and_then(|key| service.function(key)) {
        Some(function) => service.target(function, Maker::new(target.origin)),
        None => target.clone(),
    }
}

/// Lets the shared role reach `target`.
fn permit(service: &Service, target: &Value, out: &mut Output, cx: &mut Lowering<'_>) {
    let maker = Maker::new(target.origin);
    let (action, resource) = if target.as_map().is_some() {
        let action = match get(target, &["type"]).and_then(Value::as_str) {
            Some("function") => Some("lambda:InvokeFunction"),
            Some("sqs") => Some("sqs:SendMessage"),
            Some("sns") => Some("sns:Publish"),
            Some("eventBus") => Some("events:PutEvents"),
            _ => None,
        };
        (action, get(target, &["arn"]).cloned())
    } else {
        let address = target.as_str().unwrap_or_default();
        let named = service.function(address);
        let action = if !address.starts_with("arn:") || address.contains(":function:") {
            Some("lambda:InvokeFunction")
        } else if address.contains(":sqs:") {
            Some("sqs:SendMessage")
        } else if address.contains(":sns:") {
            Some("sns:Publish")
        } else if address.contains(":event-bus/") {
            Some("events:PutEvents")
        } else {
            None
        };
        let resource = match named {
            Some(function) => {
                let name = text(&function.name).unwrap_or_default();
                maker
                    .sub(format!("arn:${{AWS::Partition}}:lambda:${{AWS::Region}}:${{AWS::AccountId}}:function:{name}"))
            }
            None => target.clone(),
        };
        (action, Some(resource))
    };
    let Some(action) = action else {
        cx.report(
            Problem::new(
                ProblemKind::FrameworkConfiguration,
                target.origin,
                "this destination is neither a function, queue, topic nor event bus",
            )
            .help("give `type: function`, `sqs`, `sns` or `eventBus` with the `arn`")
            .code("UNSUPPORTED_DESTINATION_TARGET"),
        );
        return;
    };
    let mut entries = vec![("Effect", maker.str("Allow")), ("Action", maker.str(action))];
    entries.extend(resource.map(|resource| ("Resource", resource)));
    out.state(maker.map(entries));
}
