use super::report;
use crate::policy;
use crate::policy::Context;
use crate::template::ProblemKind;

policy! {
    /// `Fn::Sub` has nothing to replace.
    ///
    /// ## Why it matters
    ///
    /// It suggests a variable that is not there.
    ///
    /// ## How to fix
    ///
    /// Write the text without `Fn::Sub`.
    ///
    /// ## Examples
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Jobs: {Type: AWS::SQS::Queue, Properties: {QueueName: !Sub jobs}}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Jobs: {Type: AWS::SQS::Queue, Properties: {QueueName: jobs}}
    /// ```
    pub(super) static POLICY = "needless-sub" {
        category: Validity, severity: Info, profile: Strict, fix: Sometimes, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    report(cx, &[ProblemKind::NeedlessSub]);
}
