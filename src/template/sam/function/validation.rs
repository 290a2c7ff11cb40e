//! What combinations of properties a function may have.

use crate::template::sam::events;
use crate::template::sam::expander::Expander;
use crate::template::sam::property::{Expect, Owner};
use crate::template::sam::python::{self, Lookup};
use crate::template::sam::refusal::Outcome;
use crate::template::sam::resource::{Node, Resource};
use crate::template::sam::shape::{self, Field, INTEGER, MAY, MUST, Shape, TEXT};
use crate::template::value::{Kind, Maker, Map, Origin, Value};

/// Properties that exclude or need one another.
pub fn rules(node: &Node) -> Outcome<()> {
    let mut found: Vec<(Origin, String)> = Vec::new();
    for other in ["ProvisionedConcurrencyConfig", "VpcConfig"] {
        if let (Some(_), Some(value)) = (node.get("CapacityProviderConfig"), node.get(other)) {
            found.push((value.origin, format!("Cannot specify 'CapacityProviderConfig' and '{other}' together.")));
        }
    }
    for (property, needed) in
        [("FunctionScalingConfig", "CapacityProviderConfig"), ("VersionDeletionPolicy", "AutoPublishAlias")]
    {
        if let (Some(value), None) = (node.get(property), node.get(needed)) {
            found.push((value.origin, format!("'{property}' requires '{needed}'.")));
        }
    }
    match found.first() {
        Some((origin, _)) => {
            let texts: Vec<&str> = found.iter().map(|(_, text)| text.as_str()).collect();
            node.refuse(*origin, texts.join("\n"))
        }
        None => Ok(()),
    }
}

/// The dead-letter queue.
pub fn dead_letter_queue(node: &Node) -> Outcome<()> {
    let Some(queue) = node.truthy("DeadLetterQueue") else { return Ok(()) };
    let (Some(kind), Some(_)) = (queue.truthy("Type"), queue.truthy("TargetArn")) else {
        return node.refuse(queue.origin, "'DeadLetterQueue' requires Type and TargetArn properties to be specified.");
    };
    let name = kind.expect_str(Owner::Resource(&node.id), "DeadLetterQueue.Type")?;
    if matches!(name, "SQS" | "SNS") {
        return Ok(());
    }
    node.refuse(kind.origin, "'DeadLetterQueue' requires Type of ['SQS', 'SNS']")
}

/// What tenancy excludes.
pub fn tenancy(cx: &Expander, node: &Node) -> Outcome<()> {
    if node.truthy("TenancyConfig").is_none() {
        return Ok(());
    }
    for (property, name) in [
        ("ProvisionedConcurrencyConfig", "Provisioned concurrency"),
        ("FunctionUrlConfig", "Function URL"),
        ("SnapStart", "SnapStart"),
    ] {
        if let Some(value) = node.truthy(property) {
            let text = format!("{name} is not supported for functions enabled with tenancy configuration.");
            return node.refuse(value.origin, text);
        }
    }
    for event in events::written(cx, node) {
        let kind = event.value.some("Type");
        if !kind.and_then(Value::as_str).is_some_and(|kind| matches!(kind, "Api" | "HttpApi")) {
            return node.refuse(
                event.key_origin,
                format!(
                    "Event source '{}' is not supported for functions enabled with tenancy configuration. Only Api and HttpApi event sources are supported.",
                    python::display_some(kind)
                ),
            );
        }
    }
    Ok(())
}

/// What the package type asks for and excludes.
pub fn package_type(node: &Node, function: &Resource) -> Outcome<()> {
    let properties = &function.properties;
    let package = node.truthy("PackageType");
    let image = properties.get("Code").and_then(|code| code.truthy("ImageUri"));
    match package.map_or(Some("Zip"), Value::as_str) {
        Some("Zip") => {
            if properties.truthy("Runtime").is_none() || properties.truthy("Handler").is_none() {
                return node.refuse(
                    node.properties_origin,
                    "Runtime and Handler needs to be present when PackageType is of type `Zip`",
                );
            }
            match image.or_else(|| properties.truthy("ImageConfig")) {
                Some(image) => node.refuse(
                    image.origin,
                    "ImageUri or ImageConfig cannot be present when PackageType is of type `Zip`",
                ),
                None => Ok(()),
            }
        }
        Some("Image") => {
            let excluded = ["Handler", "Runtime", "Layers"].iter().find_map(|name| properties.truthy(name));
            if let Some(excluded) = excluded {
                return node.refuse(
                    excluded.origin,
                    "Runtime, Handler, Layers cannot be present when PackageType is of type `Image`",
                );
            }
            if image.is_none() {
                return node.refuse(
                    node.properties_origin,
                    "ImageUri needs to be present when PackageType is of type `Image`",
                );
            }
            Ok(())
        }
        _ => node.refuse(
            package.map_or(node.properties_origin, |package| package.origin),
            "PackageType needs to be `Zip` or `Image`",
        ),
    }
}

const CAPACITY_PROVIDER: &[Field] = &[
    Field("Arn", MUST, TEXT),
    Field("PerExecutionEnvironmentMaxConcurrency", MAY, INTEGER),
    Field("ExecutionEnvironmentMemoryGiBPerVCpu", MAY, Shape::Either(&[Shape::Map, Shape::Integer, Shape::Number])),
];

/// The capacity provider as a function of CloudFormation names it.
pub fn capacity_provider(node: &Node, config: &Value) -> Outcome<Value> {
    let empty = Map::new();
    let read = shape::read_fields(CAPACITY_PROVIDER, config.as_map().unwrap_or(&empty), config.origin, &[]);
    let mut map = match read {
        Ok(Value { kind: Kind::Map(map), .. }) => map,
        Ok(_) => empty,
        Err(faults) => {
            let origin = faults.first().map_or(config.origin, |fault| fault.origin);
            let texts: Vec<String> = faults
                .iter()
                .map(|fault| format!("{}\n  {} (type={})", fault.path.join(" -> "), fault.text, fault.kind))
                .collect();
            let plural = if texts.len() == 1 { "" } else { "s" };
            let text = format!(
                "Invalid CapacityProviderConfig: {} validation error{plural} for CapacityProviderConfig\n{}",
                texts.len(),
                texts.join("\n")
            );
            return node.refuse(origin, text);
        }
    };
    if let Some(arn) = map.remove("Arn") {
        map.insert("CapacityProviderArn", arn);
    }
    let make = Maker::new(config.origin);
    let inner = Value::new(Kind::Map(map), make.origin());
    Ok(make.map([("LambdaManagedInstancesCapacityProviderConfig", inner)]))
}
