//! `AWS::Serverless::CapacityProvider`

use super::expander::Expander;
use super::iam;
use super::policies::{self, RoleParts};
use super::python::{self, Lookup};
use super::refusal::Outcome;
use super::resource::{Node, Resource, tag_list};
use super::shape::{self, Field, MAY, MUST, Shape};
use crate::template::value::{Kind, Maker, Map, Value};

const TEXTS: Shape = Shape::Either(&[Shape::Map, shape::TEXTS]);

const FIELDS: &[Field] = &[
    Field("VpcConfig", MUST, Shape::Fields(&[Field("SecurityGroupIds", MAY, TEXTS), Field("SubnetIds", MUST, TEXTS)])),
    Field("Tags", MAY, Shape::Map),
    Field("PropagateTags", MAY, Shape::Flag),
    Field(
        "InstanceRequirements",
        MAY,
        Shape::Fields(&[
            Field("Architectures", MAY, TEXTS),
            Field("AllowedTypes", MAY, TEXTS),
            Field("ExcludedTypes", MAY, TEXTS),
        ]),
    ),
    Field(
        "ScalingConfig",
        MAY,
        Shape::Fields(&[
            Field("MaxVCpuCount", MAY, shape::INTEGER),
            Field("AverageCPUUtilization", MAY, shape::NUMBER),
        ]),
    ),
    Field("ManagedResourceTags", MAY, Shape::Fields(&[Field("Tags", MAY, Shape::Map)])),
];

/// Expands the capacity provider `node`.
pub fn expand(cx: &Expander, node: &Node) -> Outcome<Vec<Resource>> {
    let node = &Node { properties: shape::read_all(node, FIELDS)?, ..node.clone() };
    check(node)?;
    let make = node.make();
    let mut made = Vec::new();
    let operator = match node.truthy("OperatorRole") {
        Some(role) => role.clone(),
        None => {
            let role = operator_role(cx, node, "AWSLambdaManagedEC2ResourceOperator")?;
            let arn = role.get_att("Arn");
            made.push(role);
            arn
        }
    };
    let mut provider = node.main("AWS::Lambda::CapacityProvider");
    if node.truthy("CapacityProviderName").is_some() {
        provider.copy(&node.properties, &["CapacityProviderName"]);
    }
    provider.copy(&node.properties, &["VpcConfig"]);
    provider.set("PermissionsConfig", make.map([("CapacityProviderOperatorRoleArn", operator)]));
    provider.set("Tags", make.list(created_tags(node, true)));
    if let Some(given) = node.truthy("InstanceRequirements") {
        let keys = [
            ("Architectures", "Architectures"),
            ("AllowedTypes", "AllowedInstanceTypes"),
            ("ExcludedTypes", "ExcludedInstanceTypes"),
        ];
        let kept = keys.iter().filter_map(|(key, new)| given.some(key).map(|value| (*new, value.clone())));
        provider.set("InstanceRequirements", Maker::new(given.origin).map(kept));
    }
    if let Some(given) = node.truthy("ScalingConfig") {
        provider.set("CapacityProviderScalingConfig", scaling(given));
    }
    if node.truthy("KmsKeyArn").is_some() {
        provider.copy(&node.properties, &["KmsKeyArn"]);
    }
    if let Some(logging) = node.truthy("LoggingConfig") {
        let make = Maker::new(logging.origin);
        provider.set("TelemetryConfig", make.map([("LoggingConfig", logging.clone())]));
    }
    if let Some(tags) = node.truthy("ManagedResourceTags").and_then(|given| given.get("Tags")) {
        let make = Maker::new(tags.origin);
        let list = make.list(tag_list(tags.as_map()));
        provider.set("PropagateTags", make.map([("Mode", make.str("Explicit")), ("ExplicitTags", list)]));
    }
    made.push(provider);
    propagate_tags(node, &mut made);
    Ok(made)
}

fn scaling(given: &Value) -> Value {
    let make = Maker::new(given.origin);
    let mut out = Vec::new();
    out.extend(given.some("MaxVCpuCount").map(|count| ("MaxVCpuCount", count.clone())));
    match given.some("AverageCPUUtilization") {
        Some(target) => {
            let policy = make.map([
                ("PredefinedMetricType", make.str("LambdaCapacityProviderAverageCPUUtilization")),
                ("TargetValue", target.clone()),
            ]);
            out.push(("ScalingMode", make.str("Manual")));
            out.push(("ScalingPolicies", make.list([policy])));
        }
        None => out.push(("ScalingMode", make.str("Auto"))),
    }
    make.map(out)
}

fn check(node: &Node) -> Outcome<()> {
    if let Some(given) = node.get("InstanceRequirements")
        && let (Some(_), Some(second)) = (given.some("AllowedTypes"), given.some("ExcludedTypes"))
    {
        return node.refuse(
            second.origin,
            "Cannot specify 'InstanceRequirements.AllowedTypes' and 'InstanceRequirements.ExcludedTypes' together.",
        );
    }
    Ok(())
}

/// The author's tags with the transform's own behind them.
pub fn created_tags(node: &Node, with_own: bool) -> Vec<Value> {
    let mut tags = node.get("Tags").and_then(Value::as_map).filter(|_| with_own).cloned().unwrap_or_default();
    tags.insert("lambda:createdBy", node.make().str("SAM"));
    tag_list(Some(&tags))
}

/// The role that acts for the resource.
pub fn operator_role(cx: &Expander, node: &Node, policy: &str) -> Outcome<Resource> {
    let make = node.make();
    let mut role = policies::role(
        node,
        cx.partition,
        node.key_origin,
        RoleParts {
            assume: iam::assume_role(make, "lambda.amazonaws.com"),
            managed: vec![cx.managed(make, policy)],
            inline: Vec::new(),
            policies: None,
            path: None,
            boundary: None,
            tags: created_tags(node, false),
        },
    )?;
    role.id = format!("{}OperatorRole", node.id).into();
    Ok(role)
}

/// Adds the author's tags to those that are there.
pub fn propagate_tags(node: &Node, resources: &mut [Resource]) {
    let Some(tags) = node.truthy("Tags").and_then(Value::as_map) else { return };
    if node.truthy("PropagateTags").is_none() {
        return;
    }
    for resource in resources {
        let make = resource.make();
        let mut merged = Map::new();
        for tag in resource.properties.get("Tags").and_then(Value::as_list).into_iter().flatten() {
            if let (Some(key), Some(value)) = (tag.text("Key"), tag.get("Value")) {
                merged.insert_at(key, tag.origin, value.clone());
            }
        }
        for tag in tags {
            let value = if tag.value.is_null() { make.str("") } else { tag.value.clone() };
            merged.insert_at(tag.key.clone(), tag.key_origin, value);
        }
        let list = tag_list(Some(&merged));
        resource.set("Tags", Value::new(Kind::List(list), make.origin()));
    }
}

/// `value`, or `otherwise` when it is not true.
pub fn or(value: Option<&Value>, otherwise: Value) -> Value {
    value.filter(|value| python::truthy(value)).cloned().unwrap_or(otherwise)
}
