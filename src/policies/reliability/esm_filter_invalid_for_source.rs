use super::super::flows;
use crate::graph::Part;
use crate::policy;
use crate::policy::{Context, Place};
use serde_json::Value as Json;

policy! {
    /// A filter of an event source can never match, or is not valid.
    ///
    /// ## Why it matters
    ///
    /// A filter is compared with the record as the source delivers it: the message is under `body`
    /// for SQS, `data` for Kinesis, `dynamodb` for tables and `value` for Kafka. A filter on any other
    /// key matches nothing, and Lambda discards what does not match: messages vanish from the
    /// queue without the function ever running.
    ///
    /// ## How to fix
    ///
    /// Put the pattern under the key of the source. Numbers of DynamoDB are text inside `N`: compare
    /// them as text.
    ///
    /// ## When to suppress
    ///
    /// Never: records are dropped, or Lambda refuses the filter.
    ///
    /// ## Source
    ///
    /// AWS Lambda developer guide, "Control which events Lambda sends to your function" (filter criteria by
    /// source); as of 2026-09.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Work: {Type: AWS::SQS::Queue}
    ///   Worker:
    ///     Type: AWS::Serverless::Function
    ///     Properties:
    ///       {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/,
    ///        Events: {Work: {Type: SQS, Properties: {Queue: !GetAtt Work.Arn, FilterCriteria: {Filters: [{Pattern: '{"data": {"kind": ["order"]}}'}]}}}}}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Work: {Type: AWS::SQS::Queue}
    ///   Worker:
    ///     Type: AWS::Serverless::Function
    ///     Properties:
    ///       {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/,
    ///        Events: {Work: {Type: SQS, Properties: {Queue: !GetAtt Work.Arn, FilterCriteria: {Filters: [{Pattern: '{"body": {"kind": ["order"]}}'}]}}}}}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Work: {Type: AWS::SQS::Queue}
    ///   Worker:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !Sub 'arn:aws:iam::${AWS::AccountId}:role/r'}
    ///   Feed: {Type: AWS::Lambda::EventSourceMapping, Properties: {FunctionName: !Ref Worker, EventSourceArn: !GetAtt Work.Arn, FilterCriteria: {Filters: [{Pattern: '{"data": {"kind": ["order"]}}'}]}}}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Work: {Type: AWS::SQS::Queue}
    ///   Worker:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !Sub 'arn:aws:iam::${AWS::AccountId}:role/r'}
    ///   Feed: {Type: AWS::Lambda::EventSourceMapping, Properties: {FunctionName: !Ref Worker, EventSourceArn: !GetAtt Work.Arn, FilterCriteria: {Filters: [{Pattern: '{"body": {"kind": ["order"]}}'}]}}}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   totals:
    ///     handler: app.main
    ///     events: [{stream: {type: dynamodb, arn: "arn:aws:dynamodb:eu-west-1:123456789012:table/orders/stream/2026", filterPatterns: [{body: {kind: [order]}}]}}]
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   totals:
    ///     handler: app.main
    ///     events: [{stream: {type: dynamodb, arn: "arn:aws:dynamodb:eu-west-1:123456789012:table/orders/stream/2026", filterPatterns: [{eventName: [INSERT]}]}}]
    /// ```
    pub(super) static POLICY = "esm-filter-invalid-for-source" {
        category: Reliability, severity: High, profile: Recommended, fix: None, since: "0.1.0", check: check,
    }
}

/// Services with the key of their payload and the other keys their records have.
const KEYS: [(&str, &str, &str, &[&str]); 4] = [
    (
        "sqs",
        "SQS message",
        "body",
        &["messageId", "receiptHandle", "attributes", "messageAttributes", "md5OfBody", "md5OfMessageAttributes"],
    ),
    (
        "kinesis",
        "Kinesis record",
        "data",
        &["kinesis", "partitionKey", "sequenceNumber", "approximateArrivalTimestamp", "kinesisSchemaVersion"],
    ),
    ("dynamodb", "DynamoDB record", "dynamodb", &["eventName", "userIdentity", "tableName"]),
    (
        "kafka",
        "Kafka record",
        "value",
        &["key", "topic", "partition", "offset", "timestamp", "timestampType", "headers"],
    ),
];

/// Keys of every record, and the operator that joins alternatives.
const EVERYWHERE: [&str; 7] =
    ["eventSource", "eventSourceARN", "eventID", "eventVersion", "awsRegion", "invokeIdentityArn", "$or"];

fn check(cx: &mut Context<'_>) {
    for mapping in cx.graph.existing("AWS::Lambda::EventSourceMapping") {
        let Some(service) = flows::source_service(cx.graph, mapping) else { continue };
        let Some((_, record, payload, others)) = KEYS.iter().find(|(name, ..)| *name == service) else { continue };
        for filter in Part::of(mapping).each(&["FilterCriteria", "Filters"]) {
            let pattern = filter.get(&["Pattern"]);
            let Some(text) = pattern.text() else { continue };
            let place = Place::within(mapping, pattern.origin().unwrap_or_default());
            let keys = match serde_json::from_str::<Json>(&text) {
                Ok(Json::Object(keys)) => keys,
                Ok(_) => {
                    cx.report(place, "a filter pattern has to be a JSON object").help(format!(
                        "write the pattern as an object, such as {{\"{payload}\": {{\"kind\": [\"order\"]}}}}"
                    ));
                    continue;
                }
                Err(error) => {
                    cx.report(place, format!("the filter pattern is not valid JSON: {error}"))
                        .help("correct the JSON text; Lambda refuses the mapping otherwise");
                    continue;
                }
            };
            let known = |key: &str| key == *payload || others.contains(&key) || EVERYWHERE.contains(&key);
            if let Some(key) = keys.keys().find(|key| !known(key)) {
                cx.report(
                    place,
                    format!("the filter looks for {key}, which no {record} has, so every record is discarded unseen"),
                )
                .help(format!("put the pattern under {payload}"));
            } else if service == "dynamodb"
                && let Some(attribute) = numeric(&Json::Object(keys), "", 0)
            {
                cx.report(
                    place,
                    format!("the filter compares {attribute} as a number, but DynamoDB records hold numbers as text, so it never matches"),
                )
                .help("compare the text of the number, for example [\"5\"], or filter in the function");
            }
        }
    }
}

/// The attribute below `value` whose `N` is compared with the operator for numbers.
fn numeric(value: &Json, attribute: &str, depth: u8) -> Option<String> {
    if depth > 32 {
        return None;
    }
    let map = value.as_object()?;
    for (key, below) in map {
        if key == "N" && below.as_array().is_some_and(|rules| rules.iter().any(|rule| rule.get("numeric").is_some())) {
            return Some(attribute.to_owned());
        }
        if let Some(found) = numeric(below, key, depth + 1) {
            return Some(found);
        }
    }
    None
}
