use super::report;
use crate::policy;
use crate::policy::Context;
use crate::template::ProblemKind;

policy! {
    /// A key stands twice in one map.
    ///
    /// ## Why it matters
    ///
    /// Most tools silently keep only the last of the two, so that what was written first is lost;
    /// CloudFormation refuses such a template.
    ///
    /// ## How to fix
    ///
    /// Remove one of the two, or rename it.
    ///
    /// ## Examples
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Jobs:
    ///     Type: AWS::SQS::Queue
    ///     Properties: {DelaySeconds: 5, DelaySeconds: 10}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Jobs:
    ///     Type: AWS::SQS::Queue
    ///     Properties: {VisibilityTimeout: 60}
    /// ```
    pub(super) static POLICY = "duplicate-key" {
        category: Validity, severity: High, profile: Recommended, fix: None, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    report(cx, &[ProblemKind::DuplicateKey]);
}
