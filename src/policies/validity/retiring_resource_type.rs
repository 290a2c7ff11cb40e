use super::report;
use crate::policy;
use crate::policy::Context;
use crate::template::ProblemKind;

policy! {
    /// The service of a resource type is being shut down, or takes no new customers.
    ///
    /// ## Why it matters
    ///
    /// Accounts that do not use the service yet cannot begin to, and those that do have to leave it.
    ///
    /// ## How to fix
    ///
    /// Move to the service that AWS names as its successor.
    ///
    /// ## Examples
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Mesh: {Type: AWS::AppMesh::Mesh, Properties: {MeshName: shop}}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Cluster: {Type: AWS::ECS::Cluster, Properties: {ClusterName: shop}}
    /// ```
    pub(super) static POLICY = "retiring-resource-type" {
        category: Validity, severity: Low, profile: Recommended, fix: None, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    report(cx, &[ProblemKind::RetiringResourceType]);
}
