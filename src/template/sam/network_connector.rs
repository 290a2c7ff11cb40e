//! `AWS::Serverless::NetworkConnector`

use super::capacity_provider::{created_tags, operator_role, propagate_tags};
use super::expander::Expander;
use super::python;
use super::refusal::Outcome;
use super::resource::{Node, Resource};
use super::shape::{self, Field, MAY, MUST, Shape};
use crate::template::value::{Kind, Maker, Map, Value};

const COMPUTE_TYPES: &[&str] = &["MicroVm", "WebFunction"];

const FIELDS: &[Field] = &[
    Field("Name", MAY, shape::TEXT),
    Field(
        "VpcConfig",
        MUST,
        Shape::Fields(&[
            Field("SubnetIds", MUST, shape::TEXTS),
            Field("SecurityGroupIds", MUST, shape::TEXTS),
            Field("NetworkProtocol", MUST, Shape::Either(&[Shape::Map, Shape::Enum(&["IPv4", "DualStack"])])),
        ]),
    ),
    Field("ComputeTypes", MAY, Shape::List(&Shape::Either(&[Shape::Map, Shape::Enum(COMPUTE_TYPES)]))),
    Field("OperatorRole", MAY, shape::TEXT),
    Field("Tags", MAY, Shape::Map),
    Field("PropagateTags", MAY, Shape::Flag),
];

/// Expands the network connector `node`.
pub fn expand(cx: &Expander, node: &Node) -> Outcome<Vec<Resource>> {
    check_compute_types(node)?;
    shape::read_all(node, FIELDS)?;
    let mut made = Vec::new();
    let operator = match node.truthy("OperatorRole") {
        Some(role) => role.clone(),
        None => {
            let role = operator_role(cx, node, "AWSLambdaNetworkConnectorOperatorPolicy")?;
            let arn = role.get_att("Arn");
            made.push(role);
            arn
        }
    };
    let mut connector = node.main("AWS::Lambda::NetworkConnector");
    let make = node.make();
    if node.truthy("Name").is_some() {
        connector.copy(&node.properties, &["Name"]);
    }
    if let Some(vpc) = node.get("VpcConfig") {
        let place = Maker::new(vpc.origin);
        let mut egress = vpc.as_map().cloned().unwrap_or_else(Map::new);
        let types = node.truthy("ComputeTypes").cloned();
        egress.insert("AssociatedComputeResourceTypes", types.unwrap_or_else(|| place.list([place.str("MicroVm")])));
        let egress = Value::new(Kind::Map(egress), vpc.origin);
        connector.set("Configuration", place.map([("VpcEgressConfiguration", egress)]));
    }
    connector.set("OperatorRole", operator);
    connector.set("Tags", make.list(created_tags(node, true)));
    made.push(connector);
    propagate_tags(node, &mut made);
    Ok(made)
}

fn check_compute_types(node: &Node) -> Outcome<()> {
    let Some(list) = node.get("ComputeTypes") else { return Ok(()) };
    let items = list.as_list().unwrap_or_default();
    if items.len() != 1 {
        let text = format!("'ComputeTypes' must contain exactly one value, got {}.", items.len());
        return node.refuse(list.origin, text);
    }
    for item in items {
        if let Some(name) = item.as_str().filter(|name| !COMPUTE_TYPES.contains(name)) {
            let known = python::repr_texts(COMPUTE_TYPES);
            let text = format!("'ComputeTypes' values must be one of {known}, got '{name}'.");
            return node.refuse(item.origin, text);
        }
    }
    Ok(())
}
