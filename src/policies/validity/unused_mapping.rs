use super::report;
use crate::policy;
use crate::policy::Context;
use crate::template::ProblemKind;

policy! {
    /// A mapping is declared and nothing looks into it.
    ///
    /// ## Why it matters
    ///
    /// It suggests a difference between stages or regions that does not exist.
    ///
    /// ## How to fix
    ///
    /// Remove the mapping, or read it with `Fn::FindInMap`.
    ///
    /// ## Examples
    ///
    /// ```yaml,cloudformation,fail
    /// Mappings:
    ///   Delays: {prod: {Seconds: 5}}
    /// Resources:
    ///   Jobs: {Type: AWS::SQS::Queue}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Mappings:
    ///   Delays: {prod: {Seconds: 5}}
    /// Resources:
    ///   Jobs: {Type: AWS::SQS::Queue, Properties: {DelaySeconds: !FindInMap [Delays, prod, Seconds]}}
    /// ```
    pub(super) static POLICY = "unused-mapping" {
        category: Validity, severity: Low, profile: Recommended, fix: Safe, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    report(cx, &[ProblemKind::UnusedMapping]);
}
