use super::report;
use crate::policy;
use crate::policy::Context;
use crate::template::ProblemKind;

policy! {
    /// A parameter has a default or an allowed value that does not fit the place where it is used.
    ///
    /// ## Why it matters
    ///
    /// A deployment with that value is accepted and fails halfway, when the service refuses the property.
    ///
    /// ## How to fix
    ///
    /// Change the value, or allow only values that fit with `AllowedValues`, `MinValue` or `AllowedPattern`.
    ///
    /// ## Examples
    ///
    /// ```yaml,cloudformation,fail
    /// Parameters: {Delay: {Type: Number, Default: 1000}}
    /// Resources:
    ///   Jobs: {Type: AWS::SQS::Queue, Properties: {DelaySeconds: !Ref Delay}}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Parameters: {Delay: {Type: Number, Default: 100}}
    /// Resources:
    ///   Jobs: {Type: AWS::SQS::Queue, Properties: {DelaySeconds: !Ref Delay}}
    /// ```
    pub(super) static POLICY = "unfit-parameter-value" {
        category: Validity, severity: Medium, profile: Recommended, fix: None, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    report(cx, &[ProblemKind::UnfitParameterValue]);
}
