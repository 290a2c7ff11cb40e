use crate::policy;
use crate::policy::Context;
use crate::template::ProblemKind;

policy! {
    /// The template names a file outside the project.
    ///
    /// ## Why it matters
    ///
    /// A template that reads files from elsewhere on a machine builds differently on another one,
    /// and can be used to pull secrets into a deployment. dewline does not read outside the
    /// project.
    ///
    /// ## How to fix
    ///
    /// Move the file into the project, or run dewline on the folder that holds both.
    ///
    /// ## Examples
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Queue:
    ///     Type: AWS::SQS::Queue
    ///     Properties:
    ///       Fn::Transform: {Name: AWS::Include, Parameters: {Location: ../../elsewhere/part.yaml}}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Queue:
    ///     Type: AWS::SQS::Queue
    ///     Properties:
    ///       Fn::Transform: {Name: AWS::Include, Parameters: {Location: part.yaml}}
    /// ```
    pub(super) static POLICY = "path-outside-project" {
        category: Validity, severity: Medium, profile: Recommended, fix: None, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    super::report(cx, &[ProblemKind::OutsideProject]);
}
