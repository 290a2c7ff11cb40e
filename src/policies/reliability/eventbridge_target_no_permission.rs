use super::super::flows;
use crate::graph::NodeKind;
use crate::policy;
use crate::policy::{Context, Place};
use flows::Way;

policy! {
    /// A service is to call a function that does not let it.
    ///
    /// ## Why it matters
    ///
    /// Rules, topics and buckets may call a function only if a resource-based permission names them.
    /// A bucket without one fails the deployment; with rules and topics everything deploys, events are
    /// dropped, and no log says so.
    ///
    /// ## How to fix
    ///
    /// Add an `AWS::Lambda::Permission` for the function with the service as `Principal` and the ARN of
    /// the rule, topic or bucket as `SourceArn`. Event sources of SAM functions and of serverless.yml
    /// functions come with it.
    ///
    /// ## When to suppress
    ///
    /// When another stack or tool adds the permission.
    ///
    /// ## Source
    ///
    /// Amazon EventBridge user guide, "Using resource-based policies"; AWS Lambda developer guide,
    /// "Granting function access to AWS services"; measured on planted defects, 2026-11.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Transform: AWS::Serverless-2016-10-31
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !Sub 'arn:aws:iam::${AWS::AccountId}:role/r'}
    ///   Paid:
    ///     Type: AWS::Events::Rule
    ///     Properties: {EventPattern: {source: [shop]}, Targets: [{Id: orders, Arn: !GetAtt Orders.Arn}]}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Transform: AWS::Serverless-2016-10-31
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !Sub 'arn:aws:iam::${AWS::AccountId}:role/r'}
    ///   Paid:
    ///     Type: AWS::Events::Rule
    ///     Properties: {EventPattern: {source: [shop]}, Targets: [{Id: orders, Arn: !GetAtt Orders.Arn}]}
    ///   MayCall:
    ///     Type: AWS::Lambda::Permission
    ///     Properties: {FunctionName: !Ref Orders, Action: lambda:InvokeFunction, Principal: events.amazonaws.com, SourceArn: !GetAtt Paid.Arn}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Orders:
    ///       Type: AWS::Lambda::Function
    ///       Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !Sub 'arn:aws:iam::${AWS::AccountId}:role/r'}
    ///     Paid:
    ///       Type: AWS::Events::Rule
    ///       Properties: {EventPattern: {source: [shop]}, Targets: [{Id: orders, Arn: !GetAtt Orders.Arn}]}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Orders:
    ///       Type: AWS::Lambda::Function
    ///       Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !Sub 'arn:aws:iam::${AWS::AccountId}:role/r'}
    ///     Paid:
    ///       Type: AWS::Events::Rule
    ///       Properties: {EventPattern: {source: [shop]}, Targets: [{Id: orders, Arn: !GetAtt Orders.Arn}]}
    ///     MayCall:
    ///       Type: AWS::Lambda::Permission
    ///       Properties: {FunctionName: !Ref Orders, Action: lambda:InvokeFunction, Principal: events.amazonaws.com, SourceArn: !GetAtt Paid.Arn}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !Sub 'arn:aws:iam::${AWS::AccountId}:role/r'}
    ///   Paid:
    ///     Type: AWS::Events::Rule
    ///     Properties: {EventPattern: {source: [shop]}, Targets: [{Id: orders, Arn: !GetAtt Orders.Arn}]}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !Sub 'arn:aws:iam::${AWS::AccountId}:role/r'}
    ///   Paid:
    ///     Type: AWS::Events::Rule
    ///     Properties: {EventPattern: {source: [shop]}, Targets: [{Id: orders, Arn: !GetAtt Orders.Arn}]}
    ///   MayCall:
    ///     Type: AWS::Lambda::Permission
    ///     Properties: {FunctionName: !Ref Orders, Action: lambda:InvokeFunction, Principal: events.amazonaws.com, SourceArn: !GetAtt Paid.Arn}
    /// ```
    pub(super) static POLICY = "eventbridge-target-no-permission" {
        category: Reliability, severity: High, profile: Recommended, fix: None, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    let graph = cx.graph;
    for flow in flows::flows(graph).iter().filter(|flow| flow.target.kind() == NodeKind::Function) {
        let service = match flow.way {
            Way::RuleTarget => "events.amazonaws.com",
            Way::Subscription => "sns.amazonaws.com",
            Way::Notification => "s3.amazonaws.com",
            Way::IotRule => "iot.amazonaws.com",
            _ => continue,
        };
        // A rule may call under a role of its own instead.
        let no_role = |path: &[&str]| flow.owner.property(path).is_absent() && flow.settings.get(path).is_absent();
        if flow.way == Way::RuleTarget && !no_role(&["RoleArn"]) {
            continue;
        }
        if graph.may_invoke(service, flow.target, flow.source) != Some(false) {
            continue;
        }
        let sender = flow.source.map_or_else(|| flow.owner.id(), |source| source.name());
        cx.report(
            Place::within(flow.owner, flow.origin),
            format!("{sender} is to call {}, but no permission lets {service} do so", flow.target.name()),
        )
        .help(format!(
            "add an AWS::Lambda::Permission on {} with Principal {service} and the ARN of {sender} as SourceArn",
            flow.target.name()
        ))
        .related(flow.target, format!("{} is defined here", flow.target.name()));
    }
}
