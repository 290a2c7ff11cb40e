use super::super::{flows, remedies, written};
use crate::graph::NodeKind;
use crate::policy;
use crate::policy::{Context, Place, Remedy};
use flows::Way;

policy! {
    /// A service is to call a function that does not let it.
    ///
    /// Rules, topics, buckets, APIs, user pools and log groups need a permission of the function; rules,
    /// schedules and pipes that call under a role need a role that allows it.
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
    ///   Caller:
    ///     Type: AWS::IAM::Role
    ///     Properties:
    ///       AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: scheduler.amazonaws.com}, Action: sts:AssumeRole}]}
    ///       Policies: [{PolicyName: call, PolicyDocument: {Statement: [{Effect: Allow, Action: sqs:SendMessage, Resource: arn:aws:sqs:eu-west-1:123456789012:jobs}]}}]
    ///   Nightly:
    ///     Type: AWS::Scheduler::Schedule
    ///     Properties: {ScheduleExpression: rate(1 day), FlexibleTimeWindow: {Mode: 'OFF'}, Target: {Arn: !GetAtt Orders.Arn, RoleArn: !GetAtt Caller.Arn}}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !Sub 'arn:aws:iam::${AWS::AccountId}:role/r'}
    ///   Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: shop}}
    ///   Get:
    ///     Type: AWS::ApiGateway::Method
    ///     Properties: {RestApiId: !Ref Api, ResourceId: !GetAtt Api.RootResourceId, HttpMethod: GET, AuthorizationType: AWS_IAM, Integration: {Type: AWS_PROXY, IntegrationHttpMethod: POST, Uri: !Sub 'arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Orders.Arn}/invocations'}}
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
        category: Reliability, severity: High, profile: Recommended, fix: Sometimes, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    let graph = cx.graph;
    for flow in flows::flows(cx).iter().filter(|flow| flow.target.kind() == NodeKind::Function) {
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
        let remedy = permission(cx, flow, service);
        cx.report(
            Place::within(flow.owner, flow.origin),
            format!("{sender} is to call {}, but no permission lets {service} do so", flow.target.name()),
        )
        .help(format!(
            "add an AWS::Lambda::Permission on {} with Principal {service} and the ARN of {sender} as SourceArn",
            flow.target.name()
        ))
        .remedy(remedy)
        .related(flow.target, format!("{} is defined here", flow.target.name()));
    }
    others(cx);
}

/// The permission that is missing, where the sender is a rule or topic of the template.
fn permission(cx: &Context<'_>, flow: &flows::Flow<'_>, service: &str) -> Option<Remedy> {
    let source = match flow.way {
        Way::RuleTarget => written::attribute(flow.owner.id(), "Arn"),
        Way::Subscription => remedies::arn_of(flow.source?)?,
        _ => return None,
    };
    let (function, resource) = (flow.target.logical_id()?, flow.target.resource()?);
    // Only a plain function: a permission is for one version or alias.
    if resource.ty() != "AWS::Lambda::Function" || flow.owner.origin().is_generated() {
        return None;
    }
    let properties = serde_json::json!({
        "FunctionName": written::reference(function),
        "Action": "lambda:InvokeFunction",
        "Principal": service,
        "SourceArn": source,
    });
    let id = cx.fresh_id(&format!("{}Permission", flow.owner.id()));
    let title = format!("Let {} call {function}", flow.owner.id());
    Some(Remedy::risky(title).add(id, flow.owner, "AWS::Lambda::Permission", properties))
}

/// Callers that come by a role of their own, and services that no event is about.
fn others(cx: &mut Context<'_>) {
    use super::super::callers::{Right, without_right};
    for caller in without_right(cx) {
        let function = caller.function.name();
        let place = match caller.owner {
            Some(owner) => Place::within(owner, caller.origin),
            None => Place::from(caller.origin),
        };
        let name = caller.name;
        let report = match caller.right {
            Right::Permission(service) => cx
                .report(place, format!("{name} is to call {function}, but no permission lets {service} do so"))
                .help(match caller.source {
                    Some(source) => format!(
                        "add an AWS::Lambda::Permission on {function} with Principal {service} and the ARN of {} as SourceArn",
                        source.name()
                    ),
                    None => format!("add an AWS::Lambda::Permission on {function} with Principal {service}"),
                }),
            Right::Role(role) => cx
                .report(place, format!("{name} is to call {function}, but its role {} does not allow it", role.name()))
                .help(format!("allow lambda:InvokeFunction on {function} in {}", role.name()))
                .related(role, format!("{name} calls under {}", role.name())),
        };
        report.related(caller.function, format!("{function} is defined here"));
    }
}
