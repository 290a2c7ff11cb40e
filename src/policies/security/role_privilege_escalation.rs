use super::super::{read, statements};
use crate::policy;
use crate::policy::{Context, Place};

/// Actions that alone suffice to gain the permissions of another identity, in lower case
/// (the escalation paths that IAM security audits look for).
const ACTIONS: [&str; 14] = [
    "iam:createpolicyversion",
    "iam:setdefaultpolicyversion",
    "iam:createaccesskey",
    "iam:createloginprofile",
    "iam:updateloginprofile",
    "iam:attachuserpolicy",
    "iam:attachgrouppolicy",
    "iam:attachrolepolicy",
    "iam:putuserpolicy",
    "iam:putgrouppolicy",
    "iam:putrolepolicy",
    "iam:addusertogroup",
    "iam:updateassumerolepolicy",
    "iam:deleterolepermissionsboundary",
];

policy! {
    /// The role of a function can give itself more permissions.
    ///
    /// ## Why it matters
    ///
    /// With actions such as `iam:AttachRolePolicy` or `iam:CreatePolicyVersion` on every resource,
    /// code that runs in the function, also injected code, can make itself administrator of the
    /// account.
    ///
    /// ## How to fix
    ///
    /// Remove the action, or state the ARNs of the roles and policies it is meant for. Add a
    /// permissions boundary where roles must be created.
    ///
    /// ## When to suppress
    ///
    /// When the function administers roles, and a permissions boundary limits what it can give.
    ///
    /// ## Source
    ///
    /// AWS IAM user guide, "Permissions boundaries for IAM entities"; checkov CKV_AWS_110; cfripper
    /// PrivilegeEscalationRule; as of 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Role:
    ///       Type: AWS::IAM::Role
    ///       Properties: {AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]}, Policies: [{PolicyName: p, PolicyDocument: {Statement: [{Effect: Allow, Action: [iam:AttachRolePolicy, logs:PutLogEvents], Resource: '*'}]}}]}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Role:
    ///       Type: AWS::IAM::Role
    ///       Properties: {AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]}, Policies: [{PolicyName: p, PolicyDocument: {Statement: [{Effect: Allow, Action: iam:AttachRolePolicy, Resource: 'arn:aws:iam::123456789012:role/tenant-a'}]}}]}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Role:
    ///     Type: AWS::IAM::Role
    ///     Properties: {AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]}, Policies: [{PolicyName: p, PolicyDocument: {Statement: [{Effect: Allow, Action: [iam:AttachRolePolicy, logs:PutLogEvents], Resource: '*'}]}}]}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Role:
    ///     Type: AWS::IAM::Role
    ///     Properties: {AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]}, Policies: [{PolicyName: p, PolicyDocument: {Statement: [{Effect: Allow, Action: iam:AttachRolePolicy, Resource: 'arn:aws:iam::123456789012:role/tenant-a'}]}}]}
    /// ```
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Policies: [{Statement: [{Effect: Allow, Action: iam:CreateAccessKey, Resource: '*'}]}]}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Policies: [{Statement: [{Effect: Allow, Action: iam:GetUser, Resource: '*'}]}]}
    /// ```
    pub(super) static POLICY = "role-privilege-escalation" {
        category: Security, severity: High, profile: Recommended, fix: None, since: "0.1.0", risks: ["SAS-04"], check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    for role in cx.graph.existing("AWS::IAM::Role") {
        let trust = statements::statements(role, &["AssumeRolePolicyDocument"]);
        let for_functions = trust.iter().any(|statement| {
            let service = cx.template().walk(statement.value, &["Principal", "Service"]);
            read::items(cx.template(), service).texts().any(|name| name.starts_with("lambda."))
        });
        if !for_functions || !role.property(&["PermissionsBoundary"]).is_absent() {
            continue;
        }
        for policy in read::list(role, &["Policies"]).borrowed() {
            let document = cx.template().walk(policy, &["PolicyDocument"]);
            for statement in statements::within(cx.template(), &document) {
                if !statement.allows() || !statement.is_for_every_resource() {
                    continue;
                }
                let conditional = !cx.template().walk(statement.value, &["Condition"]).is_absent();
                let action = statement.actions().into_iter().find(|action| escalates(action));
                if let Some(action) = action.filter(|_| !conditional) {
                    cx.report(
                        Place::within(role, statement.value.origin),
                        format!("{} allows {action} on every resource, with which a function can give itself any permission", role.id()),
                    )
                    .help("remove the action, or state the ARNs it is meant for");
                }
            }
        }
    }
}

/// Whether the action, which may end in `*`, covers one of the dangerous ones. `*` alone is
/// an administrator, which is another finding.
fn escalates(action: &str) -> bool {
    let action = action.to_ascii_lowercase();
    match action.strip_suffix('*') {
        Some("") => false,
        Some(prefix) => prefix.starts_with("iam:") && ACTIONS.iter().any(|known| known.starts_with(prefix)),
        None => ACTIONS.contains(&&*action),
    }
}
