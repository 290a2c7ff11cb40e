use super::report;
use crate::policy;
use crate::policy::Context;
use crate::template::ProblemKind;

policy! {
    /// A resource is of a type that does not exist.
    ///
    /// ## Why it matters
    ///
    /// CloudFormation refuses the whole template.
    ///
    /// ## How to fix
    ///
    /// Correct the name; the help text names the type that was probably meant.
    ///
    /// ## Examples
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Jobs: {Type: AWS::SQS::Queues}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Jobs: {Type: AWS::SQS::Queue}
    /// ```
    pub(super) static POLICY = "unknown-resource-type" {
        category: Validity, severity: High, profile: Recommended, fix: Sometimes, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    report(cx, &[ProblemKind::UnknownResourceType, ProblemKind::UnavailableResourceType]);
}
