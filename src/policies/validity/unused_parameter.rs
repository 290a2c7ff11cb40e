use super::report;
use crate::policy;
use crate::policy::Context;
use crate::template::ProblemKind;

policy! {
    /// A parameter is declared and nothing refers to it.
    ///
    /// ## Why it matters
    ///
    /// Whoever deploys is asked for a value that changes nothing, and may believe that it does.
    ///
    /// ## How to fix
    ///
    /// Remove the parameter, or use it where it was meant to be used.
    ///
    /// ## Examples
    ///
    /// ```yaml,cloudformation,fail
    /// Parameters:
    ///   Stage: {Type: String}
    /// Resources:
    ///   Jobs: {Type: AWS::SQS::Queue}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Parameters:
    ///   Stage: {Type: String}
    /// Resources:
    ///   Jobs: {Type: AWS::SQS::Queue, Properties: {QueueName: !Sub 'jobs-${Stage}'}}
    /// ```
    pub(super) static POLICY = "unused-parameter" {
        category: Validity, severity: Low, profile: Recommended, fix: Unsafe, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    report(cx, &[ProblemKind::UnusedParameter]);
}
