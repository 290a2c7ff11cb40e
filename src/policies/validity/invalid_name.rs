use super::report;
use crate::policy;
use crate::policy::Context;
use crate::template::ProblemKind;

policy! {
    /// A name has characters that CloudFormation does not take, or is given twice.
    ///
    /// ## Why it matters
    ///
    /// Logical ids, parameters and outputs are made of letters and digits, and a parameter and a
    /// resource cannot share one.
    ///
    /// ## How to fix
    ///
    /// Rename it, together with everything that refers to it.
    ///
    /// ## Examples
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   job-queue: {Type: AWS::SQS::Queue}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   JobQueue: {Type: AWS::SQS::Queue}
    /// ```
    pub(super) static POLICY = "invalid-name" {
        category: Validity, severity: High, profile: Recommended, fix: None, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    report(cx, &[ProblemKind::InvalidName]);
}
