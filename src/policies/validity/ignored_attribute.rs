use super::report;
use crate::policy;
use crate::policy::Context;
use crate::template::ProblemKind;

policy! {
    /// A SAM resource has an attribute that the transform drops.
    ///
    /// ## Why it matters
    ///
    /// The SAM transform leaves out what it does not know, without a word: what was written has no
    /// effect.
    ///
    /// ## How to fix
    ///
    /// Move it below `Properties`, correct its name, or remove it.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Transform: AWS::Serverless-2016-10-31
    /// Resources:
    ///   Report:
    ///     Type: AWS::Serverless::Function
    ///     Description: monthly report
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Transform: AWS::Serverless-2016-10-31
    /// Resources:
    ///   Report:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Description: monthly report}
    /// ```
    pub(super) static POLICY = "ignored-attribute" {
        category: Validity, severity: Medium, profile: Recommended, fix: Sometimes, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    report(cx, &[ProblemKind::IgnoredAttribute]);
}
