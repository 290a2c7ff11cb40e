use super::super::grants;
use crate::graph::{EdgeKind, Effect, Resource};
use crate::policy;
use crate::policy::{Context, Place};

policy! {
    /// A function may not write its own log.
    ///
    /// The role has neither `logs:CreateLogStream` nor `logs:PutLogEvents`, or one of them is missing. A
    /// role that denies them expressly says that no log is wanted, and is left alone.
    ///
    /// ## Why it matters
    ///
    /// Lambda sends what the function prints, its errors and the line with its duration and memory with the
    /// function's role. Without the permission all of it is dropped without a word: the function works, and
    /// when it fails there is nothing to look at.
    ///
    /// ## How to fix
    ///
    /// Attach `AWSLambdaBasicExecutionRole`, or allow the two actions on the function's log group.
    ///
    /// ## When to suppress
    ///
    /// When an extension sends the logs elsewhere.
    ///
    /// ## Source
    ///
    /// AWS Lambda developer guide, "Sending Lambda function logs to CloudWatch Logs" (required
    /// permissions); cfn_nag W58; read 2026-11.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Role:
    ///     Type: AWS::IAM::Role
    ///     Properties:
    ///       AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]}
    ///       Policies: [{PolicyName: data, PolicyDocument: {Statement: [{Effect: Allow, Action: dynamodb:GetItem, Resource: arn:aws:dynamodb:eu-west-1:123456789012:table/orders}]}}]
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Role: !GetAtt Role.Arn}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Role:
    ///     Type: AWS::IAM::Role
    ///     Properties:
    ///       AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]}
    ///       ManagedPolicyArns: [arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Role: !GetAtt Role.Arn}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Role:
    ///       Type: AWS::IAM::Role
    ///       Properties:
    ///         AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]}
    ///         Policies: [{PolicyName: logs, PolicyDocument: {Statement: [{Effect: Allow, Action: logs:CreateLogGroup, Resource: '*'}]}}]
    ///     Orders:
    ///       Type: AWS::Lambda::Function
    ///       Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Role:
    ///       Type: AWS::IAM::Role
    ///       Properties:
    ///         AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]}
    ///         Policies: [{PolicyName: logs, PolicyDocument: {Statement: [{Effect: Allow, Action: [logs:CreateLogStream, logs:PutLogEvents], Resource: '*'}]}}]
    ///     Orders:
    ///       Type: AWS::Lambda::Function
    ///       Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Role:
    ///     Type: AWS::IAM::Role
    ///     Properties:
    ///       AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]}
    ///       Policies: [{PolicyName: logs, PolicyDocument: {Statement: [{Effect: Allow, Action: logs:CreateLogGroup, Resource: '*'}]}}]
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Role:
    ///     Type: AWS::IAM::Role
    ///     Properties:
    ///       AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]}
    ///       Policies: [{PolicyName: logs, PolicyDocument: {Statement: [{Effect: Allow, Action: [logs:CreateLogStream, logs:PutLogEvents], Resource: '*'}]}}]
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn}
    /// ```
    pub(super) static POLICY = "function-cannot-write-logs" {
        category: Monitoring, severity: High, profile: Recommended, fix: None, since: "0.1.0", risks: ["SAS-05"], check: check,
    }
}

const ACTIONS: [&str; 2] = ["logs:CreateLogStream", "logs:PutLogEvents"];

fn check(cx: &mut Context<'_>) {
    for (role, functions) in grants::function_roles(cx.graph) {
        let Some((first, _)) = functions.split_first() else { continue };
        // What the framework makes for its own helpers is not the author's to change.
        let own = |resource: &Resource<'_>| !(cx.template().is_service() && resource.origin().is_generated());
        let Some(resource) = role.node().resource().filter(own) else { continue };
        let denied = role.statements().iter().any(|statement| {
            statement.effect != Effect::Allow
                && ACTIONS.iter().any(|action| statement.covers_action(action) != Some(false))
        });
        let missing: Vec<&str> =
            ACTIONS.into_iter().filter(|action| role.allows(action, None) == Some(false)).collect();
        if denied || missing.is_empty() {
            continue;
        }
        let names = grants::names(&functions);
        let verb = if functions.len() == 1 { "writes" } else { "write" };
        let mut report = cx
            .report(
                Place::from(resource),
                format!("{names} {verb} no log: {} does not allow {}", resource.id(), missing.join(" and ")),
            )
            .help("attach AWSLambdaBasicExecutionRole, or allow the actions on the log group");
        for edge in first.outgoing().filter(|edge| edge.kind() == EdgeKind::Assumes) {
            report = report.related(edge.origin(), format!("{} runs under {}", first.name(), resource.id()));
        }
    }
}
