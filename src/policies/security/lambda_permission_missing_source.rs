use super::super::{read, remedies, written};
use crate::finding::Severity;
use crate::graph::{NodeKind, Resource};
use crate::policy;
use crate::policy::{Context, Place, Remedy};

policy! {
    /// A permission lets a service invoke a function on behalf of any account.
    ///
    /// ## Why it matters
    ///
    /// A service such as S3 or SNS invokes functions for all of its customers. Without `SourceArn` or
    /// `SourceAccount`, anybody's bucket, topic or API can trigger the function as soon as its ARN is
    /// known: the confused deputy. The ARN of a bucket names no account, so a bucket that is deleted
    /// leaves its name, and the permission, to whoever takes it (a finding of low severity).
    ///
    /// ## How to fix
    ///
    /// Add `SourceArn` with the bucket, rule, topic or API that may invoke. For S3, whose ARNs hold
    /// no account, add `SourceAccount` too.
    ///
    /// ## When to suppress
    ///
    /// When the service gives no source ARN or account, as some partners' services do.
    ///
    /// ## Source
    ///
    /// AWS Lambda developer guide, "Granting function access to AWS services" (`SourceArn`,
    /// `SourceAccount`); checkov CKV_AWS_364; as of 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Transform: AWS::Serverless-2016-10-31
    /// Resources:
    ///   Invoke:
    ///     Type: AWS::Lambda::Permission
    ///     Properties: {FunctionName: !Ref Orders, Action: lambda:InvokeFunction, Principal: sns.amazonaws.com}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Transform: AWS::Serverless-2016-10-31
    /// Resources:
    ///   Invoke:
    ///     Type: AWS::Lambda::Permission
    ///     Properties: {FunctionName: !Ref Orders, Action: lambda:InvokeFunction, Principal: sns.amazonaws.com, SourceArn: !Ref Topic}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Invoke:
    ///       Type: AWS::Lambda::Permission
    ///       Properties: {FunctionName: !Ref Orders, Action: lambda:InvokeFunction, Principal: sns.amazonaws.com}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Invoke:
    ///       Type: AWS::Lambda::Permission
    ///       Properties: {FunctionName: !Ref Orders, Action: lambda:InvokeFunction, Principal: sns.amazonaws.com, SourceArn: !Ref Topic}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Invoke:
    ///     Type: AWS::Lambda::Permission
    ///     Properties: {FunctionName: !Ref Orders, Action: lambda:InvokeFunction, Principal: sns.amazonaws.com}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Uploads: {Type: AWS::S3::Bucket}
    ///   Invoke:
    ///     Type: AWS::Lambda::Permission
    ///     Properties: {FunctionName: !Ref Orders, Action: lambda:InvokeFunction, Principal: s3.amazonaws.com, SourceArn: !GetAtt Uploads.Arn}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Uploads: {Type: AWS::S3::Bucket}
    ///   Invoke:
    ///     Type: AWS::Lambda::Permission
    ///     Properties: {FunctionName: !Ref Orders, Action: lambda:InvokeFunction, Principal: s3.amazonaws.com, SourceArn: !GetAtt Uploads.Arn, SourceAccount: !Ref AWS::AccountId}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Invoke:
    ///     Type: AWS::Lambda::Permission
    ///     Properties: {FunctionName: !Ref Orders, Action: lambda:InvokeFunction, Principal: sns.amazonaws.com, SourceArn: !Ref Topic}
    /// ```
    pub(super) static POLICY = "lambda-permission-missing-source" {
        category: Security, severity: High, profile: Recommended, fix: Sometimes, since: "0.1.0", risks: ["SAS-02", "SAS-09"], check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    for permission in cx.graph.existing("AWS::Lambda::Permission") {
        // What the framework writes is not the author's to change.
        if permission.origin().is_generated() {
            continue;
        }
        let Some(service) = read::text(permission, &["Principal"], |text| text.ends_with(".amazonaws.com")) else {
            continue;
        };
        let sources = ["SourceArn", "SourceAccount", "PrincipalOrgID", "EventSourceToken"];
        if sources.iter().all(|name| permission.property(&[name]).is_absent()) {
            let remedy = source(cx, permission, &service);
            cx.report(
                Place::property(permission, &["Principal"]),
                format!("{} lets {service} invoke the function on behalf of any account", permission.id()),
            )
            .help("add SourceArn with the resource that may invoke, or SourceAccount: !Ref AWS::AccountId")
            .remedy(remedy);
        } else if service == "s3.amazonaws.com" {
            bucket_of_anybody(cx, permission);
        }
    }
}

/// The ARN of a bucket names no account: who deletes the bucket leaves its name to others.
fn bucket_of_anybody(cx: &mut Context<'_>, permission: Resource<'_>) {
    let narrowed = ["SourceAccount", "PrincipalOrgID"].iter().any(|name| !permission.property(&[name]).is_absent());
    let bucket = permission.property(&["SourceArn"]);
    let names_bucket = cx.graph.referred(&bucket).is_some_and(|node| node.kind() == NodeKind::Bucket)
        || bucket.symbolic().is_some_and(|arn| arn.contains(":s3:::"));
    if narrowed || !names_bucket {
        return;
    }
    let id = permission.id();
    let remedy = Remedy::risky(format!("Let only buckets of the own account use {id}"));
    cx.report(
        Place::property(permission, &["SourceArn"]),
        format!("{id} names a bucket and not whose it is: a bucket of that name may come to be somebody else's"),
    )
    .severity(Severity::Low)
    .help("add SourceAccount: !Ref AWS::AccountId")
    .remedy(remedy.put(permission, &["SourceAccount"], written::reference("AWS::AccountId")));
}

/// Services that say whose resource they call for.
const SAYS_ACCOUNT: [&str; 6] = [
    "config.amazonaws.com",
    "events.amazonaws.com",
    "iot.amazonaws.com",
    "s3.amazonaws.com",
    "ses.amazonaws.com",
    "sns.amazonaws.com",
];

/// The rule, topic or API that calls the function, where it is the only one; the own account
/// otherwise.
fn source(cx: &Context<'_>, permission: Resource<'_>, service: &str) -> Option<Remedy> {
    let kinds: &[NodeKind] = match service {
        "events.amazonaws.com" => &[NodeKind::Rule],
        "sns.amazonaws.com" => &[NodeKind::Topic],
        "apigateway.amazonaws.com" => &[NodeKind::RestApi, NodeKind::HttpApi, NodeKind::WebSocketApi],
        _ => &[],
    };
    let id = permission.id();
    let function = cx.graph.referred(&permission.property(&["FunctionName"]));
    let caller = function.and_then(|function| remedies::only_caller(function, kinds));
    if let Some((caller, arn)) = caller.and_then(|caller| Some((caller, remedies::arn_of(caller)?))) {
        let remedy = Remedy::risky(format!("Let only {} use {id}", caller.name()));
        return Some(remedy.put(permission, &["SourceArn"], arn));
    }
    SAYS_ACCOUNT.contains(&service).then(|| {
        let remedy = Remedy::risky(format!("Let only the own account use {id}"));
        remedy.put(permission, &["SourceAccount"], written::reference("AWS::AccountId"))
    })
}
