use super::report;
use crate::policy;
use crate::policy::Context;
use crate::template::ProblemKind;

policy! {
    /// An intrinsic function is given what it does not take.
    ///
    /// ## Why it matters
    ///
    /// CloudFormation refuses a template with a function it cannot evaluate.
    ///
    /// ## How to fix
    ///
    /// Write the arguments in the form that the help text shows.
    ///
    /// ## Examples
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Jobs: {Type: AWS::SQS::Queue, Properties: {QueueName: !Join ['-', jobs]}}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Jobs: {Type: AWS::SQS::Queue, Properties: {QueueName: !Join ['-', [jobs, !Ref 'AWS::StackName']]}}
    /// ```
    pub(super) static POLICY = "invalid-intrinsic-function" {
        category: Validity, severity: High, profile: Recommended, fix: None, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    report(cx, &[ProblemKind::Intrinsic]);
}
