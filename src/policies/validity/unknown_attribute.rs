use super::report;
use crate::policy;
use crate::policy::Context;
use crate::template::ProblemKind;

policy! {
    /// `Fn::GetAtt` asks for an attribute that the resource does not have.
    ///
    /// ## Why it matters
    ///
    /// CloudFormation refuses the template.
    ///
    /// ## How to fix
    ///
    /// Choose one of the attributes that the help text lists; `Ref` gives the rest.
    ///
    /// ## Examples
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Jobs: {Type: AWS::SQS::Queue}
    /// Outputs:
    ///   Arn: {Value: !GetAtt Jobs.QueueArn}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Jobs: {Type: AWS::SQS::Queue}
    /// Outputs:
    ///   Arn: {Value: !GetAtt Jobs.Arn}
    /// ```
    pub(super) static POLICY = "unknown-attribute" {
        category: Validity, severity: High, profile: Recommended, fix: Sometimes, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    report(cx, &[ProblemKind::UnknownAttribute]);
}
