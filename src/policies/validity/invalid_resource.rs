use super::report;
use crate::policy;
use crate::policy::Context;
use crate::template::ProblemKind;

policy! {
    /// A resource has attributes that do not exist, or ones of the wrong shape.
    ///
    /// ## Why it matters
    ///
    /// CloudFormation refuses a resource with anything but its known attributes. Most often a property
    /// is indented one level too little, or an attribute is misspelt.
    ///
    /// ## How to fix
    ///
    /// Correct the name, or move the property below `Properties`.
    ///
    /// ## Examples
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Jobs:
    ///     Type: AWS::SQS::Queue
    ///     Propertys: {DelaySeconds: 5}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Jobs:
    ///     Type: AWS::SQS::Queue
    ///     Properties: {DelaySeconds: 5}
    /// ```
    pub(super) static POLICY = "invalid-resource" {
        category: Validity, severity: High, profile: Recommended, fix: Sometimes, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    report(cx, &[ProblemKind::InvalidResource]);
}
