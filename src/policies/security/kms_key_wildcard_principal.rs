use super::super::open_policies;
use crate::policy;
use crate::policy::Context;

policy! {
    /// A policy lets everybody use a key.
    ///
    /// ## Why it matters
    ///
    /// A statement with `Principal: '*'` and no condition on account, organisation or source lets
    /// every AWS account `kms:Decrypt`. Forged events then run through your functions, and your data
    /// can be read or deleted by strangers.
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
    /// AWS KMS developer guide, "Key policies" (principals); checkov CKV_AWS_33; cfn_nag F76; as of
    /// 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Transform: AWS::Serverless-2016-10-31
    /// Resources:
    ///   Key:
    ///     Type: AWS::KMS::Key
    ///     Properties: {KeyPolicy: {Statement: [{Effect: Allow, Principal: "*", Action: "kms:Decrypt", Resource: "*"}]}}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Transform: AWS::Serverless-2016-10-31
    /// Resources:
    ///   Key:
    ///     Type: AWS::KMS::Key
    ///     Properties: {KeyPolicy: {Statement: [{Effect: Allow, Principal: "*", Action: "kms:Decrypt", Resource: "*", Condition: {StringEquals: {"aws:PrincipalOrgID": o-a1b2c3d4e5}}}]}}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Key:
    ///       Type: AWS::KMS::Key
    ///       Properties: {KeyPolicy: {Statement: [{Effect: Allow, Principal: "*", Action: "kms:Decrypt", Resource: "*"}]}}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Key:
    ///       Type: AWS::KMS::Key
    ///       Properties: {KeyPolicy: {Statement: [{Effect: Allow, Principal: "*", Action: "kms:Decrypt", Resource: "*", Condition: {StringEquals: {"aws:PrincipalOrgID": o-a1b2c3d4e5}}}]}}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Key:
    ///     Type: AWS::KMS::Key
    ///     Properties: {KeyPolicy: {Statement: [{Effect: Allow, Principal: "*", Action: "kms:Decrypt", Resource: "*"}]}}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Key:
    ///     Type: AWS::KMS::Key
    ///     Properties: {KeyPolicy: {Statement: [{Effect: Allow, Principal: "*", Action: "kms:Decrypt", Resource: "*", Condition: {StringEquals: {"aws:PrincipalOrgID": o-a1b2c3d4e5}}}]}}
    /// ```
    pub(super) static POLICY = "kms-key-wildcard-principal" {
        category: Security, severity: High, profile: Recommended, fix: None, since: "0.1.0", risks: ["SAS-04"], check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    for resource in cx.graph.existing("AWS::KMS::Key") {
        let targets = cx.graph.node(resource.id()).into_iter().collect::<Vec<_>>();
        open_policies::report(cx, resource, &["KeyPolicy"], &targets);
    }
}
