use super::super::secrets;
use crate::policy;
use crate::policy::{Context, Place};

policy! {
    /// Inline code of a function holds a credential.
    ///
    /// ## Why it matters
    ///
    /// Inline code is part of the template: the credential is in the repository, in CloudFormation
    /// and in the console, for everyone who may read one of them.
    ///
    /// ## How to fix
    ///
    /// Read the credential at run time from Secrets Manager or Parameter Store, and rotate the one
    /// that was committed. The value is never printed.
    ///
    /// ## When to suppress
    ///
    /// When the value is a test value that opens nothing.
    ///
    /// ## Source
    ///
    /// AWS Lambda developer guide, "Use Secrets Manager secrets in Lambda functions"; prowler
    /// awslambda_function_no_secrets_in_code; as of 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Transform: AWS::Serverless-2016-10-31
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: python3.13, Handler: index.main, Role: !GetAtt Role.Arn, Code: {ZipFile: "key = 'AKIAQ7ZT3VR1PLX7WM2K'"}}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Transform: AWS::Serverless-2016-10-31
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: python3.13, Handler: index.main, Role: !GetAtt Role.Arn, Code: {ZipFile: "key = os.environ['KEY_NAME']"}}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Orders:
    ///       Type: AWS::Lambda::Function
    ///       Properties: {Runtime: python3.13, Handler: index.main, Role: !GetAtt Role.Arn, Code: {ZipFile: "key = 'AKIAQ7ZT3VR1PLX7WM2K'"}}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Orders:
    ///       Type: AWS::Lambda::Function
    ///       Properties: {Runtime: python3.13, Handler: index.main, Role: !GetAtt Role.Arn, Code: {ZipFile: "key = os.environ['KEY_NAME']"}}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: python3.13, Handler: index.main, Role: !GetAtt Role.Arn, Code: {ZipFile: "key = 'AKIAQ7ZT3VR1PLX7WM2K'"}}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: python3.13, Handler: index.main, Role: !GetAtt Role.Arn, Code: {ZipFile: "key = os.environ['KEY_NAME']"}}
    /// ```
    pub(super) static POLICY = "inline-code-secret" {
        category: Security, severity: High, profile: Recommended, fix: None, since: "0.1.0", risks: ["SAS-07"], check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    for function in cx.graph.existing("AWS::Lambda::Function") {
        let path = ["Code", "ZipFile"];
        let Some(code) = function.property(&path).symbolic() else { continue };
        if let Some(kind) = secrets::known_form(&code) {
            cx.report(Place::property(function, &path), format!("the inline code of {} holds {kind}", function.id()))
                .help("read it from Secrets Manager at run time, and rotate the one that was committed");
        }
    }
}
