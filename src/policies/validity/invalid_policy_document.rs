use super::report;
use crate::policy;
use crate::policy::Context;
use crate::template::ProblemKind;

policy! {
    /// An IAM policy document is not one that IAM takes.
    ///
    /// ## Why it matters
    ///
    /// IAM refuses a statement without effect, action, resource or principal where it needs one, and
    /// anything it does not know.
    ///
    /// ## How to fix
    ///
    /// Correct the element that the message names. A trust policy has principals and no resources; an
    /// identity policy has resources and no principals.
    ///
    /// ## Examples
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Worker:
    ///     Type: AWS::IAM::Role
    ///     Properties:
    ///       AssumeRolePolicyDocument:
    ///         Version: '2012-10-17'
    ///         Statement:
    ///           - {Effect: Allow, Principals: {Service: lambda.amazonaws.com}, Action: 'sts:AssumeRole'}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Worker:
    ///     Type: AWS::IAM::Role
    ///     Properties:
    ///       AssumeRolePolicyDocument:
    ///         Version: '2012-10-17'
    ///         Statement:
    ///           - {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: 'sts:AssumeRole'}
    /// ```
    pub(super) static POLICY = "invalid-policy-document" {
        category: Validity, severity: High, profile: Recommended, fix: Sometimes, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    report(cx, &[ProblemKind::InvalidPolicyDocument]);
}
