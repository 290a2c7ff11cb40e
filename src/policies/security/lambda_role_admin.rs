use super::super::grants;
use crate::graph::{Effect, Term};
use crate::policy;
use crate::policy::{Context, Place};

policy! {
    /// A function runs with the rights of an administrator.
    ///
    /// ## Why it matters
    ///
    /// Code that is tricked into one call, or one poisoned dependency, then owns the account: its data,
    /// its users, its other workloads.
    ///
    /// ## How to fix
    ///
    /// Name the actions and resources that the function needs, and remove the administrator policy.
    ///
    /// ## When to suppress
    ///
    /// When the function deploys accounts, and only that.
    ///
    /// ## Source
    ///
    /// AWS IAM user guide, "Security best practices in IAM" (least privilege); checkov CKV_AWS_62,
    /// CKV_AWS_63; cfn_nag F3; as of 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Policies: [AdministratorAccess]}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Policies: [AWSLambdaBasicExecutionRole]}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider:
    ///   name: aws
    ///   runtime: nodejs22.x
    ///   iam: {role: {statements: [{Effect: Allow, Action: "*", Resource: "*"}]}}
    /// functions:
    ///   orders: {handler: app.main}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider:
    ///   name: aws
    ///   runtime: nodejs22.x
    ///   iam: {role: {statements: [{Effect: Allow, Action: "sqs:SendMessage", Resource: "arn:aws:sqs:eu-west-1:123456789012:work"}]}}
    /// functions:
    ///   orders: {handler: app.main}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Role:
    ///     Type: AWS::IAM::Role
    ///     Properties:
    ///       AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]}
    ///       ManagedPolicyArns: ['arn:aws:iam::aws:policy/PowerUserAccess']
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Role:
    ///     Type: AWS::IAM::Role
    ///     Properties:
    ///       AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]}
    ///       ManagedPolicyArns: ['arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole']
    /// ```
    pub(super) static POLICY = "lambda-role-admin" {
        category: Security, severity: Critical, profile: Recommended, fix: None, since: "0.1.0", risks: ["SAS-04"], check: check,
    }
}

/// Managed policies that amount to owning the account.
const POLICIES: [&str; 3] = ["AdministratorAccess", "PowerUserAccess", "IAMFullAccess"];

fn check(cx: &mut Context<'_>) {
    let help = "name the actions and resources that the code needs";
    for (role, functions) in grants::function_roles(cx.graph) {
        let id = role.node().name();
        let who = match functions.as_slice() {
            [] => format!("whoever runs under {id}"),
            functions => grants::names(functions),
        };
        for policy in role.managed_policies() {
            let Some(arn) = policy.text.as_deref() else { continue };
            let Some(name) = arn.rsplit('/').next().filter(|name| arn.contains(":policy/") && POLICIES.contains(name))
            else {
                continue;
            };
            cx.report(Place::from(policy.origin), format!("{who} may do almost anything in the account by {name}"))
                .resource(id)
                .help(help);
        }
        for statement in role.statements() {
            let everything = |terms: &[Term]| terms.iter().find(|term| term.is_wildcard()).map(|term| term.origin);
            let action = everything(&statement.actions);
            if let (Some(origin), Some(_), Effect::Allow, true) =
                (action, everything(&statement.resources), statement.effect, statement.conditions.is_empty())
            {
                cx.report(
                    Place::from(origin),
                    format!("{who} may do anything in the account: every action on every resource"),
                )
                .resource(id)
                .help(help);
            }
        }
    }
}
