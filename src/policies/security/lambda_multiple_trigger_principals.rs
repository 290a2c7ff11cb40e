use super::super::measure;
use crate::graph::NodeKind;
use crate::policy;
use crate::policy::{Context, Place};

policy! {
    /// Services of different kinds may call the same function.
    ///
    /// ## Why it matters
    ///
    /// Each service sends events of another shape, from another side: one function that takes them all must
    /// tell them apart, check each by rules of its own, and runs with the permissions that all of them
    /// need together.
    ///
    /// ## How to fix
    ///
    /// Make one function for each kind of event, and share the code between them.
    ///
    /// ## When to suppress
    ///
    /// When the events are told apart in one place and the permissions are the same.
    ///
    /// ## Source
    ///
    /// PureSec, "The ten most critical risks for serverless applications" (SAS-01, event-data injection),
    /// 2019; serverless-rules WS1002; as of 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties:
    ///       Runtime: nodejs24.x
    ///       Handler: app.main
    ///       CodeUri: src/
    ///       Events:
    ///         Told: {Type: SNS, Properties: {Topic: 'arn:aws:sns:eu-west-1:123456789012:orders'}}
    ///         Daily: {Type: Schedule, Properties: {Schedule: rate(1 day)}}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties:
    ///       Runtime: nodejs24.x
    ///       Handler: app.main
    ///       CodeUri: src/
    ///       Events:
    ///         Told: {Type: SNS, Properties: {Topic: 'arn:aws:sns:eu-west-1:123456789012:orders'}}
    ///         Also: {Type: SNS, Properties: {Topic: 'arn:aws:sns:eu-west-1:123456789012:refunds'}}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   orders: {handler: app.main, events: [{sns: orders}, {schedule: rate(1 day)}]}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   orders: {handler: app.main, events: [{sns: orders}, {sns: refunds}]}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn}
    ///   ByTopic: {Type: AWS::Lambda::Permission, Properties: {FunctionName: !Ref Orders, Action: lambda:InvokeFunction, Principal: sns.amazonaws.com, SourceArn: 'arn:aws:sns:eu-west-1:123456789012:orders'}}
    ///   ByBucket: {Type: AWS::Lambda::Permission, Properties: {FunctionName: !Ref Orders, Action: lambda:InvokeFunction, Principal: s3.amazonaws.com, SourceAccount: !Ref 'AWS::AccountId'}}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn}
    ///   ByTopic: {Type: AWS::Lambda::Permission, Properties: {FunctionName: !Ref Orders, Action: lambda:InvokeFunction, Principal: sns.amazonaws.com, SourceArn: 'arn:aws:sns:eu-west-1:123456789012:orders'}}
    /// ```
    pub(super) static POLICY = "lambda-multiple-trigger-principals" {
        category: Security, severity: Low, profile: All, fix: None, since: "0.1.0", risks: ["SAS-01"], check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    for node in cx.graph.nodes_of(NodeKind::Function) {
        let Some(function) = measure::function(node) else { continue };
        let mut services: Vec<(String, Place)> = Vec::new();
        for permission in cx.graph.permissions_of(node).filter(|one| one.resource().exists() != Some(false)) {
            let principal = permission.principal().text().filter(|text| text.ends_with(".amazonaws.com"));
            let Some(principal) = principal else { continue };
            if !services.iter().any(|(known, _)| *known == *principal) {
                services.push((principal.to_string(), Place::property(permission.resource(), &["Principal"])));
            }
        }
        if services.len() < 2 {
            continue;
        }
        let names: Vec<&str> = services.iter().map(|(name, _)| name.as_str()).collect();
        let mut report = cx
            .report(
                function,
                format!("{} takes events of {} services: {}", function.id(), names.len(), names.join(", ")),
            )
            .help("make one function for each kind of event");
        for (name, place) in services {
            report = report.related(place, format!("{name} may call {}", function.id()));
        }
    }
}
