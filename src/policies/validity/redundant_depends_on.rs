use super::report;
use crate::policy;
use crate::policy::Context;
use crate::template::ProblemKind;

policy! {
    /// A `DependsOn` says what a reference already says.
    ///
    /// ## Why it matters
    ///
    /// CloudFormation waits for everything a resource refers to. What is written twice has to be
    /// maintained twice.
    ///
    /// ## How to fix
    ///
    /// Remove the entry.
    ///
    /// ## Examples
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Jobs: {Type: AWS::SQS::Queue}
    ///   Mails: {Type: AWS::SQS::Queue, DependsOn: Jobs, Properties: {QueueName: !Sub '${Jobs.QueueName}-mails'}}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Jobs: {Type: AWS::SQS::Queue}
    ///   Mails: {Type: AWS::SQS::Queue, Properties: {QueueName: !Sub '${Jobs.QueueName}-mails'}}
    /// ```
    pub(super) static POLICY = "redundant-depends-on" {
        category: Validity, severity: Info, profile: Strict, fix: Safe, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    report(cx, &[ProblemKind::RedundantDependsOn]);
}
