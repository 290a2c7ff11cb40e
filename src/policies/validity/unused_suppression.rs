use crate::policy;
use crate::policy::Context;

policy! {
    /// A suppression suppresses nothing.
    ///
    /// ## Why it matters
    ///
    /// It was written for a finding that is gone, names a policy that does not exist, or stands in
    /// the wrong place. Left in, it will hide the next real finding.
    ///
    /// ## How to fix
    ///
    /// Remove the suppression, or correct the name. A suppression stands on the line of the
    /// finding, on the line above it, or above the resource; a policy that is not part of the run
    /// is never reported as unused.
    ///
    /// ## Examples
    ///
    /// ```yaml,cloudformation,fail
    /// # dewline: ignore-file[no-such-policy] legacy
    /// Resources:
    ///   Queue: {Type: 'AWS::SQS::Queue'}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Queue: {Type: 'AWS::SQS::Queue'}
    /// ```
    pub(super) static POLICY = "unused-suppression" {
        category: Validity, severity: Low, profile: Recommended, fix: None, since: "0.1.0", check: check,
    }
}

/// Judged by the engine once every other policy has run: only then is it known what a
/// suppression answers for.
fn check(_: &mut Context<'_>) {}
