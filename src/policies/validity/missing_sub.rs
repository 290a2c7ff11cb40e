use super::report;
use crate::policy;
use crate::policy::Context;
use crate::template::ProblemKind;

policy! {
    /// A variable stands in plain text, where only `Fn::Sub` would replace it.
    ///
    /// ## Why it matters
    ///
    /// `${Name}` stays as it is: the deployed value holds the dollar sign and the braces.
    ///
    /// ## How to fix
    ///
    /// Put the text under `Fn::Sub`. Text that another program replaces can be written as `${!Name}`
    /// under `Fn::Sub`.
    ///
    /// ## Examples
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Jobs: {Type: AWS::SQS::Queue}
    /// Outputs:
    ///   Url: {Value: 'https://${AWS::Region}.example.com'}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Jobs: {Type: AWS::SQS::Queue}
    /// Outputs:
    ///   Url: {Value: !Sub 'https://${AWS::Region}.example.com'}
    /// ```
    pub(super) static POLICY = "missing-sub" {
        category: Validity, severity: High, profile: Recommended, fix: Sometimes, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    report(cx, &[ProblemKind::MissingSub]);
}
