use super::report;
use crate::policy;
use crate::policy::Context;
use crate::template::ProblemKind;

policy! {
    /// A resource is kept when it is deleted and not when it is replaced, or the other way round.
    ///
    /// ## Why it matters
    ///
    /// `DeletionPolicy` speaks of a resource that leaves the template, `UpdateReplacePolicy` of one that an
    /// update replaces by a new one. With one of them alone the data is safe on one way and lost on the other.
    ///
    /// ## How to fix
    ///
    /// Write both.
    ///
    /// ## Examples
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Orders: {Type: AWS::S3::Bucket, DeletionPolicy: Retain}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Orders: {Type: AWS::S3::Bucket, DeletionPolicy: Retain, UpdateReplacePolicy: Retain}
    /// ```
    pub(super) static POLICY = "one-sided-deletion-policy" {
        category: Validity, severity: Low, profile: Strict, fix: None, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    report(cx, &[ProblemKind::OneSidedDeletionPolicy]);
}
