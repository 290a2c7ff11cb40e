use super::report;
use crate::policy;
use crate::policy::Context;
use crate::template::ProblemKind;

policy! {
    /// A text does not have the form that its place asks for.
    ///
    /// ## Why it matters
    ///
    /// The service refuses the resource.
    ///
    /// ## How to fix
    ///
    /// Write the text in the form that the pattern in the help text describes.
    ///
    /// ## Examples
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Report:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: report-role}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Report:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: 'arn:aws:iam::123456789012:role/r'}
    /// ```
    pub(super) static POLICY = "pattern-mismatch" {
        category: Validity, severity: High, profile: Recommended, fix: None, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    report(cx, &[ProblemKind::PatternMismatch]);
}
