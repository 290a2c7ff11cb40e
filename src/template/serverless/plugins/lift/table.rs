//! `database/dynamodb-single-table`: a table for everything.

use super::Construct;
use crate::template::serverless::output::{Output, allow};
use crate::template::value::{Maker, Value};
use serde_json::json;

const ACTIONS: [&str; 9] = [
    "dynamodb:GetItem",
    "dynamodb:BatchGetItem",
    "dynamodb:Query",
    "dynamodb:Scan",
    "dynamodb:PutItem",
    "dynamodb:DeleteItem",
    "dynamodb:BatchWriteItem",
    "dynamodb:UpdateItem",
    "dynamodb:ConditionCheckItem",
];

pub fn variable(construct: Construct<'_>, attribute: &str, maker: Maker) -> Option<Value> {
    let table = construct.resource("Table");
    Some(match attribute {
        "tableName" => maker.reference(table),
        "tableArn" => maker.get_att(table, "Arn"),
        "tableStreamArn" => maker.get_att(table, "StreamArn"),
        _ => return None,
    })
}

pub fn statement(construct: Construct<'_>) -> Value {
    let maker = construct.maker();
    let arn = || maker.get_att(construct.resource("Table"), "Arn");
    allow(maker, &ACTIONS, vec![arn(), maker.join("/", [arn(), maker.str("index/*")])])
}

pub fn resources(construct: Construct<'_>, out: &mut Output) {
    let id = construct.resource("Table");
    let keys = |hash: &str, range: &str| json!([{"AttributeName": hash, "KeyType": "HASH"}, {"AttributeName": range, "KeyType": "RANGE"}]);
    let index = |name: &str, hash: &str, range: &str| json!({"IndexName": name, "KeySchema": keys(hash, range), "Projection": {"ProjectionType": "ALL"}});
    let mut names = vec!["PK".to_owned(), "SK".to_owned()];
    let (mut local, mut global) = (Vec::new(), Vec::new());
    if construct.flag("localSecondaryIndexes") {
        for number in 1..=5 {
            let (name, range) = (format!("LSI-{number}"), format!("LSI-{number}-SK"));
            local.push(index(&name, "PK", &range));
            names.push(range);
        }
    }
    // A table has at most 20 global indexes.
    for number in 1..=construct.setting("gsiCount").and_then(Value::as_int).unwrap_or(0).min(20) {
        let (name, hash, range) = (format!("GSI-{number}"), format!("GSI-{number}-PK"), format!("GSI-{number}-SK"));
        global.push(index(&name, &hash, &range));
        names.extend([hash, range]);
    }
    let attributes: Vec<_> = names.iter().map(|name| json!({"AttributeName": name, "AttributeType": "S"})).collect();
    let mut properties = json!({
        "AttributeDefinitions": attributes,
        "BillingMode": "PAY_PER_REQUEST",
        "KeySchema": keys("PK", "SK"),
        "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": true},
        "StreamSpecification": {"StreamViewType": "NEW_AND_OLD_IMAGES"},
        "TimeToLiveSpecification": {"AttributeName": "TimeToLive", "Enabled": true},
    });
    if !local.is_empty() {
        properties["LocalSecondaryIndexes"] = local.into();
    }
    if !global.is_empty() {
        properties["GlobalSecondaryIndexes"] = global.into();
    }
    construct.put(
        out,
        id.clone(),
        json!({
            "Type": "AWS::DynamoDB::Table",
            "Properties": properties,
            "UpdateReplacePolicy": "Retain",
            "DeletionPolicy": "Retain",
        }),
    );
    let maker = construct.maker();
    out.output(&construct.id(&["TableName"]), maker, None, maker.reference(id));
}
