use super::report;
use crate::policy;
use crate::policy::Context;
use crate::template::ProblemKind;

policy! {
    /// A parameter is declared in a way that contradicts itself.
    ///
    /// ## Why it matters
    ///
    /// CloudFormation checks the declaration of every parameter first: its type, its attributes, and
    /// whether the default meets its own constraints.
    ///
    /// ## How to fix
    ///
    /// Correct the attribute, or change the default so that it meets the constraints beside it.
    ///
    /// ## Examples
    ///
    /// ```yaml,cloudformation,fail
    /// Parameters:
    ///   Stage: {Type: String, AllowedValues: [dev, prod], Default: test}
    /// Resources:
    ///   Jobs: {Type: AWS::SQS::Queue, Properties: {QueueName: !Ref Stage}}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Parameters:
    ///   Stage: {Type: String, AllowedValues: [dev, prod], Default: dev}
    /// Resources:
    ///   Jobs: {Type: AWS::SQS::Queue, Properties: {QueueName: !Ref Stage}}
    /// ```
    pub(super) static POLICY = "invalid-parameter" {
        category: Validity, severity: High, profile: Recommended, fix: None, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    report(cx, &[ProblemKind::InvalidParameter]);
}
