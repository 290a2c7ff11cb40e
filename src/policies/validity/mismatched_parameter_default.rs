use super::report;
use crate::policy;
use crate::policy::Context;
use crate::template::ProblemKind;

policy! {
    /// The default of a number parameter is not a number.
    ///
    /// ## Why it matters
    ///
    /// A deployment that does not give the parameter fails.
    ///
    /// ## How to fix
    ///
    /// Write a number, or make the parameter a `String`.
    ///
    /// ## Examples
    ///
    /// ```yaml,cloudformation,fail
    /// Parameters:
    ///   Delay: {Type: Number, Default: none}
    /// Resources:
    ///   Jobs: {Type: AWS::SQS::Queue, Properties: {DelaySeconds: !Ref Delay}}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Parameters:
    ///   Delay: {Type: Number, Default: 5}
    /// Resources:
    ///   Jobs: {Type: AWS::SQS::Queue, Properties: {DelaySeconds: !Ref Delay}}
    /// ```
    pub(super) static POLICY = "mismatched-parameter-default" {
        category: Validity, severity: Medium, profile: Recommended, fix: None, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    report(cx, &[ProblemKind::MismatchedDefault]);
}
