use super::report;
use crate::policy;
use crate::policy::Context;
use crate::template::ProblemKind;

policy! {
    /// A property that must be given is missing.
    ///
    /// ## Why it matters
    ///
    /// The service refuses to create the resource, and the stack rolls back.
    ///
    /// ## How to fix
    ///
    /// Add the property.
    ///
    /// ## Examples
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Alias:
    ///     Type: AWS::Lambda::Alias
    ///     Properties: {FunctionName: report, Name: live}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Alias:
    ///     Type: AWS::Lambda::Alias
    ///     Properties: {FunctionName: report, FunctionVersion: '3', Name: live}
    /// ```
    pub(super) static POLICY = "required-property" {
        category: Validity, severity: High, profile: Recommended, fix: None, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    report(cx, &[ProblemKind::RequiredProperty]);
}
