//! Functions with their versions, aliases, roles, layers, logs and failure destinations.

use super::super::edge::EdgeKind;
use super::super::node::NodeKind;
use super::Links;

/// Alias to version to function.
pub(super) fn qualifiers(links: &mut Links<'_>) {
    let graph = links.graph;
    for node in graph.nodes_of(NodeKind::Version) {
        let function = node.property(&["FunctionName"]);
        links.to(node.index(), EdgeKind::Qualifies, &function, Some(NodeKind::Function), None);
    }
    for node in graph.nodes_of(NodeKind::Alias) {
        // The function is what all users of the alias mean; the version may be `$LATEST`.
        let function = node.property(&["FunctionName"]);
        links.to(node.index(), EdgeKind::Qualifies, &function, Some(NodeKind::Function), None);
    }
}

/// What hangs directly on a function.
pub(super) fn functions(links: &mut Links<'_>) {
    let graph = links.graph;
    for node in graph.nodes_of(NodeKind::Function) {
        let index = node.index();
        links.to(index, EdgeKind::Assumes, &node.property(&["Role"]), Some(NodeKind::Role), None);
        links.to(index, EdgeKind::DeadLettersTo, &node.property(&["DeadLetterConfig", "TargetArn"]), None, None);
        log_group(links, node);
    }
    for config in graph.resources_of("AWS::Lambda::EventInvokeConfig") {
        let Some(function) = graph.resolve_eval(&config.property(&["FunctionName"]), Some(NodeKind::Function)).node()
        else {
            continue;
        };
        let failure = config.property(&["DestinationConfig", "OnFailure", "Destination"]);
        links.to(function.index(), EdgeKind::DeadLettersTo, &failure, None, Some(config));
        let success = config.property(&["DestinationConfig", "OnSuccess", "Destination"]);
        links.to(function.index(), EdgeKind::Publishes, &success, None, Some(config));
    }
}

/// The declared log group, by `LoggingConfig` or by the name the service would use.
fn log_group<'g>(links: &mut Links<'g>, function: super::super::NodeRef<'g>) {
    let graph = links.graph;
    let configured = function.property(&["LoggingConfig", "LogGroup"]);
    if !configured.is_absent() {
        links.to(function.index(), EdgeKind::LogsTo, &configured, Some(NodeKind::LogGroup), None);
        return;
    }
    let own_name = function.property(&["FunctionName"]).symbolic();
    let by_reference = function.logical_id().map(crate::template::unknown::mark);
    for group in graph.nodes_of(NodeKind::LogGroup) {
        let Some(name) = group.property(&["LogGroupName"]).symbolic() else { continue };
        let Some(suffix) = name.strip_prefix("/aws/lambda/") else { continue };
        if own_name.as_deref() == Some(suffix) || by_reference.as_deref() == Some(suffix) {
            links.add(function.index(), EdgeKind::LogsTo, group.index(), group.origin(), None);
        }
    }
}
