use super::super::{read, statements::Statement};
use crate::policy;
use crate::policy::{Context, Place};

policy! {
    /// A policy lets every account put events on a bus.
    ///
    /// ## Why it matters
    ///
    /// Anybody can then send events that your rules match, and so start functions and workflows with
    /// forged data, on your bill.
    ///
    /// ## How to fix
    ///
    /// Name the account in `Principal`, or add a condition on `aws:PrincipalOrgID`.
    ///
    /// ## When to suppress
    ///
    /// When a condition that the template does not show keeps others out.
    ///
    /// ## Source
    ///
    /// Amazon EventBridge user guide, "Permissions for event buses"; cdk-nag AwsSolutions-EVB1; as of
    /// 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Transform: AWS::Serverless-2016-10-31
    /// Resources:
    ///   Partners:
    ///     Type: AWS::Events::EventBusPolicy
    ///     Properties: {StatementId: partners, Action: events:PutEvents, Principal: '*'}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Transform: AWS::Serverless-2016-10-31
    /// Resources:
    ///   Partners:
    ///     Type: AWS::Events::EventBusPolicy
    ///     Properties: {StatementId: partners, Action: events:PutEvents, Principal: '*', Condition: {Type: StringEquals, Key: aws:PrincipalOrgID, Value: o-a1b2c3d4e5}}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Partners:
    ///       Type: AWS::Events::EventBusPolicy
    ///       Properties: {StatementId: partners, Action: events:PutEvents, Principal: '*'}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Partners:
    ///       Type: AWS::Events::EventBusPolicy
    ///       Properties: {StatementId: partners, Action: events:PutEvents, Principal: '*', Condition: {Type: StringEquals, Key: aws:PrincipalOrgID, Value: o-a1b2c3d4e5}}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Partners:
    ///     Type: AWS::Events::EventBusPolicy
    ///     Properties: {StatementId: partners, Action: events:PutEvents, Principal: '*'}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Partners:
    ///     Type: AWS::Events::EventBusPolicy
    ///     Properties: {StatementId: partners, Action: events:PutEvents, Principal: '*', Condition: {Type: StringEquals, Key: aws:PrincipalOrgID, Value: o-a1b2c3d4e5}}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Partners:
    ///     Type: AWS::Events::EventBusPolicy
    ///     Properties: {StatementId: partners, Statement: {Effect: Allow, Principal: '*', Action: events:PutEvents, Resource: !GetAtt Bus.Arn}}
    /// ```
    pub(super) static POLICY = "event-bus-policy-public" {
        category: Security, severity: High, profile: Recommended, fix: None, since: "0.1.0", risks: ["SAS-02", "SAS-09"], check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    for policy in cx.graph.existing("AWS::Events::EventBusPolicy") {
        let written = policy.property(&["Statement"]);
        let public = match written.borrowed() {
            Some(statement) => Statement::new(policy.template(), statement).is_public(),
            None => {
                written.is_absent()
                    && policy.property(&["Condition"]).is_absent()
                    && read::text(policy, &["Principal"], |principal| principal == "*").is_some()
            }
        };
        if public {
            let path: &[&str] = if written.is_absent() { &["Principal"] } else { &["Statement", "Principal"] };
            cx.report(
                Place::property(policy, path),
                format!("{} lets every AWS account put events on the bus", policy.id()),
            )
            .help("name the account in Principal, or add a condition on aws:PrincipalOrgID");
        }
    }
}
