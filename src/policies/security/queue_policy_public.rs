use super::super::open_policies;
use crate::policy;
use crate::policy::Context;

policy! {
    /// A policy lets everybody use a queue.
    ///
    /// ## Why it matters
    ///
    /// A statement with `Principal: '*'` and no condition on account, organisation or source lets
    /// every AWS account `sqs:SendMessage`. Forged events then run through your functions, and your
    /// data can be read or deleted by strangers.
    ///
    /// ## How to fix
    ///
    /// Name the account or the service in `Principal`. Where a service needs `*`, add a condition on
    /// `aws:SourceArn`, `aws:SourceAccount` or `aws:PrincipalOrgID`.
    ///
    /// ## When to suppress
    ///
    /// When a condition that the template does not show keeps others out.
    ///
    /// ## Source
    ///
    /// Amazon SQS developer guide, "Amazon SQS security best practices" (queues are not publicly
    /// accessible); cfn_nag F21; as of 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Transform: AWS::Serverless-2016-10-31
    /// Resources:
    ///   Access:
    ///     Type: AWS::SQS::QueuePolicy
    ///     Properties: {Queues: [!Ref Jobs], PolicyDocument: {Statement: [{Effect: Allow, Principal: "*", Action: "sqs:SendMessage", Resource: "*"}]}}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Transform: AWS::Serverless-2016-10-31
    /// Resources:
    ///   Access:
    ///     Type: AWS::SQS::QueuePolicy
    ///     Properties: {Queues: [!Ref Jobs], PolicyDocument: {Statement: [{Effect: Allow, Principal: "*", Action: "sqs:SendMessage", Resource: "*", Condition: {StringEquals: {"aws:PrincipalOrgID": o-a1b2c3d4e5}}}]}}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Access:
    ///       Type: AWS::SQS::QueuePolicy
    ///       Properties: {Queues: [!Ref Jobs], PolicyDocument: {Statement: [{Effect: Allow, Principal: "*", Action: "sqs:SendMessage", Resource: "*"}]}}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Access:
    ///       Type: AWS::SQS::QueuePolicy
    ///       Properties: {Queues: [!Ref Jobs], PolicyDocument: {Statement: [{Effect: Allow, Principal: "*", Action: "sqs:SendMessage", Resource: "*", Condition: {StringEquals: {"aws:PrincipalOrgID": o-a1b2c3d4e5}}}]}}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Access:
    ///     Type: AWS::SQS::QueuePolicy
    ///     Properties: {Queues: [!Ref Jobs], PolicyDocument: {Statement: [{Effect: Allow, Principal: "*", Action: "sqs:SendMessage", Resource: "*"}]}}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Access:
    ///     Type: AWS::SQS::QueuePolicy
    ///     Properties: {Queues: [!Ref Jobs], PolicyDocument: {Statement: [{Effect: Allow, Principal: "*", Action: "sqs:SendMessage", Resource: "*", Condition: {StringEquals: {"aws:PrincipalOrgID": o-a1b2c3d4e5}}}]}}
    /// ```
    pub(super) static POLICY = "queue-policy-public" {
        category: Security, severity: Critical, profile: Recommended, fix: None, since: "0.1.0", risks: ["SAS-02", "SAS-09"], check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    for resource in cx.graph.existing("AWS::SQS::QueuePolicy") {
        let targets = open_policies::targets(cx, resource, &["Queues"]);
        open_policies::report(cx, resource, &["PolicyDocument"], &targets);
    }
}
