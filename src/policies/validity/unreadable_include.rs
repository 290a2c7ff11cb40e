use crate::policy;
use crate::policy::Context;
use crate::template::ProblemKind;

policy! {
    /// A file that the template includes cannot be read, or includes itself.
    ///
    /// ## Why it matters
    ///
    /// Unless a build step makes the file, the deployment fails; until then no tool sees what it
    /// would have added. dewline treats what the file may hold as unknown.
    ///
    /// ## How to fix
    ///
    /// Correct the path. It is read relative to the file that names it, for serverless.yml relative
    /// to the service's folder.
    ///
    /// ## Examples
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Queue:
    ///     Type: AWS::SQS::Queue
    ///     Properties:
    ///       Fn::Transform: {Name: AWS::Include, Parameters: {Location: missing.yaml}}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Queue:
    ///     Type: AWS::SQS::Queue
    ///     Properties:
    ///       Fn::Transform: {Name: AWS::Include, Parameters: {Location: 's3://bucket/part.yaml'}}
    /// ```
    pub(super) static POLICY = "unreadable-include" {
        category: Validity, severity: Medium, profile: Recommended, fix: None, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    super::report(cx, &[ProblemKind::Include]);
}
