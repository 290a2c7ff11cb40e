use super::report;
use crate::policy;
use crate::policy::Context;
use crate::template::ProblemKind;

policy! {
    /// A value is of another type than its place asks for.
    ///
    /// ## Why it matters
    ///
    /// CloudFormation turns numbers and booleans into text and back where that is possible. It does
    /// not turn text into a list, or a list into a map, and refuses the value.
    ///
    /// ## How to fix
    ///
    /// Write the value in the form that the message names.
    ///
    /// ## Examples
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Jobs:
    ///     Type: AWS::SQS::Queue
    ///     Properties: {DelaySeconds: soon}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Jobs:
    ///     Type: AWS::SQS::Queue
    ///     Properties: {DelaySeconds: '5'}
    /// ```
    pub(super) static POLICY = "wrong-type" {
        category: Validity, severity: High, profile: Recommended, fix: None, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    report(cx, &[ProblemKind::WrongType]);
}
