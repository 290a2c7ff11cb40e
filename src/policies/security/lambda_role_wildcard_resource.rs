use super::super::grants;
use crate::graph::{EdgeKind, Effect, Graph, NodeKind, NodeRef};
use crate::policy;
use crate::policy::{Context, Place};

policy! {
    /// A function's role allows actions on every resource although the template has the one meant.
    ///
    /// ## Why it matters
    ///
    /// `Resource: "*"` covers every table, queue and bucket of the account, those of other teams
    /// and of production included.
    ///
    /// ## How to fix
    ///
    /// Put the ARN of the resource in place of `*`: `!GetAtt Orders.Arn` for a table, with `/*` behind
    /// it for the objects of a bucket.
    ///
    /// ## When to suppress
    ///
    /// When the function is meant to work on all resources of that kind in the account.
    ///
    /// ## Source
    ///
    /// AWS IAM user guide, "Security best practices in IAM" (least privilege); cfn_nag W11; as of 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Transform: AWS::Serverless-2016-10-31
    /// Resources:
    ///   Work: {Type: AWS::SQS::Queue}
    ///   Role:
    ///     Type: AWS::IAM::Role
    ///     Properties:
    ///       AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]}
    ///       Policies: [{PolicyName: p, PolicyDocument: {Statement: [{Effect: Allow, Action: sqs:SendMessage, Resource: '*'}]}}]
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Transform: AWS::Serverless-2016-10-31
    /// Resources:
    ///   Work: {Type: AWS::SQS::Queue}
    ///   Role:
    ///     Type: AWS::IAM::Role
    ///     Properties:
    ///       AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]}
    ///       Policies: [{PolicyName: p, PolicyDocument: {Statement: [{Effect: Allow, Action: sqs:SendMessage, Resource: !GetAtt Work.Arn}]}}]
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Work: {Type: AWS::SQS::Queue}
    ///   Role:
    ///     Type: AWS::IAM::Role
    ///     Properties:
    ///       AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]}
    ///       Policies: [{PolicyName: p, PolicyDocument: {Statement: [{Effect: Allow, Action: sqs:SendMessage, Resource: '*'}]}}]
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Work: {Type: AWS::SQS::Queue}
    ///   Role:
    ///     Type: AWS::IAM::Role
    ///     Properties:
    ///       AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]}
    ///       Policies: [{PolicyName: p, PolicyDocument: {Statement: [{Effect: Allow, Action: sqs:SendMessage, Resource: !GetAtt Work.Arn}]}}]
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider:
    ///   name: aws
    ///   runtime: nodejs22.x
    ///   iam: {role: {statements: [{Effect: Allow, Action: ["s3:GetObject"], Resource: "*"}]}}
    /// functions:
    ///   orders: {handler: app.main}
    /// resources:
    ///   Resources:
    ///     Invoices: {Type: AWS::S3::Bucket}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider:
    ///   name: aws
    ///   runtime: nodejs22.x
    ///   iam: {role: {statements: [{Effect: Allow, Action: ["s3:GetObject"], Resource: !Sub "${Invoices.Arn}/*"}]}}
    /// functions:
    ///   orders: {handler: app.main}
    /// resources:
    ///   Resources:
    ///     Invoices: {Type: AWS::S3::Bucket}
    /// ```
    pub(super) static POLICY = "lambda-role-wildcard-resource" {
        category: Security, severity: Medium, profile: Recommended, fix: None, since: "0.1.0", risks: ["SAS-04"], check: check,
    }
}

/// Services with the sort of resource their actions work on.
const SERVICES: [(&str, NodeKind); 9] = [
    ("dynamodb", NodeKind::Table),
    ("events", NodeKind::Bus),
    ("firehose", NodeKind::Firehose),
    ("kinesis", NodeKind::Stream),
    ("s3", NodeKind::Bucket),
    ("secretsmanager", NodeKind::Secret),
    ("sns", NodeKind::Topic),
    ("sqs", NodeKind::Queue),
    ("states", NodeKind::StateMachine),
];

/// Actions that take no resource, besides those that list or describe.
const WITHOUT_RESOURCE: [&str; 12] = [
    "dynamodb:describelimits",
    "dynamodb:describeendpoints",
    "kinesis:describelimits",
    "s3:getaccesspoint",
    "secretsmanager:getrandompassword",
    "sns:checkifphonenumberisoptedout",
    "sns:setsmsattributes",
    "sns:getsmsattributes",
    // Task tokens belong to executions and activities.
    "states:getactivitytask",
    "states:sendtaskfailure",
    "states:sendtaskheartbeat",
    "states:sendtasksuccess",
];

fn check(cx: &mut Context<'_>) {
    let graph = cx.graph;
    for (role, functions) in grants::function_roles(graph) {
        for statement in role.statements() {
            let Some(wildcard) = statement.resources.iter().find(|term| term.is_wildcard()) else { continue };
            if statement.effect != Effect::Allow || !statement.conditions.is_empty() {
                continue;
            }
            // The first action for which the template has a resource.
            let found = statement.actions.iter().find_map(|term| {
                let action = term.text.as_deref()?;
                let resources = meant(graph, action);
                (!resources.is_empty()).then_some((action, resources))
            });
            let Some((action, resources)) = found else { continue };
            let who = grants::names(&functions);
            let names: Vec<&str> = resources.iter().take(3).map(|node| node.name()).collect();
            let (noun, plural) = (resources[0].kind().noun(), if resources.len() == 1 { "" } else { "s" });
            let mut report = cx
                .report(
                    Place::from(wildcard.origin),
                    format!(
                        "the role of {who} allows {action} on every {noun} of the account; the template has the {noun}{plural} {}",
                        names.join(", ")
                    ),
                )
                .resource(role.node().name())
                .help(match resources.as_slice() {
                    [one] => format!("replace * by the ARN of {}", one.name()),
                    _ => format!("replace * by the ARNs of the {noun}s the code uses"),
                });
            for node in resources.iter().take(3) {
                report = report.related(*node, format!("{} is defined here", node.name()));
            }
        }
    }
}

/// The resources of the template that an action can be meant for.
fn meant<'g>(graph: &'g Graph, action: &str) -> Vec<NodeRef<'g>> {
    let lower = action.to_ascii_lowercase();
    let Some((service, name)) = lower.split_once(':') else { return Vec::new() };
    // What is created has no ARN of this template.
    if name.starts_with("create") {
        return Vec::new();
    }
    let lists = name.starts_with("list") && !matches!(name, "listbucket" | "listobjects" | "listobjectsv2");
    if lists || name == "describe*" || WITHOUT_RESOURCE.contains(&&*lower) {
        return Vec::new();
    }
    let Some((_, kind)) = SERVICES.iter().find(|(known, _)| *known == service) else { return Vec::new() };
    // Of events, only putting them works on a bus.
    if *kind == NodeKind::Bus && name != "putevents" {
        return Vec::new();
    }
    let exists = |node: &NodeRef<'_>| {
        node.resource().is_some_and(|resource| {
            let secret = *kind != NodeKind::Secret || resource.ty() == "AWS::SecretsManager::Secret";
            // What alarms notify is meant for people, not for the code.
            let alarmed = node.sources(EdgeKind::Notifies).any(|source| source.kind() == NodeKind::Alarm);
            secret && !alarmed && resource.exists() != Some(false) && !resource.origin().is_generated()
        })
    };
    graph.nodes_of(*kind).filter(exists).collect()
}
