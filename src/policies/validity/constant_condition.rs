use super::report;
use crate::policy;
use crate::policy::Context;
use crate::template::ProblemKind;

policy! {
    /// A condition, or a branch of `Fn::If`, is the same whatever values the parameters have.
    ///
    /// ## Why it matters
    ///
    /// A condition that cannot change is usually one that compares with a value its parameter never has: a
    /// part of the template that is meant for some deployments is made in none of them, or in all.
    ///
    /// ## How to fix
    ///
    /// Compare with a value that the parameter can have. A switch that is off on purpose can be left out
    /// together with what it guards.
    ///
    /// ## Examples
    ///
    /// ```yaml,cloudformation,fail
    /// Parameters: {Stage: {Type: String, AllowedValues: [dev, prod]}}
    /// Conditions: {IsLive: !Equals [!Ref Stage, live]}
    /// Resources:
    ///   Jobs: {Type: AWS::SQS::Queue, Condition: IsLive}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Parameters: {Stage: {Type: String, AllowedValues: [dev, prod]}}
    /// Conditions: {IsLive: !Equals [!Ref Stage, prod]}
    /// Resources:
    ///   Jobs: {Type: AWS::SQS::Queue, Condition: IsLive}
    /// ```
    pub(super) static POLICY = "constant-condition" {
        category: Validity, severity: Low, profile: Recommended, fix: None, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    report(cx, &[ProblemKind::ConstantCondition]);
}
