use super::super::read;
use crate::graph::NodeKind;
use crate::policy;
use crate::policy::{Context, Place};

/// Properties that narrow who may invoke. Function URLs have a policy of their own.
const NARROWING: [&str; 5] =
    ["PrincipalOrgID", "SourceArn", "SourceAccount", "FunctionUrlAuthType", "InvokedViaFunctionUrl"];

policy! {
    /// A permission lets everybody in the world invoke a function.
    ///
    /// ## Why it matters
    ///
    /// With `Principal: '*'` and nothing that narrows it, any AWS account can invoke the function
    /// with any payload, without a log entry in your API and on your bill. Attackers scan for such
    /// functions.
    ///
    /// ## How to fix
    ///
    /// Name the service or the account that invokes the function, and add `SourceArn`,
    /// `SourceAccount` or `PrincipalOrgID`.
    ///
    /// ## When to suppress
    ///
    /// Hardly ever: a function URL without authorization needs `FunctionUrlAuthType: NONE`, which has a
    /// policy of its own.
    ///
    /// ## Source
    ///
    /// AWS Lambda developer guide, "Viewing resource-based IAM policies in Lambda"; Security Hub Lambda.1;
    /// cfn_nag F13; as of 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Transform: AWS::Serverless-2016-10-31
    /// Resources:
    ///   Invoke:
    ///     Type: AWS::Lambda::Permission
    ///     Properties: {FunctionName: !Ref Orders, Action: lambda:InvokeFunction, Principal: '*'}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Transform: AWS::Serverless-2016-10-31
    /// Resources:
    ///   Invoke:
    ///     Type: AWS::Lambda::Permission
    ///     Properties: {FunctionName: !Ref Orders, Action: lambda:InvokeFunction, Principal: '*', PrincipalOrgID: o-a1b2c3d4e5}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Invoke:
    ///       Type: AWS::Lambda::Permission
    ///       Properties: {FunctionName: !Ref Orders, Action: lambda:InvokeFunction, Principal: '*'}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Invoke:
    ///       Type: AWS::Lambda::Permission
    ///       Properties: {FunctionName: !Ref Orders, Action: lambda:InvokeFunction, Principal: '*', PrincipalOrgID: o-a1b2c3d4e5}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Invoke:
    ///     Type: AWS::Lambda::Permission
    ///     Properties: {FunctionName: !Ref Orders, Action: lambda:InvokeFunction, Principal: '*'}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Invoke:
    ///     Type: AWS::Lambda::Permission
    ///     Properties: {FunctionName: !Ref Orders, Action: lambda:InvokeFunction, Principal: '*', PrincipalOrgID: o-a1b2c3d4e5}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Invoke:
    ///     Type: AWS::Lambda::Permission
    ///     Properties: {FunctionName: !Ref Orders, Action: lambda:InvokeFunction, Principal: s3.amazonaws.com, SourceArn: "arn:aws:s3:::uploads", SourceAccount: "123456789012"}
    /// ```
    pub(super) static POLICY = "lambda-permission-public-principal" {
        category: Security, severity: Critical, profile: Recommended, fix: None, since: "0.1.0", risks: ["SAS-02", "SAS-03"], check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    for permission in cx.graph.existing("AWS::Lambda::Permission") {
        let anyone = read::text(permission, &["Principal"], |principal| principal == "*").is_some();
        if anyone && NARROWING.iter().all(|name| permission.property(&[name]).is_absent()) {
            let function = cx.graph.target_of(&permission.property(&["FunctionName"]), Some(NodeKind::Function)).node();
            let name = function.map_or("the function", |function| function.name());
            let report = cx
                .report(
                    Place::property(permission, &["Principal"]),
                    format!("{} lets every AWS account invoke {name}", permission.id()),
                )
                .help("name the service or account in Principal, and add SourceArn, SourceAccount or PrincipalOrgID");
            if let Some(function) = function {
                report.related(function, format!("{name} is defined here"));
            }
        }
    }
}
