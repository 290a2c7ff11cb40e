use super::report;
use crate::policy;
use crate::policy::Context;
use crate::template::ProblemKind;

policy! {
    /// Resources wait for each other.
    ///
    /// ## Why it matters
    ///
    /// CloudFormation creates a resource after everything it refers to. Resources in a circle can
    /// never be created, and the template is refused.
    ///
    /// ## How to fix
    ///
    /// Remove one of the references, or move what refers back into a resource of its own, such as a
    /// policy beside the role.
    ///
    /// ## Examples
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Jobs: {Type: AWS::SQS::Queue, Properties: {QueueName: !GetAtt Mails.QueueName}}
    ///   Mails: {Type: AWS::SQS::Queue, Properties: {QueueName: !Sub '${Jobs.QueueName}-mails'}}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Jobs: {Type: AWS::SQS::Queue}
    ///   Mails: {Type: AWS::SQS::Queue, Properties: {QueueName: !Sub '${Jobs.QueueName}-mails'}}
    /// ```
    pub(super) static POLICY = "circular-dependency" {
        category: Validity, severity: High, profile: Recommended, fix: None, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    report(cx, &[ProblemKind::CircularDependency]);
}
