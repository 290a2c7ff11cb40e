use super::report;
use crate::policy;
use crate::policy::Context;
use crate::template::ProblemKind;

policy! {
    /// A property needs another one beside it.
    ///
    /// ## Why it matters
    ///
    /// On its own it means nothing, and the service refuses it.
    ///
    /// ## How to fix
    ///
    /// Add the property that the message names, or remove the one that needs it.
    ///
    /// ## Examples
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Net:
    ///     Type: AWS::EC2::Subnet
    ///     Properties: {VpcId: vpc-0123456789abcdef0, Ipv4IpamPoolId: pool}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Net:
    ///     Type: AWS::EC2::Subnet
    ///     Properties: {VpcId: vpc-0123456789abcdef0, Ipv4IpamPoolId: pool, Ipv4NetmaskLength: 24}
    /// ```
    pub(super) static POLICY = "dependent-property" {
        category: Validity, severity: High, profile: Recommended, fix: None, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    report(cx, &[ProblemKind::DependentProperty]);
}
