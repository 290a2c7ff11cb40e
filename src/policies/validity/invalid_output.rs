use super::report;
use crate::policy;
use crate::policy::Context;
use crate::template::ProblemKind;

policy! {
    /// An output has no value, or one that is not text.
    ///
    /// ## Why it matters
    ///
    /// Outputs are text. A list or a number from an attribute fails the deployment after every
    /// resource was created.
    ///
    /// ## How to fix
    ///
    /// Give the output a `Value` that is text; join lists with `Fn::Join`.
    ///
    /// ## Examples
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Jobs: {Type: AWS::SQS::Queue}
    /// Outputs:
    ///   Url: {Description: where jobs go}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Jobs: {Type: AWS::SQS::Queue}
    /// Outputs:
    ///   Url: {Value: !Ref Jobs}
    /// ```
    pub(super) static POLICY = "invalid-output" {
        category: Validity, severity: High, profile: Recommended, fix: None, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    report(cx, &[ProblemKind::InvalidOutput]);
}
