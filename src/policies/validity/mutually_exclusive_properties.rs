use super::report;
use crate::policy;
use crate::policy::Context;
use crate::template::ProblemKind;

policy! {
    /// Properties stand together of which only one may be given.
    ///
    /// ## Why it matters
    ///
    /// The service cannot tell which of the two is meant, and refuses the resource.
    ///
    /// ## How to fix
    ///
    /// Keep the one that is meant.
    ///
    /// ## Examples
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Disk:
    ///     Type: AWS::EC2::Subnet
    ///     Properties: {VpcId: vpc-0123456789abcdef0, CidrBlock: 10.0.0.0/24, Ipv4IpamPoolId: pool, Ipv4NetmaskLength: 24}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Disk:
    ///     Type: AWS::EC2::Subnet
    ///     Properties: {VpcId: vpc-0123456789abcdef0, CidrBlock: 10.0.0.0/24}
    /// ```
    pub(super) static POLICY = "mutually-exclusive-properties" {
        category: Validity, severity: High, profile: Recommended, fix: None, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    report(cx, &[ProblemKind::MutuallyExclusiveProperties]);
}
