use super::report;
use crate::policy;
use crate::policy::Context;
use crate::template::ProblemKind;

policy! {
    /// Something refers to a name that is not in the template.
    ///
    /// ## Why it matters
    ///
    /// CloudFormation refuses a template with a reference that leads nowhere.
    ///
    /// ## How to fix
    ///
    /// Correct the name, or declare the parameter or resource.
    ///
    /// ## Examples
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Jobs: {Type: AWS::SQS::Queue}
    /// Outputs:
    ///   Url: {Value: !Ref Job}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Jobs: {Type: AWS::SQS::Queue}
    /// Outputs:
    ///   Url: {Value: !Ref Jobs}
    /// ```
    ///
    /// ```yaml,sam,fail
    /// Transform: AWS::Serverless-2016-10-31
    /// Resources:
    ///   Report:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Environment: {Variables: {TABLE: !Ref Orders}}}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Transform: AWS::Serverless-2016-10-31
    /// Resources:
    ///   Orders: {Type: AWS::Serverless::SimpleTable}
    ///   Report:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Environment: {Variables: {TABLE: !Ref Orders}}}
    /// ```
    pub(super) static POLICY = "unresolved-reference" {
        category: Validity, severity: High, profile: Recommended, fix: Sometimes, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    report(cx, &[ProblemKind::UnresolvedReference]);
}
