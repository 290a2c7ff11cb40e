use super::report;
use crate::policy;
use crate::policy::Context;
use crate::template::ProblemKind;

policy! {
    /// Something refers to a resource that is left out in some deployments.
    ///
    /// ## Why it matters
    ///
    /// Where the condition of the resource does not hold, CloudFormation refuses the whole template:
    /// `Unresolved resource dependencies`. It shows only with those parameter values.
    ///
    /// ## How to fix
    ///
    /// Give both the same condition, or choose with `Fn::If` what stands there when the resource does not
    /// exist.
    ///
    /// ## Examples
    ///
    /// ```yaml,cloudformation,fail
    /// Parameters: {Stage: {Type: String}}
    /// Conditions: {IsProd: !Equals [!Ref Stage, prod]}
    /// Resources:
    ///   Jobs: {Type: AWS::SQS::Queue, Condition: IsProd}
    /// Outputs:
    ///   Jobs: {Value: !Ref Jobs}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Parameters: {Stage: {Type: String}}
    /// Conditions: {IsProd: !Equals [!Ref Stage, prod]}
    /// Resources:
    ///   Jobs: {Type: AWS::SQS::Queue, Condition: IsProd}
    /// Outputs:
    ///   Jobs: {Value: !Ref Jobs, Condition: IsProd}
    /// ```
    pub(super) static POLICY = "conditional-reference" {
        category: Validity, severity: Medium, profile: Recommended, fix: None, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    report(cx, &[ProblemKind::ConditionalReference]);
}
