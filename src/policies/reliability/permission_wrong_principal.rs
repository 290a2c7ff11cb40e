use crate::graph::Target;
use crate::policy;
use crate::policy::{Context, Place, Remedy};

policy! {
    /// A permission lets a service call for something that belongs to another service.
    ///
    /// ## Why it matters
    ///
    /// `Principal` is who calls, `SourceArn` for which resource. S3 never calls for a topic: the permission
    /// allows nothing, and the service that owns the resource is refused.
    ///
    /// ## How to fix
    ///
    /// Write the principal of the service that owns the resource of `SourceArn`, or correct the ARN.
    ///
    /// ## When to suppress
    ///
    /// Never: the permission has no effect.
    ///
    /// ## Source
    ///
    /// AWS Lambda developer guide, "Granting function access to AWS services"; Service Authorization
    /// Reference (which service owns a resource type); cfn-lint W3664; read 2026-11.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Transform: AWS::Serverless-2016-10-31
    /// Resources:
    ///   Orders: {Type: AWS::Serverless::Function, Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/}}
    ///   Topic: {Type: AWS::SNS::Topic}
    ///   Invoke:
    ///     Type: AWS::Lambda::Permission
    ///     Properties: {FunctionName: !Ref Orders, Action: lambda:InvokeFunction, Principal: s3.amazonaws.com, SourceArn: !Ref Topic}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Transform: AWS::Serverless-2016-10-31
    /// Resources:
    ///   Orders: {Type: AWS::Serverless::Function, Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/}}
    ///   Topic: {Type: AWS::SNS::Topic}
    ///   Invoke:
    ///     Type: AWS::Lambda::Permission
    ///     Properties: {FunctionName: !Ref Orders, Action: lambda:InvokeFunction, Principal: sns.amazonaws.com, SourceArn: !Ref Topic}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Logs: {Type: AWS::Logs::LogGroup}
    ///   Invoke:
    ///     Type: AWS::Lambda::Permission
    ///     Properties: {FunctionName: orders, Action: lambda:InvokeFunction, Principal: events.amazonaws.com, SourceArn: !GetAtt Logs.Arn}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Logs: {Type: AWS::Logs::LogGroup}
    ///   Invoke:
    ///     Type: AWS::Lambda::Permission
    ///     Properties: {FunctionName: orders, Action: lambda:InvokeFunction, Principal: !Sub 'logs.${AWS::Region}.amazonaws.com', SourceArn: !GetAtt Logs.Arn}
    ///   Regional:
    ///     Type: AWS::Lambda::Permission
    ///     Properties: {FunctionName: orders, Action: lambda:InvokeFunction, Principal: logs.eu-west-1.amazonaws.com, SourceArn: !GetAtt Logs.Arn}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   orders: {handler: app.main}
    /// resources:
    ///   Resources:
    ///     Pool: {Type: AWS::Cognito::UserPool}
    ///     Invoke:
    ///       Type: AWS::Lambda::Permission
    ///       Properties: {FunctionName: !Ref OrdersLambdaFunction, Action: lambda:InvokeFunction, Principal: apigateway.amazonaws.com, SourceArn: !GetAtt Pool.Arn}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   orders: {handler: app.main}
    /// resources:
    ///   Resources:
    ///     Pool: {Type: AWS::Cognito::UserPool}
    ///     Invoke:
    ///       Type: AWS::Lambda::Permission
    ///       Properties: {FunctionName: !Ref OrdersLambdaFunction, Action: lambda:InvokeFunction, Principal: cognito-idp.amazonaws.com, SourceArn: !GetAtt Pool.Arn}
    /// ```
    pub(super) static POLICY = "permission-wrong-principal" {
        category: Reliability, severity: High, profile: Recommended, fix: Sometimes, since: "0.1.0", check: check,
    }
}

/// Resource types for which one service alone calls functions.
const OWNERS: [(&str, &str); 12] = [
    ("AWS::ApiGateway::RestApi", "apigateway"),
    ("AWS::ApiGatewayV2::Api", "apigateway"),
    ("AWS::Cognito::UserPool", "cognito-idp"),
    ("AWS::Config::ConfigRule", "config"),
    ("AWS::ElasticLoadBalancingV2::TargetGroup", "elasticloadbalancing"),
    ("AWS::Events::Rule", "events"),
    ("AWS::IoT::TopicRule", "iot"),
    ("AWS::Logs::LogGroup", "logs"),
    ("AWS::S3::Bucket", "s3"),
    ("AWS::SecretsManager::Secret", "secretsmanager"),
    ("AWS::SES::ReceiptRule", "ses"),
    ("AWS::SNS::Topic", "sns"),
];

fn check(cx: &mut Context<'_>) {
    for permission in cx.graph.permissions() {
        let resource = permission.resource();
        if resource.exists() == Some(false) || resource.origin().is_generated() {
            continue;
        }
        let Target::Node(source, _) = permission.source() else { continue };
        let Some(source) = source.resource() else { continue };
        let Some((_, owner)) = OWNERS.iter().find(|(ty, _)| *ty == source.ty()) else { continue };
        let Some(principal) = permission.principal_text() else { continue };
        // Some services have a principal for each region.
        let Some(service) = principal.split_once(".amazonaws.com").map(|(start, _)| start) else { continue };
        if service.split('.').next() == Some(owner) {
            continue;
        }
        let right = format!("{owner}.amazonaws.com");
        let place = Place::property(resource, &["Principal"]);
        let origin = place.origin;
        cx.report(
            place,
            format!("{} lets {principal} call for {}, for which only {right} calls", resource.id(), source.id()),
        )
        .help(format!("write the principal {right}, or correct SourceArn"))
        .related(Place::property(resource, &["SourceArn"]), format!("names {}", source.id()))
        .remedy(Remedy::risky(format!("Let {right} call")).replace(origin, &principal, right));
    }
}
