//! `AWS::Serverless::SimpleTable`

use super::python::{self, Lookup};
use super::refusal::Outcome;
use super::resource::{Node, Resource, tag_list};
use crate::template::value::Maker;

/// Expands the table `node`.
pub fn expand(node: &Node) -> Outcome<Resource> {
    let mut table = node.main("AWS::DynamoDB::Table");
    let mut make = node.make();
    let mut name = make.str("id");
    let mut kind = make.str("S");
    if let Some(key) = node.truthy("PrimaryKey") {
        make = Maker::new(key.origin);
        let required = |property: &str| match key.some(property) {
            Some(value) => Ok(value.clone()),
            None => node.refuse(key.origin, format!("Property 'PrimaryKey.{property}' is required.")),
        };
        name = required("Name")?;
        let written = required("Type")?;
        let short = match written.as_str() {
            Some("String") => "S",
            Some("Number") => "N",
            Some("Binary") => "B",
            _ => {
                let text = format!("Invalid 'Type' \"{}\".", python::display(&written));
                return node.refuse(written.origin, text);
            }
        };
        kind = Maker::new(written.origin).str(short);
    }
    let attribute = make.map([("AttributeName", name.clone()), ("AttributeType", kind)]);
    table.set("AttributeDefinitions", make.list([attribute]));
    let key = make.map([("AttributeName", name), ("KeyType", make.str("HASH"))]);
    table.set("KeySchema", make.list([key]));
    for name in ["PointInTimeRecoverySpecification", "ProvisionedThroughput", "SSESpecification", "TableName"] {
        if node.truthy(name).is_some() {
            table.copy(&node.properties, &[name]);
        }
    }
    if node.truthy("ProvisionedThroughput").is_none() {
        table.set("BillingMode", node.make().str("PAY_PER_REQUEST"));
    }
    if let Some(tags) = node.truthy("Tags") {
        table.set("Tags", Maker::new(tags.origin).list(tag_list(tags.as_map())));
    }
    Ok(table)
}
