use super::report;
use crate::policy;
use crate::policy::Context;
use crate::template::ProblemKind;

policy! {
    /// A section of the template is missing, unknown or of the wrong shape.
    ///
    /// ## Why it matters
    ///
    /// CloudFormation refuses a template with a section it does not know, or without resources, before
    /// it looks at anything else.
    ///
    /// ## How to fix
    ///
    /// Correct the name or the shape of the section. Sections are `AWSTemplateFormatVersion`,
    /// `Description`, `Metadata`, `Parameters`, `Rules`, `Mappings`, `Conditions`, `Transform`,
    /// `Globals` (SAM), `Resources` and `Outputs`.
    ///
    /// ## Examples
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Jobs: {Type: AWS::SQS::Queue}
    /// Output:
    ///   Url: {Value: !Ref Jobs}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Jobs: {Type: AWS::SQS::Queue}
    /// Outputs:
    ///   Url: {Value: !Ref Jobs}
    /// ```
    pub(super) static POLICY = "invalid-template-section" {
        category: Validity, severity: High, profile: Recommended, fix: None, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    report(cx, &[ProblemKind::Structure, ProblemKind::TemplateSection]);
}
