//! The resources at the ends of a connector.

use super::is_text;
use crate::template::sam::expander::Expander;
use crate::template::sam::intrinsics;
use crate::template::sam::python::{self, Lookup};
use crate::template::sam::refusal::Outcome;
use crate::template::sam::resource::Node;
use crate::template::sam::tables;
use crate::template::value::{Kind, Map, Origin, Text, Value};

/// A resource at one end of a connector.
#[derive(Debug)]
pub struct Reference {
    /// Its logical id, when it is in the template.
    pub id: Option<Text>,
    /// Its type.
    pub kind: Text,
    /// Where it is named.
    pub origin: Origin,
    /// Its ARN.
    pub arn: Option<Value>,
    /// The name of its role.
    pub role_name: Option<Value>,
    /// The URL of a queue.
    pub queue_url: Option<Value>,
    /// Its id.
    pub resource_id: Option<Value>,
    /// Its name.
    pub name: Option<Value>,
    /// What follows its ARN.
    pub qualifier: Option<Value>,
}

/// Types that stand for types of CloudFormation.
const TYPES: [(&str, &str); 5] = [
    ("AWS::Serverless::Function", "AWS::Lambda::Function"),
    ("AWS::Serverless::StateMachine", "AWS::StepFunctions::StateMachine"),
    ("AWS::Serverless::Api", "AWS::ApiGateway::RestApi"),
    ("AWS::Serverless::HttpApi", "AWS::ApiGatewayV2::Api"),
    ("AWS::Serverless::SimpleTable", "AWS::DynamoDB::Table"),
];

/// The resource that `value` names; `other` is the other end.
pub fn resolve(cx: &Expander, node: &Node, value: &Value, other: &Value) -> Outcome<Reference> {
    let origin = value.origin;
    let Some(map) = value.as_map() else {
        return node.refuse(origin, "'Type' is missing or not a string.");
    };
    let by_id = map.contains_key("Id");
    let otherwise = map.keys().any(|key| !matches!(key, "Id" | "Qualifier"));
    if by_id == otherwise {
        return node.refuse(
            origin,
            "Must provide 'Id' (with optional 'Qualifier') or a supported combination of other properties.",
        );
    }
    let Some(id) = map.truthy("Id") else { return by_properties(node, map, origin) };
    let Some(id) = id.as_str() else {
        return node.refuse(id.origin, "'Id' is missing or not a string.");
    };
    // What is refused stays what it was, and connectors are made between what others became.
    let resources = if cx.refused.iter().any(|refused| refused == id) { &cx.resources } else { &cx.output };
    let Some(resource) = resources.get(id).filter(|resource| python::truthy(resource)) else {
        return node.refuse(origin, format!("Unable to find resource with logical ID '{id}'."));
    };
    let Some(kind) = resource.get("Type").filter(|kind| is_text(kind)).and_then(Value::as_str) else {
        return node.refuse(resource.origin, "'Type' is missing or not a string.");
    };
    let mut known = tables::connector_resource(kind, node.key_origin.generated());
    if let Some(known) = &mut known {
        name(known, id);
    }
    let output = |key: &str| known.as_ref().and_then(|known| known.at(&["Outputs", key])).cloned();
    let qualifier = map.get("Qualifier").cloned();
    Ok(Reference {
        id: Some(id.into()),
        kind: kind.into(),
        origin,
        arn: output("Arn"),
        role_name: role(known.as_ref(), resource, other),
        queue_url: output("Url"),
        resource_id: output("Id"),
        name: output("Name"),
        qualifier: qualifier.or_else(|| output("Qualifier")),
    })
}

fn by_properties(node: &Node, map: &Map, origin: Origin) -> Outcome<Reference> {
    let Some(kind) = map.get("Type").filter(|kind| is_text(kind)).and_then(Value::as_str) else {
        return node.refuse(origin, "'Type' is missing or not a string.");
    };
    let kind = TYPES.iter().find(|(sam, _)| *sam == kind).map_or(kind, |(_, cfn)| cfn);
    let property = |key: &str| map.some(key).cloned();
    Ok(Reference {
        id: None,
        kind: kind.into(),
        origin,
        arn: property("Arn"),
        role_name: map.truthy("RoleName").cloned(),
        queue_url: map.truthy("QueueUrl").cloned(),
        resource_id: property("ResourceId"),
        name: property("Name"),
        qualifier: property("Qualifier"),
    })
}

/// Puts the logical id into what a resource offers.
fn name(value: &mut Value, id: &str) {
    match &mut value.kind {
        Kind::Str(text) if text == "%{logicalId}" => *text = id.into(),
        Kind::List(items) => items.iter_mut().for_each(|item| name(item, id)),
        Kind::Map(map) => map.iter_mut().for_each(|entry| name(&mut entry.value, id)),
        _ => {}
    }
}

fn role(known: Option<&Value>, resource: &Value, other: &Value) -> Option<Value> {
    let input = known?.at(&["Inputs", "Role"])?;
    let properties = resource.get("Properties")?;
    let role = match input.as_str() {
        Some(property) => properties.get(property)?,
        // A rule has a role for each target.
        None => properties
            .get("Targets")?
            .as_list()?
            .iter()
            .find(|target| {
                let arn = target.get("Arn");
                let id = arn.and_then(intrinsics::logical_id);
                id.is_some() && id == other.text("Id") || arn.is_some() && arn == other.truthy("Arn")
            })?
            .get("RoleArn")?,
    };
    let id = intrinsics::logical_id(role).filter(|id| !id.is_empty())?;
    Some(crate::template::value::Maker::new(role.origin).reference(id))
}
