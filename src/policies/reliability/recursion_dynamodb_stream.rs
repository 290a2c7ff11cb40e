use super::super::{flows, grants};
use crate::finding::Severity;
use crate::graph::NodeKind;
use crate::policy;
use crate::policy::{Context, Place};
use flows::{Flow, Way};
use serde_json::Value as Json;

policy! {
    /// A function that reads a table's stream may write to the same table.
    ///
    /// ## Why it matters
    ///
    /// Each write of the function is a record in the stream, which starts the function again.
    /// Lambda's loop detection does not cover DynamoDB streams, so nothing stops the circle but the
    /// table's capacity.
    ///
    /// ## How to fix
    ///
    /// Write results to another table. Where they belong in the same one, give the event source a
    /// filter that leaves out the function's own writes, such as `{"eventName": ["INSERT"]}` together
    /// with a role that may only update, or a marker attribute.
    ///
    /// ## When to suppress
    ///
    /// The code compares old and new image and writes only when something has changed.
    ///
    /// ## Source
    ///
    /// AWS Lambda developer guide, "Use Lambda recursive loop detection to prevent infinite loops"
    /// (DynamoDB is not among the services it covers); as of 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::DynamoDB::Table
    ///     Properties:
    ///       {BillingMode: PAY_PER_REQUEST, KeySchema: [{AttributeName: id, KeyType: HASH}], AttributeDefinitions: [{AttributeName: id, AttributeType: S}],
    ///        StreamSpecification: {StreamViewType: NEW_IMAGE}}
    ///   Totals:
    ///     Type: AWS::Serverless::Function
    ///     Properties:
    ///       {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Policies: [DynamoDBCrudPolicy: {TableName: !Ref Orders}],
    ///        Events: {Change: {Type: DynamoDB, Properties: {Stream: !GetAtt Orders.StreamArn, StartingPosition: LATEST}}}}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::DynamoDB::Table
    ///     Properties:
    ///       {BillingMode: PAY_PER_REQUEST, KeySchema: [{AttributeName: id, KeyType: HASH}], AttributeDefinitions: [{AttributeName: id, AttributeType: S}],
    ///        StreamSpecification: {StreamViewType: NEW_IMAGE}}
    ///   Totals:
    ///     Type: AWS::Serverless::Function
    ///     Properties:
    ///       {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Policies: [DynamoDBReadPolicy: {TableName: !Ref Orders}],
    ///        Events: {Change: {Type: DynamoDB, Properties: {Stream: !GetAtt Orders.StreamArn, StartingPosition: LATEST}}}}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::DynamoDB::Table
    ///     Properties: {BillingMode: PAY_PER_REQUEST, KeySchema: [{AttributeName: id, KeyType: HASH}], AttributeDefinitions: [{AttributeName: id, AttributeType: S}], StreamSpecification: {StreamViewType: NEW_IMAGE}}
    ///   Role:
    ///     Type: AWS::IAM::Role
    ///     Properties:
    ///       AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]}
    ///       Policies: [{PolicyName: use, PolicyDocument: {Statement: [{Effect: Allow, Action: 'dynamodb:PutItem', Resource: !GetAtt Orders.Arn}]}}]
    ///   Worker:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn}
    ///   Feed: {Type: AWS::Lambda::EventSourceMapping, Properties: {FunctionName: !Ref Worker, EventSourceArn: !GetAtt Orders.StreamArn, StartingPosition: LATEST}}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::DynamoDB::Table
    ///     Properties: {BillingMode: PAY_PER_REQUEST, KeySchema: [{AttributeName: id, KeyType: HASH}], AttributeDefinitions: [{AttributeName: id, AttributeType: S}], StreamSpecification: {StreamViewType: NEW_IMAGE}}
    ///   Role:
    ///     Type: AWS::IAM::Role
    ///     Properties:
    ///       AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]}
    ///       Policies: [{PolicyName: use, PolicyDocument: {Statement: [{Effect: Allow, Action: 'dynamodb:GetItem', Resource: !GetAtt Orders.Arn}]}}]
    ///   Worker:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn}
    ///   Feed: {Type: AWS::Lambda::EventSourceMapping, Properties: {FunctionName: !Ref Worker, EventSourceArn: !GetAtt Orders.StreamArn, StartingPosition: LATEST}}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider:
    ///   name: aws
    ///   runtime: nodejs22.x
    ///   iam: {role: {statements: [{Effect: Allow, Action: [dynamodb:PutItem], Resource: !GetAtt Orders.Arn}]}}
    /// functions:
    ///   totals: {handler: app.main, events: [{stream: {type: dynamodb, arn: !GetAtt Orders.StreamArn}}]}
    /// resources:
    ///   Resources:
    ///     Orders:
    ///       Type: AWS::DynamoDB::Table
    ///       Properties: {BillingMode: PAY_PER_REQUEST, KeySchema: [{AttributeName: id, KeyType: HASH}], AttributeDefinitions: [{AttributeName: id, AttributeType: S}], StreamSpecification: {StreamViewType: NEW_IMAGE}}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider:
    ///   name: aws
    ///   runtime: nodejs22.x
    ///   iam: {role: {statements: [{Effect: Allow, Action: [dynamodb:PutItem], Resource: !GetAtt Orders.Arn}]}}
    /// functions:
    ///   totals: {handler: app.main, events: [{stream: {type: dynamodb, arn: !GetAtt Orders.StreamArn, filterPatterns: [{eventName: [REMOVE]}]}}]}
    /// resources:
    ///   Resources:
    ///     Orders:
    ///       Type: AWS::DynamoDB::Table
    ///       Properties: {BillingMode: PAY_PER_REQUEST, KeySchema: [{AttributeName: id, KeyType: HASH}], AttributeDefinitions: [{AttributeName: id, AttributeType: S}], StreamSpecification: {StreamViewType: NEW_IMAGE}}
    /// ```
    pub(super) static POLICY = "recursion-dynamodb-stream" {
        category: Reliability, severity: High, profile: Recommended, fix: None, since: "0.1.0", risks: ["SAS-08"], check: check,
    }
}

