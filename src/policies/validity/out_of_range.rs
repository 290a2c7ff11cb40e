use super::report;
use crate::policy;
use crate::policy::Context;
use crate::template::ProblemKind;

policy! {
    /// A number, a text or a list is too small or too large.
    ///
    /// ## Why it matters
    ///
    /// The service refuses the resource.
    ///
    /// ## How to fix
    ///
    /// Stay within the limits that the message names.
    ///
    /// ## Examples
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Key:
    ///     Type: AWS::KMS::Key
    ///     Properties: {PendingWindowInDays: 3}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Key:
    ///     Type: AWS::KMS::Key
    ///     Properties: {PendingWindowInDays: 7}
    /// ```
    pub(super) static POLICY = "out-of-range" {
        category: Validity, severity: High, profile: Recommended, fix: Sometimes, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    report(cx, &[ProblemKind::OutOfRange]);
}
