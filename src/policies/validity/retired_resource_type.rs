use super::report;
use crate::policy;
use crate::policy::Context;
use crate::template::ProblemKind;

policy! {
    /// A resource belongs to a service that was shut down.
    ///
    /// ## Why it matters
    ///
    /// Nothing of that service can be created any more.
    ///
    /// ## How to fix
    ///
    /// Move to the service that replaces it.
    ///
    /// ## Examples
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Ledger: {Type: AWS::QLDB::Ledger, Properties: {PermissionsMode: STANDARD}}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Ledger: {Type: AWS::SQS::Queue}
    /// ```
    pub(super) static POLICY = "retired-resource-type" {
        category: Validity, severity: High, profile: Recommended, fix: None, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    report(cx, &[ProblemKind::RetiredResourceType]);
}
