//! Functions with what keeps them warm: provisioned concurrency and snapshots.

use super::super::measure::{self, Bounds};
use super::super::read;
use crate::graph::{EdgeKind, Graph, NodeKind, NodeRef, Resource, Target};

/// Aliases and versions of `function` that may exist.
pub(super) fn published(function: NodeRef<'_>) -> impl Iterator<Item = Resource<'_>> {
    let sources = function.sources(EdgeKind::Qualifies);
    sources.filter_map(NodeRef::resource).filter(|resource| resource.exists() != Some(false))
}

/// Aliases and versions of the template that surely have provisioned concurrency.
pub(super) fn provisioned(graph: &Graph) -> impl Iterator<Item = Resource<'_>> {
    let aliases = graph.existing("AWS::Lambda::Alias").chain(graph.existing("AWS::Lambda::Version"));
    aliases.filter(|alias| is_provisioned(*alias))
}

/// Whether an alias or version surely has provisioned concurrency.
pub(super) fn is_provisioned(alias: Resource<'_>) -> bool {
    let configs = read::values(alias, &["ProvisionedConcurrencyConfig"]);
    configs.iter().all(|config| config.borrowed().is_some_and(|config| config.as_map().is_some()))
        && instances(alias).is_none_or(|instances| instances.min > 0)
}

/// How many instances are kept, 0 where none are configured; `None` when that is not known.
pub(super) fn instances(alias: Resource<'_>) -> Option<Bounds> {
    measure::bounds(alias, &["ProvisionedConcurrencyConfig", "ProvisionedConcurrentExecutions"], 0)
}

/// The function an alias or version belongs to.
pub(super) fn function_of<'g>(graph: &'g Graph, alias: Resource<'g>) -> Option<NodeRef<'g>> {
    let target = graph.resolve_eval(&alias.property(&["FunctionName"]), Some(NodeKind::Function));
    target.node().filter(|node| node.kind() == NodeKind::Function)
}

/// `12 %`, `0.05 %`.
pub(super) fn percent(share: f64) -> String {
    let percent = share * 100.0;
    let digits = if percent >= 10.0 { 0 } else { (1.0 - percent.max(1e-6).log10().floor()).clamp(0.0, 6.0) as usize };
    format!("{percent:.digits$} %")
}

/// Whether the published versions of a function surely start from a snapshot.
pub(super) fn has_snapshots(function: Resource<'_>) -> bool {
    read::text(function, &["SnapStart", "ApplyOn"], |apply| apply == "PublishedVersions").is_some()
}

/// Whether some alias or version may belong to any function, because what it names is not known.
pub(super) fn has_stray_versions(graph: &Graph) -> bool {
    let versions = graph.nodes_of(NodeKind::Alias).chain(graph.nodes_of(NodeKind::Version));
    versions.into_iter().any(|version| {
        let target = graph.resolve_eval(&version.property(&["FunctionName"]), Some(NodeKind::Function));
        matches!(target, Target::Unknown | Target::Absent)
    })
}
