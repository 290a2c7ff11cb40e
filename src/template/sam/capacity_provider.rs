//! `AWS::Serverless::CapacityProvider`

use super::expander::Expander;
use super::iam;
use super::policies::{self, RoleParts};
use super::python::{self, Lookup};
use super::refusal::Outcome;
use super::resource::{Node, Resource, tag_list};
use crate::template::value::{Kind, Maker, Map, Origin, Value};

/// What a key of a map within the properties may hold, beside intrinsic functions.
#[derive(Clone, Copy)]
enum Holds {
    Texts,
    Integer,
    Number,
    Map,
}

/// A key, what it may hold, whether it is required.
type Key = (&'static str, Holds, bool);

/// Maps within the properties.
const SHAPES: [(&str, &[Key]); 4] = [
    ("VpcConfig", &[("SecurityGroupIds", Holds::Texts, false), ("SubnetIds", Holds::Texts, true)]),
    (
        "InstanceRequirements",
        &[
            ("Architectures", Holds::Texts, false),
            ("AllowedTypes", Holds::Texts, false),
            ("ExcludedTypes", Holds::Texts, false),
        ],
    ),
    ("ScalingConfig", &[("MaxVCpuCount", Holds::Integer, false), ("AverageCPUUtilization", Holds::Number, false)]),
    ("ManagedResourceTags", &[("Tags", Holds::Map, false)]),
];

impl Holds {
    /// What is wrong with `value`, if anything.
    fn complaint(self, value: &Value) -> Option<&'static str> {
        let is_map = value.as_map().is_some();
        let text = value.as_str().map(str::trim);
        match self {
            Self::Texts if !is_map && value.as_list().is_none() => Some("value must be dictionary or list"),
            Self::Integer => {
                let fits = matches!(value.kind, Kind::Int(_) | Kind::Bool(_) | Kind::Float(_))
                    || text.is_some_and(|text| text.parse::<i64>().is_ok());
                (!is_map && !fits).then_some("value must be dictionary or integer")
            }
            Self::Number => {
                let fits = matches!(value.kind, Kind::Int(_) | Kind::Bool(_) | Kind::Float(_))
                    || text.is_some_and(|text| text.parse::<f64>().is_ok());
                (!is_map && !fits).then_some("value must be dictionary or number")
            }
            Self::Map if !is_map => Some("value is not a valid dict"),
            Self::Texts | Self::Map => None,
        }
    }
}

/// Expands the capacity provider `node`.
pub fn expand(cx: &Expander, node: &Node) -> Outcome<Vec<Resource>> {
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

/// Refuses maps with unknown, missing or contradicting keys.
fn check(node: &Node) -> Outcome<()> {
    let mut problems: Vec<(Origin, String)> = Vec::new();
    for (name, keys) in SHAPES {
        let Some(given) = node.get(name) else { continue };
        let Some(map) = given.as_map() else { continue };
        for (key, holds, required) in keys {
            let Some(value) = map.some(key) else {
                if *required {
                    problems.push((given.origin, format!("Property '{name}.{key}' is required.")));
                }
                continue;
            };
            if let Some(complaint) = holds.complaint(value) {
                problems.push((value.origin, format!("Property '{name}.{key}' {complaint}.")));
            }
            if let (Holds::Texts, Some(items)) = (holds, value.as_list()) {
                problems.extend(item_problems(items, value.origin, &format!("{name}.{key}")));
            }
        }
        for entry in map {
            if !keys.iter().any(|(key, ..)| *key == entry.key) {
                let text = format!("Property '{name}.{}' is an invalid property.", entry.key);
                problems.push((entry.key_origin, text));
            }
        }
    }
    if let Some((origin, _)) = problems.first() {
        let texts: Vec<&str> = problems.iter().map(|(_, text)| text.as_str()).collect();
        return node.refuse(*origin, texts.join(" "));
    }
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

/// What is wrong with the items of a list of texts.
fn item_problems(items: &[Value], list: Origin, path: &str) -> Vec<(Origin, String)> {
    let mut out = Vec::new();
    for (index, item) in items.iter().enumerate() {
        let complaint = match item.kind {
            Kind::Null => "none is not an allowed value",
            Kind::List(_) => "value is not a valid dict",
            _ => continue,
        };
        if out.is_empty() {
            out.push((list, format!("Property '{path}' value is not a valid dict.")));
        }
        out.push((item.origin, format!("Property '{path}.{index}' {complaint}.")));
    }
    out
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
