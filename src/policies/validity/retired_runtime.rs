use super::report;
use crate::policy;
use crate::policy::Context;
use crate::template::ProblemKind;

policy! {
    /// A function uses a runtime that Lambda no longer takes.
    ///
    /// ## Why it matters
    ///
    /// Lambda first stops creating functions with a retired runtime and a month later stops updating
    /// them: the deployment fails, and a fix can no longer be rolled out.
    ///
    /// ## How to fix
    ///
    /// Move to the runtime that the help text names.
    ///
    /// ## Examples
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Report:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: python2.7, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: 'arn:aws:iam::123456789012:role/r'}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Report:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: 'arn:aws:iam::123456789012:role/r'}
    /// ```
    ///
    /// ```yaml,sam,fail
    /// Transform: AWS::Serverless-2016-10-31
    /// Resources:
    ///   Report:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs10.x, Handler: app.main, CodeUri: src/}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Transform: AWS::Serverless-2016-10-31
    /// Resources:
    ///   Report:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/}
    /// ```
    pub(super) static POLICY = "retired-runtime" {
        category: Validity, severity: High, profile: Recommended, fix: Sometimes, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    report(cx, &[ProblemKind::RetiredRuntime]);
}
