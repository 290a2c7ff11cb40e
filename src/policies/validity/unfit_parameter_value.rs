use super::report;
use crate::policy;
use crate::policy::Context;
use crate::template::ProblemKind;

policy! {
    /// A value that a parameter may have, or that a function gives, does not fit the place where it is used.
    ///
    /// ## Why it matters
    ///
    /// A deployment with that value is accepted and fails halfway, when the service refuses the property.
    ///
    /// ## How to fix
    ///
    /// Change the value, or allow only values that fit with `AllowedValues`, `MinValue` or `AllowedPattern`. Of
    /// functions those are followed whose result is the same in every deployment.
    ///
    /// ## Examples
    ///
    /// ```yaml,cloudformation,fail
    /// Parameters: {Delay: {Type: Number, Default: 1000}}
    /// Resources:
    ///   Jobs: {Type: AWS::SQS::Queue, Properties: {DelaySeconds: !Ref Delay}}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Mappings: {Delays: {live: {Seconds: 1000}}}
    /// Resources:
    ///   Jobs: {Type: AWS::SQS::Queue, Properties: {DelaySeconds: !FindInMap [Delays, live, Seconds]}}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Mappings: {Delays: {live: {Seconds: 10}, test: {Seconds: 1000}}}
    /// Parameters: {Stage: {Type: String, Default: test}}
    /// Resources:
    ///   Jobs: {Type: AWS::SQS::Queue, Properties: {DelaySeconds: !FindInMap [Delays, live, Seconds]}}
    ///   Mails: {Type: AWS::SQS::Queue, Properties: {DelaySeconds: !FindInMap [Delays, !Ref Stage, Seconds]}}
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
