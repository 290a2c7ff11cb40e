use super::report;
use crate::policy;
use crate::policy::Context;
use crate::template::ProblemKind;

policy! {
    /// A value fits none of the forms that its place allows.
    ///
    /// ## Why it matters
    ///
    /// Some places take one of several forms, each with properties of its own. A mixture of them is
    /// refused.
    ///
    /// ## How to fix
    ///
    /// Choose one of the forms and give all it needs.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Transform: AWS::Serverless-2016-10-31
    /// Resources:
    ///   App:
    ///     Type: AWS::Serverless::Application
    ///     Properties: {Location: [a]}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Transform: AWS::Serverless-2016-10-31
    /// Resources:
    ///   App:
    ///     Type: AWS::Serverless::Application
    ///     Properties: {Location: ./child.yaml}
    /// ```
    pub(super) static POLICY = "no-matching-shape" {
        category: Validity, severity: High, profile: Recommended, fix: None, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    report(cx, &[ProblemKind::NoMatchingShape]);
}
