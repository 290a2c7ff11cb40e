use crate::policy;
use crate::policy::Context;
use crate::template::ProblemKind;

policy! {
    /// AWS's SAM transform refuses the template.
    ///
    /// ## Why it matters
    ///
    /// The change set fails to be created, with the message shown here. dewline runs the same
    /// checks offline and locates each at the property to change.
    ///
    /// ## How to fix
    ///
    /// Change the property the finding points at, as the message says.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Transform: AWS::Serverless-2016-10-31
    /// Resources:
    ///   Fn:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, CodeUri: src/, Handler: a.b, Policies: [{SQSPollerPolicy: {}}]}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Transform: AWS::Serverless-2016-10-31
    /// Resources:
    ///   Fn:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, CodeUri: src/, Handler: a.b, Policies: [{SQSPollerPolicy: {QueueName: q}}]}
    /// ```
    pub(super) static POLICY = "sam-transform-refused" {
        category: Validity, severity: Critical, profile: Recommended, fix: None, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    super::report(cx, &[ProblemKind::TransformRefused]);
}
