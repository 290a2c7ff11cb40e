//! Where traffic enters, and how much of it.

use super::schedule_rate;
use super::{api_of, carries, route_name, ty};
use crate::estimate::model::{Model, index};
use crate::estimate::usage::{Key, Profile, ResourceUsage};
use crate::estimate::variables::{Quantity, Scope, Var, fixed, varying};
use crate::facts::prices::HOURS_PER_MONTH;
use crate::graph::{EdgeKind, EdgeRef, Graph, NodeId, NodeKind, NodeRef};
use std::collections::BTreeSet;
use std::sync::Arc;

/// One place where traffic enters.
pub struct Entering {
    /// The site.
    pub site: usize,
    /// Events a month, where they are known.
    pub rate: Option<Quantity>,
    /// The variables the rate depends on.
    pub variables: Vec<Var>,
    /// How it is spread over the week.
    pub profile: Option<Arc<Profile>>,
    /// Whether the template tells the rate.
    pub scheduled: bool,
    /// Seconds between events, for those that come at fixed intervals.
    pub interval_s: Option<f64>,
}

fn may_be_entry(node: NodeRef<'_>) -> bool {
    let sends = || node.outgoing().any(|edge| carries(edge.kind()));
    match node.kind() {
        NodeKind::RestApi
        | NodeKind::HttpApi
        | NodeKind::WebSocketApi
        | NodeKind::GraphQlApi
        | NodeKind::Route
        | NodeKind::Queue
        | NodeKind::Topic
        | NodeKind::Bus
        | NodeKind::Rule
        | NodeKind::Schedule
        | NodeKind::Stream
        | NodeKind::StateMachine
        | NodeKind::Function => true,
        NodeKind::Pipe => true,
        NodeKind::Bucket | NodeKind::UserPool | NodeKind::Firehose | NodeKind::Table => sends(),
        NodeKind::Connector | NodeKind::Other => {
            matches!(
                ty(node),
                "AWS::Lambda::Url"
                    | "AWS::CloudFront::Distribution"
                    | "AWS::IoT::TopicRule"
                    | "AWS::SES::ReceiptRule"
                    | "AWS::ElasticLoadBalancingV2::TargetGroup"
                    | "AWS::S3ObjectLambda::AccessPoint"
            ) && (sends() || ty(node) == "AWS::CloudFront::Distribution")
        }
        _ => false,
    }
}

fn feeds(edge: EdgeRef<'_>) -> bool {
    carries(edge.kind())
        && edge.kind() != EdgeKind::Reads
        && !matches!(edge.source().kind(), NodeKind::External | NodeKind::Custom | NodeKind::Authorizer)
        && edge.source().index() != edge.target().index()
}

/// Whether the condition of a node, if it has one, may hold.
fn exists(node: NodeRef<'_>) -> bool {
    node.resource().and_then(crate::graph::Resource::exists) != Some(false)
}

/// The nodes where traffic enters: those that nothing in the template feeds.
pub fn entries(graph: &Graph) -> Vec<NodeRef<'_>> {
    let mut found: Vec<NodeRef<'_>> = graph
        .nodes()
        .filter(|node| may_be_entry(*node))
        // Routes of an OpenAPI document are no resources of their own.
        .filter(|node| node.logical_id().is_some() || node.kind() == NodeKind::Route)
        .filter(|node| exists(*node))
        .filter(|node| !node.incoming().any(feeds))
        .filter(|node| match node.kind() {
            // An API with routes is entered by its routes.
            NodeKind::RestApi | NodeKind::HttpApi | NodeKind::WebSocketApi => {
                !node.targets(EdgeKind::Contains).any(|route| route.kind() == NodeKind::Route)
            }
            // Storage that feeds nothing, and queues that only take dead letters, are no entries.
            NodeKind::Rule | NodeKind::Schedule => node.outgoing().any(|edge| carries(edge.kind())),
            NodeKind::Table => false,
            // What alarms tell somebody is no traffic.
            NodeKind::Topic => {
                node.outgoing().any(|edge| carries(edge.kind()) && edge.target().kind() != NodeKind::External)
                    || !node.incoming().any(|edge| edge.kind() == EdgeKind::Notifies)
            }
            NodeKind::Queue => {
                node.outgoing().any(|edge| carries(edge.kind()))
                    || !node.incoming().any(|edge| edge.kind() == EdgeKind::DeadLettersTo)
            }
            // What custom resources and authorizers call gets no traffic of its own.
            NodeKind::Function => {
                let mut callers = node.incoming().filter(|edge| carries(edge.kind())).map(EdgeRef::source).peekable();
                callers.peek().is_none()
                    || !callers.all(|caller| matches!(caller.kind(), NodeKind::Custom | NodeKind::Authorizer))
            }
            _ => true,
        })
        .collect();
    // Everything else lies behind a loop without an entrance, or behind a table that nothing here
    // writes: enter it at its first node.
    let mut reached: BTreeSet<NodeId> = BTreeSet::new();
    let reach = |from: NodeRef<'_>, reached: &mut BTreeSet<NodeId>| {
        let mut open = vec![from];
        while let Some(node) = open.pop() {
            if reached.insert(node.index()) {
                let ways = node.outgoing().filter(|edge| carries(edge.kind()) && edge.kind() != EdgeKind::Reads);
                open.extend(ways.map(EdgeRef::target));
                let authorizers = node.outgoing().filter(|edge| edge.kind() == EdgeKind::Contains);
                open.extend(authorizers.map(EdgeRef::target).filter(|node| node.kind() == NodeKind::Authorizer));
            }
        }
    };
    for node in &found {
        reach(*node, &mut reached);
        if let Some(api) = api_of(*node) {
            reach(api, &mut reached);
        }
    }
    for node in graph.nodes() {
        let custom = || node.incoming().any(|edge| edge.source().kind() == NodeKind::Custom);
        let starts = matches!(node.kind(), NodeKind::Function | NodeKind::Pipe | NodeKind::StateMachine);
        if starts && exists(node) && !reached.contains(&node.index()) && !custom() {
            reach(node, &mut reached);
            found.push(node);
        }
    }
    found
}

