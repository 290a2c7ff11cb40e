use super::report;
use crate::policy;
use crate::policy::Context;
use crate::template::ProblemKind;

policy! {
    /// A value is not one of those that are allowed.
    ///
    /// ## Why it matters
    ///
    /// The service refuses the resource.
    ///
    /// ## How to fix
    ///
    /// Choose one of the allowed values; they are case-sensitive.
    ///
    /// ## Examples
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Files:
    ///     Type: AWS::S3::Bucket
    ///     Properties: {VersioningConfiguration: {Status: Enable}}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Files:
    ///     Type: AWS::S3::Bucket
    ///     Properties: {VersioningConfiguration: {Status: Enabled}}
    /// ```
    pub(super) static POLICY = "invalid-enum-value" {
        category: Validity, severity: High, profile: Recommended, fix: Sometimes, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    report(cx, &[ProblemKind::InvalidEnumValue]);
}
