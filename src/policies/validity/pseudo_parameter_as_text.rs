use super::report;
use crate::policy;
use crate::policy::Context;
use crate::template::ProblemKind;

policy! {
    /// The name of a pseudo parameter stands as plain text.
    ///
    /// ## Why it matters
    ///
    /// The deployed value is the text `AWS::Region`, and not the region: only `Ref` and `Fn::Sub` give the
    /// value.
    ///
    /// ## How to fix
    ///
    /// Write `!Ref AWS::Region`.
    ///
    /// ## Examples
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Jobs: {Type: AWS::SQS::Queue, Properties: {Tags: [{Key: region, Value: 'AWS::Region'}]}}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Jobs: {Type: AWS::SQS::Queue, Properties: {Tags: [{Key: region, Value: !Ref 'AWS::Region'}]}}
    /// ```
    pub(super) static POLICY = "pseudo-parameter-as-text" {
        category: Validity, severity: Medium, profile: Recommended, fix: Sometimes, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    report(cx, &[ProblemKind::PlainPseudoParameter]);
}
