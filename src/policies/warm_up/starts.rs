//! Functions that start cold while somebody waits.

use super::super::measure;
use super::super::pings;
use super::warm;
use crate::estimate::init::Init;
use crate::graph::{Certainty, NodeId, NodeKind, NodeRef, Resource};
use crate::policy::Context;
use std::collections::{BTreeSet, VecDeque};

/// How long a function takes to start, by the model; none where nothing is known of its runtime.
pub(super) fn init(cx: &Context<'_>, node: NodeRef<'_>) -> Option<Init> {
    Init::of(node, cx.costs().usage())
}

/// The functions that nothing keeps warm: no provisioned concurrency, no pings, no instances of
/// their own.
pub(super) fn cold<'a>(cx: &Context<'a>) -> Vec<(NodeRef<'a>, Resource<'a>)> {
    let pinged: BTreeSet<NodeId> = pings::pings(cx).iter().map(|ping| ping.flow.target.index()).collect();
    let kept =
        |node: NodeRef<'_>| warm::published(node).any(|one| warm::instances(one).is_none_or(|count| count.max > 0));
    let functions = cx.graph.nodes_of(NodeKind::Function).filter_map(|node| Some((node, measure::function(node)?)));
    let own = |function: Resource<'_>| function.property(&["CapacityProviderConfig"]).is_absent();
    functions
        .filter(|(node, function)| {
            !function.is_incomplete() && own(*function) && !pinged.contains(&node.index()) && !kept(*node)
        })
        .collect()
}

/// The place nearest to a function where somebody outside waits for it: a route, a function URL, an
/// authorizer, a resolver, a user pool, a load balancer. State machines run on by themselves.
pub(super) fn waiting(function: NodeRef<'_>) -> Option<NodeRef<'_>> {
    let mut seen = BTreeSet::from([function.index()]);
    let mut queue = VecDeque::from([function]);
    while let Some(node) = queue.pop_front() {
        for edge in node.sync_callers().filter(|edge| edge.certainty() == Certainty::Declared) {
            let caller = edge.source();
            if is_entry(caller) {
                return Some(caller);
            }
            if matches!(caller.kind(), NodeKind::Function | NodeKind::Alias | NodeKind::Version)
                && seen.insert(caller.index())
            {
                queue.push_back(caller);
            }
        }
    }
    None
}

fn is_entry(node: NodeRef<'_>) -> bool {
    match node.kind() {
        NodeKind::Route => {
            let route = node.graph().routes().find(|route| route.node() == node);
            // Nobody waits for what a socket is sent.
            route.is_some_and(|route| route.api_kind() != Some(NodeKind::WebSocketApi))
        }
        NodeKind::RestApi | NodeKind::HttpApi | NodeKind::GraphQlApi | NodeKind::Authorizer | NodeKind::UserPool => {
            true
        }
        _ => node.resource().is_some_and(|resource| {
            let ty = resource.ty();
            ty == "AWS::Lambda::Url"
                || ty == "AWS::ElasticLoadBalancingV2::TargetGroup"
                || ty.starts_with("AWS::AppSync::")
        }),
    }
}

/// `1.2 s`, `640 ms`.
pub(super) fn time(milliseconds: f64) -> String {
    if milliseconds >= 1000.0 { format!("{:.1} s", milliseconds / 1000.0) } else { format!("{milliseconds:.0} ms") }
}

/// ` or more` where real code takes longer.
pub(super) fn bound(init: &Init) -> &'static str {
    if init.lower_bound { " or more" } else { "" }
}
