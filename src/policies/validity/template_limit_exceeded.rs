use super::report;
use crate::policy;
use crate::policy::Context;
use crate::template::ProblemKind;

policy! {
    /// The template holds more of something than CloudFormation takes.
    ///
    /// ## Why it matters
    ///
    /// A template takes 500 resources, 200 parameters, 200 mappings and 200 outputs, names of 255
    /// characters and a description of 1,024 bytes. One more fails the deployment as a whole.
    ///
    /// ## How to fix
    ///
    /// Split the stack, or shorten what is too long.
    ///
    /// ## Examples
    ///
    /// ```yaml,cloudformation,fail
    /// Description: dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd
    /// Resources:
    ///   Jobs: {Type: AWS::SQS::Queue}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Description: Jobs
    /// Resources:
    ///   Jobs: {Type: AWS::SQS::Queue}
    /// ```
    pub(super) static POLICY = "template-limit-exceeded" {
        category: Validity, severity: High, profile: Recommended, fix: None, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    report(cx, &[ProblemKind::TemplateLimit]);
}
