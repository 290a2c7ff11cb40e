use super::report;
use crate::policy;
use crate::policy::Context;
use crate::template::ProblemKind;

policy! {
    /// A deletion or replacement policy does not exist or does not fit the type.
    ///
    /// ## Why it matters
    ///
    /// Only some types can leave a snapshot behind. A policy that does not exist fails the deployment.
    ///
    /// ## How to fix
    ///
    /// Write `Delete`, `Retain`, `RetainExceptOnCreate` (deletion only) or, where the type has it,
    /// `Snapshot`.
    ///
    /// ## Examples
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Jobs: {Type: AWS::SQS::Queue, DeletionPolicy: Snapshot}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Jobs: {Type: AWS::SQS::Queue, DeletionPolicy: retain}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Jobs: {Type: AWS::SQS::Queue, DeletionPolicy: Retain}
    /// ```
    pub(super) static POLICY = "invalid-deletion-policy" {
        category: Validity, severity: High, profile: Recommended, fix: Sometimes, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    report(cx, &[ProblemKind::InvalidDeletionPolicy]);
}
