use super::report;
use crate::policy;
use crate::policy::Context;
use crate::template::ProblemKind;

policy! {
    /// A mapping is not two levels of names above single values or lists.
    ///
    /// ## Why it matters
    ///
    /// CloudFormation takes exactly two levels of keys, and refuses the template otherwise.
    ///
    /// ## How to fix
    ///
    /// Write `Mapping: {FirstKey: {SecondKey: value}}`, with names of letters and digits.
    ///
    /// ## Examples
    ///
    /// ```yaml,cloudformation,fail
    /// Mappings:
    ///   Delays: {prod: 5}
    /// Resources:
    ///   Jobs: {Type: AWS::SQS::Queue, Properties: {DelaySeconds: 5}}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Mappings:
    ///   Delays: {prod: {Seconds: 5}}
    /// Resources:
    ///   Jobs: {Type: AWS::SQS::Queue, Properties: {DelaySeconds: !FindInMap [Delays, prod, Seconds]}}
    /// ```
    pub(super) static POLICY = "invalid-mapping" {
        category: Validity, severity: High, profile: Recommended, fix: None, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    report(cx, &[ProblemKind::InvalidMapping]);
}