/// Entries with their rates, and every other place that the usage file gives a rate.
pub fn entering(model: &mut Model<'_, '_>) -> Vec<Entering> {
    let structural = entries(model.graph);
    let mut found: Vec<Entering> = structural.iter().map(|node| rated(model, *node)).collect();
    let graph = model.graph;
    let usage = model.variables.usage();
    for (id, resource) in &usage.resources {
        let Some(node) = graph.node(id) else { continue };
        if structural.contains(&node) || is_api_with_routes(node) {
            continue;
        }
        let gives = rate_keys(node).iter().any(|key| resource.amounts.contains_key(key));
        if gives {
            let entry = rated(model, node);
            found.push(entry);
        }
    }
    found
}

fn is_api_with_routes(node: NodeRef<'_>) -> bool {
    node.targets(EdgeKind::Contains).any(|route| route.kind() == NodeKind::Route)
}

/// The keys that give the events of a node.
pub(crate) fn rate_keys(node: NodeRef<'_>) -> &'static [Key] {
    match node.kind() {
        NodeKind::Bus => &[Key::MonthlyCustomEvents],
        NodeKind::WebSocketApi => &[Key::MonthlyMessages],
        _ => &[Key::MonthlyRequests],
    }
}

fn rated(model: &mut Model<'_, '_>, node: NodeRef<'_>) -> Entering {
    let mut entry = Entering {
        site: index(node),
        rate: None,
        variables: Vec::new(),
        profile: None,
        scheduled: false,
        interval_s: None,
    };
    if node.kind() == NodeKind::Route {
        route(model, node, &mut entry);
        return entry;
    }
    for key in rate_keys(node) {
        if let Some(var) = model.variables.said(node, *key) {
            entry.rate = Some(varying(var));
            entry.variables.push(var);
            entry.profile = profile(model, node, *key);
            return entry;
        }
    }
    let schedule = matches!(node.kind(), NodeKind::Rule | NodeKind::Schedule);
    let expression = node.property(&["ScheduleExpression"]).text().filter(|_| schedule);
    if let Some(rate) = expression.as_deref().and_then(schedule_rate) {
        let disabled = node.property(&["State"]).text().is_some_and(|state| state == "DISABLED");
        let rate = if disabled { 0.0 } else { rate };
        entry.rate = Some(fixed(rate * HOURS_PER_MONTH * 3600.0));
        entry.scheduled = true;
        entry.interval_s = (rate > 0.0).then(|| 1.0 / rate);
    }
    entry
}

fn profile(model: &Model<'_, '_>, node: NodeRef<'_>, key: Key) -> Option<Arc<Profile>> {
    let usage = model.variables.usage();
    usage.amount(node.logical_id()?, ty(node), key)?.profile.clone()
}

/// A route has a rate of its own, or a share of its API's.
fn route(model: &mut Model<'_, '_>, node: NodeRef<'_>, entry: &mut Entering) {
    const HELP: &str = "Requests of a route, a month";
    let usage = model.variables.usage();
    let Some(api) = api_of(node) else { return };
    let own = |node: NodeRef<'_>| -> Option<&ResourceUsage> {
        let by_name = usage.route(api.name(), &route_name(node));
        by_name.or_else(|| usage.resources.get(node.logical_id()?))
    };
    let gives = |node: NodeRef<'_>| own(node).is_some_and(|own| own.amounts.contains_key(&Key::MonthlyRequests));
    if let Some(amount) = own(node).and_then(|own| own.amounts.get(&Key::MonthlyRequests)) {
        let scope = Scope::Resource(super::shown(node));
        let var = model.variables.add(scope, Key::MonthlyRequests.name(), HELP, amount.range, true);
        (entry.rate, entry.profile) = (Some(varying(var)), amount.profile.clone());
        entry.variables.push(var);
        return;
    }
    let key = if api.kind() == NodeKind::WebSocketApi { Key::MonthlyMessages } else { Key::MonthlyRequests };
    let Some(total) = model.variables.said(api, key) else { return };
    entry.profile = profile(model, api, key);
    entry.variables.push(total);
    // Routes that give their own rate take nothing of the API's.
    let routes: Vec<NodeRef<'_>> =
        api.targets(EdgeKind::Contains).filter(|node| node.kind() == NodeKind::Route && !gives(*node)).collect();
    let mut shares = Vec::new();
    let mut own_share = None;
    for other in &routes {
        let Some(amount) = own(*other).and_then(|own| own.amounts.get(&Key::RouteShare)) else { continue };
        let scope = Scope::Resource(super::shown(*other));
        let help = Key::RouteShare.help();
        let var = model.variables.add(scope, Key::RouteShare.name(), help, amount.range, true);
        if *other == node {
            own_share = Some(var);
            entry.variables.push(var);
        }
        shares.push(var);
    }
    let rest = (routes.len() - shares.len()).max(1) as f64;
    let all_named = shares.len() == routes.len();
    entry.rate = Some(Box::new(move |point| {
        let sum: f64 = shares.iter().map(|var| point.at(*var)).sum();
        // Shares of all routes stand for the whole, whatever they add up to.
        let whole = if all_named { sum.max(f64::MIN_POSITIVE) } else { sum.max(1.0) };
        let share = match own_share {
            Some(own) => point.at(own) / whole,
            None => (1.0 - sum).max(0.0) / rest,
        };
        point.at(total) * share
    }));
}
