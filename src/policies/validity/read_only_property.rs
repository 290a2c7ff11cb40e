use super::report;
use crate::policy;
use crate::policy::Context;
use crate::template::ProblemKind;

policy! {
    /// A property is given that only AWS sets.
    ///
    /// ## Why it matters
    ///
    /// The value is dropped, and what reads it sees another one: drift from the first day.
    ///
    /// ## How to fix
    ///
    /// Remove it; read the real value with `Fn::GetAtt`.
    ///
    /// ## Examples
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Report:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: 'arn:aws:iam::123456789012:role/r', Arn: 'arn:aws:lambda:eu-west-1:123456789012:function:report'}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Report:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: 'arn:aws:iam::123456789012:role/r'}
    /// ```
    pub(super) static POLICY = "read-only-property" {
        category: Validity, severity: Medium, profile: Recommended, fix: Unsafe, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    report(cx, &[ProblemKind::ReadOnlyProperty]);
}
