use super::report;
use crate::policy;
use crate::policy::Context;
use crate::template::ProblemKind;

policy! {
    /// A condition is declared and nothing asks for it.
    ///
    /// ## Why it matters
    ///
    /// What was meant to depend on it is deployed in every case, or in none.
    ///
    /// ## How to fix
    ///
    /// Remove the condition, or put it on the resource or value it was meant for.
    ///
    /// ## Examples
    ///
    /// ```yaml,cloudformation,fail
    /// Parameters:
    ///   Stage: {Type: String}
    /// Conditions:
    ///   IsProd: !Equals [!Ref Stage, prod]
    /// Resources:
    ///   Jobs: {Type: AWS::SQS::Queue}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Parameters:
    ///   Stage: {Type: String}
    /// Conditions:
    ///   IsProd: !Equals [!Ref Stage, prod]
    /// Resources:
    ///   Jobs: {Type: AWS::SQS::Queue, Condition: IsProd}
    /// ```
    pub(super) static POLICY = "unused-condition" {
        category: Validity, severity: Low, profile: Recommended, fix: Safe, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    report(cx, &[ProblemKind::UnusedCondition]);
}
