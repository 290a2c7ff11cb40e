use super::report;
use crate::policy;
use crate::policy::Context;
use crate::template::ProblemKind;

policy! {
    /// Two resources of one type have the same name, or whatever else identifies them.
    ///
    /// ## Why it matters
    ///
    /// The service knows one thing of that name. The second resource fails with `already exists`, or both
    /// write to the same thing, and removing one removes it from the other.
    ///
    /// ## How to fix
    ///
    /// Rename one of the two, or remove it. Resources that exclude each other need conditions that say so.
    ///
    /// ## Examples
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Jobs: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: /app/jobs}}
    ///   Mails: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: /app/jobs}}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Jobs: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: /app/jobs}}
    ///   Mails: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: /app/mails}}
    /// ```
    pub(super) static POLICY = "duplicate-identifier" {
        category: Validity, severity: High, profile: Recommended, fix: None, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    report(cx, &[ProblemKind::DuplicateIdentifier]);
}
