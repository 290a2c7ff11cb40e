use super::report;
use crate::policy;
use crate::policy::Context;
use crate::template::ProblemKind;

policy! {
    /// A condition is used that is not defined.
    ///
    /// ## Why it matters
    ///
    /// CloudFormation refuses the template.
    ///
    /// ## How to fix
    ///
    /// Correct the name, or define the condition under `Conditions`.
    ///
    /// ## Examples
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Jobs: {Type: AWS::SQS::Queue, Condition: IsProd}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Parameters:
    ///   Stage: {Type: String}
    /// Conditions:
    ///   IsProd: !Equals [!Ref Stage, prod]
    /// Resources:
    ///   Jobs: {Type: AWS::SQS::Queue, Condition: IsPord}
    ///   Mail: {Type: AWS::SQS::Queue, Condition: IsProd}
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
    pub(super) static POLICY = "unknown-condition" {
        category: Validity, severity: High, profile: Recommended, fix: Sometimes, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    report(cx, &[ProblemKind::UnknownCondition]);
}
