use super::super::{read, statements};
use crate::graph::Resource;
use crate::policy;
use crate::policy::{Context, Place};

policy! {
    /// A policy allows any role to be passed to any service.
    ///
    /// ## Why it matters
    ///
    /// Whoever may pass every role can start a function, an instance or a task with the strongest
    /// role of the account, and so take over its permissions. `iam:PassRole` on `*` is the common
    /// first step of privilege escalation.
    ///
    /// ## How to fix
    ///
    /// State the ARN of the role that is passed, and add a condition on `iam:PassedToService`.
    ///
    /// ## When to suppress
    ///
    /// Hardly ever: name the roles, or set `iam:PassedToService`.
    ///
    /// ## Source
    ///
    /// AWS IAM user guide, "Grant a user permissions to pass a role to an AWS service"; cfn_nag F38 to F40;
    /// as of 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Transform: AWS::Serverless-2016-10-31
    /// Resources:
    ///   Role:
    ///     Type: AWS::IAM::Role
    ///     Properties: {AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]}, Policies: [{PolicyName: p, PolicyDocument: {Statement: [{Effect: Allow, Action: iam:PassRole, Resource: '*'}]}}]}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Transform: AWS::Serverless-2016-10-31
    /// Resources:
    ///   Role:
    ///     Type: AWS::IAM::Role
    ///     Properties: {AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]}, Policies: [{PolicyName: p, PolicyDocument: {Statement: [{Effect: Allow, Action: iam:PassRole, Resource: '*', Condition: {StringEquals: {'iam:PassedToService': ecs-tasks.amazonaws.com}}}]}}]}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Role:
    ///     Type: AWS::IAM::Role
    ///     Properties: {AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]}, Policies: [{PolicyName: p, PolicyDocument: {Statement: [{Effect: Allow, Action: iam:PassRole, Resource: '*'}]}}]}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Role:
    ///     Type: AWS::IAM::Role
    ///     Properties: {AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]}, Policies: [{PolicyName: p, PolicyDocument: {Statement: [{Effect: Allow, Action: iam:PassRole, Resource: '*', Condition: {StringEquals: {'iam:PassedToService': ecs-tasks.amazonaws.com}}}]}}]}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x, iam: {role: {statements: [{Effect: Allow, Action: [iam:PassRole], Resource: "*"}]}}}
    /// functions:
    ///   orders: {handler: app.main}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x, iam: {role: {statements: [{Effect: Allow, Action: [iam:PassRole], Resource: "arn:aws:iam::123456789012:role/task"}]}}}
    /// functions:
    ///   orders: {handler: app.main}
    /// ```
    pub(super) static POLICY = "role-passrole-wildcard" {
        category: Security, severity: High, profile: Recommended, fix: None, since: "0.1.0", risks: ["SAS-04"], check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    for role in cx.graph.existing("AWS::IAM::Role") {
        for policy in read::list(role, &["Policies"]).borrowed() {
            let document = cx.template().walk(policy, &["PolicyDocument"]);
            judge(cx, role, &statements::within(role.template(), &document));
        }
    }
    for ty in ["AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "AWS::IAM::RolePolicy"] {
        for policy in cx.graph.existing(ty) {
            judge(cx, policy, &statements::statements(policy, &["PolicyDocument"]));
        }
    }
}

fn judge(cx: &mut Context<'_>, resource: Resource<'_>, statements: &[statements::Statement<'_>]) {
    for statement in statements {
        let passes = statement.actions().iter().any(|action| {
            let action = action.to_ascii_lowercase();
            action == "iam:*"
                || (action.starts_with("iam:pass") && "iam:passrole".starts_with(action.trim_end_matches('*')))
        });
        if passes
            && statement.allows()
            && statement.is_for_every_resource()
            && !statement.has_condition(&["iam:passedtoservice"])
        {
            cx.report(
                Place::within(resource, statement.value.origin),
                format!("{} allows iam:PassRole for every role and every service", resource.id()),
            )
            .help("state the ARN of the role, and add a condition on iam:PassedToService");
        }
    }
}
