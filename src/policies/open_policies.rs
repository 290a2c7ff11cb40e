//! Resource policies that let everybody in, and what stands behind them.

use super::statements;
use crate::graph::{NodeRef, Resource};
use crate::policy::{Context, Place};

/// Reports the statements of the document that `holder` has at `path` which allow everybody to
/// use `targets`.
pub(super) fn report<'g>(cx: &mut Context<'g>, holder: Resource<'g>, path: &[&str], targets: &[NodeRef<'g>]) {
    for statement in statements::statements(holder, path).into_iter().filter(|statement| statement.is_public()) {
        let actions = statement.actions().join(", ");
        let named: Vec<&str> = targets.iter().map(|target| target.name()).collect();
        let what = if named.is_empty() { "what it is for".to_owned() } else { named.join(" and ") };
        let started = targets.iter().find_map(|target| started(*target));
        let then = started.map_or_else(String::new, |(_, name)| format!("; what arrives there reaches {name}"));
        let whose = match targets {
            [only] if only.logical_id() == Some(holder.id()) => format!("{what} lets everybody use it"),
            _ => format!("{} lets everybody use {what}", holder.id()),
        };
        let mut report = cx
            .report(Place::within(holder, statement.value.origin), format!("{whose} ({actions}){then}"))
            .help("name the account or service, or add a condition on aws:SourceArn, aws:SourceAccount or aws:PrincipalOrgID");
        for target in targets.iter().filter(|target| target.logical_id() != Some(holder.id())) {
            report = report.related(*target, format!("{} is defined here", target.name()));
        }
        if let Some((origin, name)) = started {
            report.related(origin, format!("{name} takes what arrives"));
        }
    }
}

/// Where and to what a resource hands on what it gets.
fn started(node: NodeRef<'_>) -> Option<(crate::graph::Origin, &str)> {
    let edge = node.outgoing().find(|edge| edge.kind().carries())?;
    Some((edge.origin(), edge.target().name()))
}

/// The resources of the template that the list at `path` names.
pub(super) fn targets<'g>(cx: &Context<'g>, holder: Resource<'g>, path: &[&str]) -> Vec<NodeRef<'g>> {
    let items = crate::graph::Part::of(holder).each(path);
    items.iter().filter_map(|item| cx.graph.target_of(item.eval(), None).node()).collect()
}
