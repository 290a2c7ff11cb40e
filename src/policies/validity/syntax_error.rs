use super::report;
use crate::policy;
use crate::policy::Context;
use crate::template::ProblemKind;

policy! {
    /// The file is not valid YAML or JSON.
    ///
    /// ## Why it matters
    ///
    /// Nothing can be deployed from a file that cannot be read. The rest of the file is checked as far
    /// as it can be read, so one run shows more than the first error.
    ///
    /// ## How to fix
    ///
    /// Correct the text at the marked place; the cause is often on the line above it.
    ///
    /// ## Examples
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Jobs:
    ///     Type: AWS::SQS::Queue
    ///     Properties: {VisibilityTimeout: 60
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Jobs:
    ///     Type: AWS::SQS::Queue
    ///     Properties: {VisibilityTimeout: 60}
    /// ```
    pub(super) static POLICY = "syntax-error" {
        category: Validity, severity: Critical, profile: Recommended, fix: None, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    report(cx, &[ProblemKind::Syntax, ProblemKind::Encoding]);
}
