use super::report;
use crate::policy;
use crate::policy::Context;
use crate::template::ProblemKind;

policy! {
    /// Properties of a resource contradict each other.
    ///
    /// ## Why it matters
    ///
    /// Each of them is allowed on its own; together the service refuses them. A container image has no
    /// handler, a stream needs a starting position, on-demand capacity has no throughput.
    ///
    /// ## How to fix
    ///
    /// Change one of the properties that the message names.
    ///
    /// ## Examples
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Report:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {PackageType: Image, Handler: app.main, Code: {ImageUri: '123456789012.dkr.ecr.eu-west-1.amazonaws.com/a:1'}, Role: 'arn:aws:iam::123456789012:role/r'}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Report:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {PackageType: Image, Code: {ImageUri: '123456789012.dkr.ecr.eu-west-1.amazonaws.com/a:1'}, Role: 'arn:aws:iam::123456789012:role/r'}
    /// ```
    pub(super) static POLICY = "property-conflict" {
        category: Validity, severity: High, profile: Recommended, fix: None, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    report(cx, &[ProblemKind::PropertyConflict]);
}