/// The records of a stream, each with the writes that cause it.
const CAUSES: [(&str, &[&str]); 3] = [
    ("INSERT", &["dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:BatchWriteItem", "dynamodb:PartiQLInsert"]),
    ("MODIFY", &["dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:BatchWriteItem", "dynamodb:PartiQLUpdate"]),
    ("REMOVE", &["dynamodb:DeleteItem", "dynamodb:BatchWriteItem", "dynamodb:PartiQLDelete"]),
];

fn check(cx: &mut Context<'_>) {
    let flows = flows::flows(cx);
    let reads_table = |flow: &&Flow<'_>| {
        flow.way == Way::Mapping && flow.source.is_some_and(|source| source.kind() == NodeKind::Table)
    };
    for flow in flows.iter().filter(reads_table) {
        let Some(table) = flow.source else { continue };
        let function = flow.target;
        let Some((events, filtered)) = events(flow) else { continue };
        let mut actions: Vec<&'static str> = Vec::new();
        for (_, causes) in CAUSES.iter().filter(|(name, _)| events.contains(name)) {
            actions.extend(causes.iter().filter(|action| !actions.contains(action)).copied().collect::<Vec<_>>());
        }
        let consumes =
            |node| flows.iter().any(|other| other.target == node && other.source.is_some_and(|source| source == table));
        let mut grants = grants::grants(function, table, &actions);
        grants.retain(|grant| {
            let text = grant.term.text.as_deref().unwrap_or_default();
            !text.contains("/stream/")
                && !text.contains("/index/")
                && !text.contains(".StreamArn")
                && !grants::is_explained_elsewhere(grant.role, consumes)
        });
        let Some(grant) = grants.first() else { continue };
        let severity = if filtered { Severity::Medium } else { Severity::High };
        let how = if filtered { ", and its filter does not surely leave out these writes" } else { "" };
        cx.report(
            Place::within(flow.owner, flow.origin),
            format!(
                "{} reads the stream of {} and its role allows {} on the table{how}: each write can start it again",
                function.name(),
                table.name(),
                grant.action,
            ),
        )
        .severity(severity)
        .help("write to another table, or filter out the function's own writes on the event source")
        .related(grant.origin(), format!("{} is allowed here", grant.action));
    }
}

/// The records that start the function, and whether a filter narrows them further; `None`
/// where that is not known, or nothing that a function writes can pass.
fn events(flow: &Flow<'_>) -> Option<(Vec<&'static str>, bool)> {
    let all: Vec<&'static str> = CAUSES.iter().map(|(name, _)| *name).collect();
    let filters = flow.settings.each(&["FilterCriteria", "Filters"]);
    if filters.is_empty() {
        return (flow.settings.has(&["FilterCriteria"]) == Some(false)).then_some((all, false));
    }
    let mut found: Vec<&'static str> = Vec::new();
    for filter in filters {
        let pattern: Json = serde_json::from_str(&filter.text(&["Pattern"])?).ok()?;
        // Only the service's own deletions of expired items carry an identity.
        if pattern.get("userIdentity").is_some() {
            continue;
        }
        match pattern.get("eventName").and_then(Json::as_array) {
            Some(names) if names.iter().all(Json::is_string) => {
                found.extend(all.iter().filter(|name| names.iter().any(|given| given.as_str() == Some(name))));
            }
            _ => found.extend(&all),
        }
    }
    (!found.is_empty()).then_some((found, true))
}
