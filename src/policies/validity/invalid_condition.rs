use super::report;
use crate::policy;
use crate::policy::Context;
use crate::template::ProblemKind;

policy! {
    /// A condition is not made of condition functions.
    ///
    /// ## Why it matters
    ///
    /// Conditions are evaluated before anything is created. Whatever cannot be evaluated then fails
    /// the deployment.
    ///
    /// ## How to fix
    ///
    /// Build it from `Fn::Equals`, `Fn::And`, `Fn::Or`, `Fn::Not` and `Condition`.
    ///
    /// ## Examples
    ///
    /// ```yaml,cloudformation,fail
    /// Parameters:
    ///   Stage: {Type: String}
    /// Conditions:
    ///   IsProd: !Ref Stage
    /// Resources:
    ///   Jobs: {Type: AWS::SQS::Queue, Condition: IsProd}
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
    pub(super) static POLICY = "invalid-condition" {
        category: Validity, severity: High, profile: Recommended, fix: None, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    report(cx, &[ProblemKind::InvalidCondition]);
}
