use crate::policy;
use crate::policy::Context;

policy! {
    /// A suppression comment cannot be read, or gives no reason where one is required.
    ///
    /// ## Why it matters
    ///
    /// The author believes a finding is answered for, but it is not suppressed.
    ///
    /// ## How to fix
    ///
    /// Write `# dewline: ignore[policy-name] reason`, or `# dewline: ignore-file[policy-name]
    /// reason` for the whole file.
    ///
    /// ## Examples
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   # dewline: ignore
    ///   Queue: {Type: 'AWS::SQS::Queue'}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   # An ordinary comment.
    ///   Queue: {Type: 'AWS::SQS::Queue'}
    /// ```
    pub(super) static POLICY = "malformed-suppression" {
        category: Validity, severity: Medium, profile: Recommended, fix: None, since: "0.1.0", check: check,
    }
}

/// Judged by the engine once every other policy has run: only then is it known what a
/// suppression answers for.
fn check(_: &mut Context<'_>) {}
