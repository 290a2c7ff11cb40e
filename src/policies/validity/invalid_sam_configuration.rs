use super::report;
use crate::policy;
use crate::policy::Context;
use crate::template::ProblemKind;

policy! {
    /// SAM is used without its transform, or in a way that it does not take.
    ///
    /// ## Why it matters
    ///
    /// Without `Transform: AWS::Serverless-2016-10-31` CloudFormation does not know SAM's types and
    /// sections; with it, the transform refuses globals it does not have.
    ///
    /// ## How to fix
    ///
    /// Add the transform, or correct the entry that the message names.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// AWSTemplateFormatVersion: '2010-09-09'
    /// Resources:
    ///   Orders: {Type: AWS::Serverless::SimpleTable}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Transform: AWS::Serverless-2016-10-31
    /// Resources:
    ///   Orders: {Type: AWS::Serverless::SimpleTable}
    /// ```
    pub(super) static POLICY = "invalid-sam-configuration" {
        category: Validity, severity: High, profile: Recommended, fix: None, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    report(cx, &[ProblemKind::SamConfiguration]);
}
