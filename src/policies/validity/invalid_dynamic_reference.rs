use super::report;
use crate::policy;
use crate::policy::Context;
use crate::template::ProblemKind;

policy! {
    /// A dynamic reference (`{{resolve:…}}`) is not one that CloudFormation resolves.
    ///
    /// ## Why it matters
    ///
    /// CloudFormation stops the deployment, or leaves the text as it stands, and the application reads the
    /// reference in place of the value.
    ///
    /// ## How to fix
    ///
    /// Write `{{resolve:ssm:name:version}}` or
    /// `{{resolve:secretsmanager:secret:SecretString:key:stage:version}}`. What stands last may be left out;
    /// secrets are resolved in the properties of resources only.
    ///
    /// ## Examples
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Jobs: {Type: AWS::SQS::Queue, Properties: {QueueName: '{{resolve:ssm:queue:latest}}'}}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Jobs: {Type: AWS::SQS::Queue, Properties: {QueueName: '{{resolve:ssm:queue:3}}'}}
    /// ```
    pub(super) static POLICY = "invalid-dynamic-reference" {
        category: Validity, severity: High, profile: Recommended, fix: None, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    report(cx, &[ProblemKind::DynamicReference]);
}
