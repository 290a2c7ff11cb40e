use super::report;
use crate::policy;
use crate::policy::Context;
use crate::template::ProblemKind;

policy! {
    /// An identifier or ARN is not of the kind that its place asks for.
    ///
    /// ## Why it matters
    ///
    /// A name where an ARN is expected, or the ARN of a role where a key is expected, is refused by
    /// the service at deployment at the latest.
    ///
    /// ## How to fix
    ///
    /// Use the attribute of the resource that is of the right kind; `Ref` gives a name for most types,
    /// `Fn::GetAtt` the ARN.
    ///
    /// ## Examples
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Net:
    ///     Type: AWS::EC2::Subnet
    ///     Properties: {VpcId: vpc-12345, CidrBlock: 10.0.0.0/24}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Net:
    ///     Type: AWS::EC2::Subnet
    ///     Properties: {VpcId: vpc-0123456789abcdef0, CidrBlock: 10.0.0.0/24}
    /// ```
    pub(super) static POLICY = "invalid-identifier" {
        category: Validity, severity: High, profile: Recommended, fix: None, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    report(cx, &[ProblemKind::InvalidIdentifier]);
}
