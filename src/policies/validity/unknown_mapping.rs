use super::report;
use crate::policy;
use crate::policy::Context;
use crate::template::ProblemKind;

policy! {
    /// `Fn::FindInMap` looks for a mapping or key that is not there.
    ///
    /// ## Why it matters
    ///
    /// The deployment fails when the function is evaluated.
    ///
    /// ## How to fix
    ///
    /// Correct the name, or add the key to the mapping.
    ///
    /// ## Examples
    ///
    /// ```yaml,cloudformation,fail
    /// Mappings:
    ///   Delays: {prod: {Seconds: 5}}
    /// Resources:
    ///   Jobs: {Type: AWS::SQS::Queue, Properties: {DelaySeconds: !FindInMap [Delays, prod, Second]}}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Mappings:
    ///   Delays: {prod: {Seconds: 5}}
    /// Resources:
    ///   Jobs: {Type: AWS::SQS::Queue, Properties: {DelaySeconds: !FindInMap [Delays, prod, Seconds]}}
    /// ```
    pub(super) static POLICY = "unknown-mapping" {
        category: Validity, severity: High, profile: Recommended, fix: Sometimes, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    report(cx, &[ProblemKind::UnknownMapping]);
}
