//! Scalable targets for provisioned concurrency.

use crate::graph::{Graph, NodeRef, Resource};

/// Whether a scalable target is for the provisioned concurrency of `function`.
pub(super) fn scales(graph: &Graph, function: NodeRef<'_>) -> Option<bool> {
    let mut unknown = false;
    for target in targets(graph) {
        if is_for(graph, target, function)? {
            return Some(true);
        }
        let id = target.property(&["ResourceId"]);
        unknown |= graph.resolve_eval(&id, None).node().is_none() && id.known().is_none();
    }
    (!unknown).then_some(false)
}

/// Scalable targets that may be for provisioned concurrency.
pub(super) fn targets(graph: &Graph) -> impl Iterator<Item = Resource<'_>> {
    graph.resources_of("AWS::ApplicationAutoScaling::ScalableTarget").filter(|target| {
        let dimension = target.property(&["ScalableDimension"]).text();
        dimension.is_none_or(|dimension| dimension == "lambda:function:ProvisionedConcurrency")
    })
}

/// Whether `target` names `function`; none where its id is not known.
pub(super) fn is_for(graph: &Graph, target: Resource<'_>, function: NodeRef<'_>) -> Option<bool> {
    let id = target.property(&["ResourceId"]);
    let text = id.symbolic()?;
    // `function:name:alias`; references inside the text resolve as they are.
    let found = graph.resolve_eval(&id, None).node();
    let named = text.strip_prefix("function:").and_then(|rest| rest.rsplit_once(':')).map(|(name, _)| name);
    let by_name = || function.property(&["FunctionName"]).symbolic().is_some_and(|name| named == Some(&*name));
    Some(found == Some(function) || by_name())
}
