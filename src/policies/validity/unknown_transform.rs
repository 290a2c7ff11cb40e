use crate::policy;
use crate::policy::Context;
use crate::template::ProblemKind;

policy! {
    /// A macro or transform changes the template in ways that cannot be known offline.
    ///
    /// ## Why it matters
    ///
    /// The macro's Lambda function runs in the account at deployment. What it adds or removes is
    /// unknown here, so findings of the kind "X is missing" are withheld where it may answer them.
    ///
    /// ## How to fix
    ///
    /// Nothing needs fixing. Check the processed template as well if the macro matters: `aws
    /// cloudformation get-template --template-stage Processed`.
    ///
    /// ## Examples
    ///
    /// ```yaml,cloudformation,fail
    /// Transform: [CompanyTagging]
    /// Resources:
    ///   Queue: {Type: 'AWS::SQS::Queue'}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Transform: [AWS::LanguageExtensions]
    /// Resources:
    ///   Queue: {Type: 'AWS::SQS::Queue'}
    /// ```
    pub(super) static POLICY = "unknown-transform" {
        category: Validity, severity: Info, profile: Recommended, fix: None, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    super::report(cx, &[ProblemKind::UnknownTransform]);
}
