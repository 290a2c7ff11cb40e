//! What happens to asynchronous invocations, and where their results go.

use crate::template::sam::expander::Expander;
use crate::template::sam::iam;
use crate::template::sam::intrinsics::{self, IF_ARGUMENTS};
use crate::template::sam::naming;
use crate::template::sam::property::{Expect, Owner};
use crate::template::sam::python::{self, Lookup};
use crate::template::sam::refusal::{self, Outcome};
use crate::template::sam::resource::{Node, Resource};
use crate::template::value::{Maker, Value};

/// The configuration and its destinations go to `made`; answers the policies that the
/// function's role needs for them.
pub fn expand(
    cx: &mut Expander,
    node: &mut Node,
    alias: Option<&Resource>,
    qualifier: Option<Value>,
    made: &mut Vec<Resource>,
) -> Outcome<Vec<Value>> {
    if let Some(config) = node.properties.get_mut("EventInvokeConfig") {
        cx.parameters.resolve(config)?;
    }
    let Some(config) = node.get("EventInvokeConfig").cloned() else { return Ok(Vec::new()) };
    let id = format!("{}EventInvokeConfig", node.id);
    let mut resource = Resource::new(
        id.as_str(),
        "AWS::Lambda::EventInvokeConfig",
        node.key_origin,
        node.place("EventInvokeConfig"),
        node.attributes.clone(),
    )?;
    let make = resource.make();
    if let Some(alias) = alias {
        resource.depends_on = Some(make.list([make.str(alias.id.clone())]));
    }
    let mut policies = Vec::new();
    let mut destinations = Vec::new();
    if let Some(given) = config.truthy("DestinationConfig") {
        let owner = Owner::Resource(&node.id);
        given.expect_map(owner, "EventInvokeConfig.DestinationConfig")?;
        for name in ["OnSuccess", "OnFailure"] {
            let Some(destination) = given.some(name) else { continue };
            destination.expect_map(owner, &format!("EventInvokeConfig.DestinationConfig.{name}"))?;
            let place = Maker::new(destination.origin);
            let shared = cx.globals.is_some_and(|globals| globals.span().encloses(destination.span()));
            let known = cx.destinations.iter().find(|(origin, _)| shared && *origin == destination.origin);
            let mut destination = destination.clone();
            if let (Some((_, known)), Some(map)) = (known, destination.as_map_mut()) {
                // The reference writes what it makes for the first function into `Globals`.
                map.insert("Destination", known.clone());
            }
            let (queue, target, policy) = inject(cx, node, &destination, name, &id)?;
            if shared {
                cx.destinations.push((destination.origin, target.clone()));
            }
            destinations.push((name, place.map([("Destination", target)])));
            made.extend(queue);
            policies.extend(policy);
        }
    }
    resource.set("FunctionName", make.reference(node.id.clone()));
    resource.set("Qualifier", qualifier.unwrap_or_else(|| make.str("$LATEST")));
    resource.set("DestinationConfig", make.map(destinations));
    resource.set_some("MaximumEventAgeInSeconds", config.get("MaximumEventAgeInSeconds"));
    resource.set_some("MaximumRetryAttempts", config.get("MaximumRetryAttempts"));
    made.push(resource);
    Ok(policies)
}

type Injected = (Option<Resource>, Value, Option<Value>);

fn inject(cx: &mut Expander, node: &Node, config: &Value, event: &str, id: &str) -> Outcome<Injected> {
    const ACCEPTED: [&str; 5] = ["SQS", "SNS", "EventBridge", "Lambda", "S3Bucket"];
    let make = Maker::new(config.origin);
    let kind = config.some("Type");
    let Some(kind_name) = kind.and_then(Value::as_str).filter(|kind| ACCEPTED.contains(kind)) else {
        return node.refuse(
            kind.map_or(config.origin, |kind| kind.origin),
            format!("'Type: {}' must be one of {}", python::display_some(kind), python::repr_texts(&ACCEPTED)),
        );
    };
    let destination = config.some("Destination");
    let base = format!("{id}{event}");
    let conditional = match destination {
        Some(destination) => condition_of(cx, destination, id)?,
        None => None,
    };
    if let (Some(destination), None) = (destination, &conditional) {
        return Ok((None, destination.clone(), policy(make, kind_name, &base, destination.clone())));
    }
    let (suffix, resource_type) = match kind_name {
        "SQS" => ("Queue", "AWS::SQS::Queue"),
        "SNS" => ("Topic", "AWS::SNS::Topic"),
        _ => {
            return node.refuse(config.origin, "Destination is required if Type is not ['SQS', 'SNS']");
        }
    };
    let mut resource = node.made(format!("{base}{suffix}"), resource_type, config.origin)?;
    let own = node.attributes.some("Condition").and_then(Value::as_str);
    let combined = match (own, &conditional) {
        (Some(own), Some((condition, _))) => {
            let parts = [own, condition].map(|name| make.map([("Condition", make.str(name))]));
            // The reference wraps each condition twice.
            let wrapped = parts.map(|part| make.map([("Condition", part)]));
            let name = generated_name(&format!("{own}AND{condition}"), &node.id);
            cx.add_condition(name.as_str(), make.map([("Fn::And", make.list(wrapped))]));
            Some(name)
        }
        (Some(own), None) => Some(own.to_owned()),
        (None, Some((condition, _))) => Some(condition.clone()),
        (None, None) => None,
    };
    if let Some(combined) = combined {
        resource.attributes.insert("Condition", make.str(combined));
    }
    let own = if kind_name == "SQS" { resource.get_att("Arn") } else { resource.reference() };
    let target = match conditional {
        Some((condition, other)) => intrinsics::either(make, make.str(condition), own, other),
        None => own,
    };
    let policy = policy(make, kind_name, &base, target.clone());
    Ok((Some(resource), target, policy))
}

fn policy(make: Maker, kind: &str, id: &str, target: Value) -> Option<Value> {
    Some(match kind {
        "SQS" => iam::send_message(make, id, target),
        "SNS" => iam::publish(make, id, target),
        "EventBridge" => iam::put_events(make, id, target),
        "Lambda" => iam::invoke(make, id, target),
        "S3Bucket" => iam::put_object(make, id, target),
        _ => return None,
    })
}

/// The condition under which there is no destination, and the destination otherwise.
fn condition_of(cx: &mut Expander, destination: &Value, id: &str) -> Outcome<Option<(String, Value)>> {
    let Some(argument) = intrinsics::if_argument(destination) else { return Ok(None) };
    let Some((condition, then, otherwise)) = intrinsics::if_arguments(argument) else {
        return refusal::resource(id, destination.origin, format!("Malformed 'Destination' property: {IF_ARGUMENTS}."));
    };
    let name = condition.as_str().unwrap_or_default().to_owned();
    Ok(match (intrinsics::is_no_value(then), intrinsics::is_no_value(otherwise)) {
        (true, false) => Some((name, otherwise.clone())),
        (false, true) => {
            let make = Maker::new(condition.origin);
            let not = generated_name(&format!("NOT{name}"), id);
            let negated = make.map([("Fn::Not", make.list([make.map([("Condition", condition.clone())])]))]);
            cx.add_condition(not.as_str(), negated);
            Some((not, then.clone()))
        }
        _ => None,
    })
}

fn generated_name(name: &str, hashed: &str) -> String {
    format!("{name}{}", naming::hash_text(hashed))
}
