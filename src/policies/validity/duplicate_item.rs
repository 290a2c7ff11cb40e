use super::report;
use crate::policy;
use crate::policy::Context;
use crate::template::ProblemKind;

policy! {
    /// A list holds an item twice where items must differ.
    ///
    /// ## Why it matters
    ///
    /// The service refuses the list.
    ///
    /// ## How to fix
    ///
    /// Remove one of the two.
    ///
    /// ## Examples
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Jobs:
    ///     Type: AWS::SQS::Queue
    ///     Properties:
    ///       Tags:
    ///         - {Key: team, Value: a}
    ///         - {Key: team, Value: a}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Jobs:
    ///     Type: AWS::SQS::Queue
    ///     Properties:
    ///       Tags:
    ///         - {Key: team, Value: a}
    ///         - {Key: cost, Value: b}
    /// ```
    pub(super) static POLICY = "duplicate-item" {
        category: Validity, severity: High, profile: Recommended, fix: Sometimes, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    report(cx, &[ProblemKind::DuplicateItem]);
}
