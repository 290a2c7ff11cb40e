use super::report;
use crate::policy;
use crate::policy::Context;
use crate::template::ProblemKind;

policy! {
    /// A YAML alias leads nowhere, into itself, or to too much text.
    ///
    /// ## Why it matters
    ///
    /// An alias without its anchor cannot be read, and aliases within aliases can grow to millions of
    /// values.
    ///
    /// ## How to fix
    ///
    /// Define the anchor (`&name`) before its alias (`*name`), and keep aliases shallow.
    ///
    /// ## Examples
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Jobs:
    ///     Type: AWS::SQS::Queue
    ///     Properties: *defaults
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Jobs:
    ///     Type: AWS::SQS::Queue
    ///     Properties: &defaults {DelaySeconds: 5}
    ///   Mails:
    ///     Type: AWS::SQS::Queue
    ///     Properties: *defaults
    /// ```
    pub(super) static POLICY = "invalid-alias" {
        category: Validity, severity: High, profile: Recommended, fix: None, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    report(cx, &[ProblemKind::Alias]);
}
