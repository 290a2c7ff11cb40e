//! Ways that events go from each resource: the edges of the graph with their multiplicities.

use super::{Machine, attempts, carries, exhausted, ty};
use crate::estimate::meters;
use crate::estimate::model::{Charge, Model, index};
use crate::estimate::usage::{Calls, Key};
use crate::estimate::variables::{Quantity, Scope, Var, fixed, varying};
use crate::graph::{Api, Certainty, Delivery, EdgeKind, EdgeRef, NodeKind, NodeRef, Resource, Route};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Retries of an asynchronous call, where nothing is configured.
const ASYNC_RETRIES: u32 = 2;
/// Retries of a record until it expires, where nothing limits them.
const UNLIMITED: u32 = 1000;

/// Adds the ways of every site.
pub fn connect(model: &mut Model<'_, '_>) {
    let graph = model.graph;
    let routes: BTreeMap<usize, Route<'_>> =
        graph.apis().flat_map(Api::routes).map(|route| (index(route.node()), route)).collect();
    let mut deliveries: BTreeMap<(usize, usize), Vec<Delivery<'_>>> = BTreeMap::new();
    for delivery in graph.deliveries() {
        if let (Some(source), Some(target)) = (delivery.source(), delivery.target()) {
            deliveries.entry((index(source), index(target))).or_default().push(delivery);
        }
    }
    let invoke_configs: BTreeMap<usize, Resource<'_>> = graph
        .resources_of("AWS::Lambda::EventInvokeConfig")
        .filter_map(|config| {
            let name = config.property(&["FunctionName"]);
            let function = graph.resolve_eval(&name, Some(NodeKind::Function)).node();
            function.map(|function| (index(function), config))
        })
        .collect();
    let mut connector = Connector { model, deliveries, invoke_configs };
    for node in graph.nodes() {
        match node.kind() {
            NodeKind::Function => connector.function(node),
            NodeKind::StateMachine => connector.machine(node),
            NodeKind::GraphQlApi => connector.graphql(node),
            NodeKind::Custom | NodeKind::Alarm | NodeKind::External => {}
            _ => connector.declared(node),
        }
        if let Some(route) = routes.get(&index(node)) {
            connector.route(*route);
        }
    }
}

struct Connector<'m, 'g, 'u> {
    model: &'m mut Model<'g, 'u>,
    deliveries: BTreeMap<(usize, usize), Vec<Delivery<'g>>>,
    invoke_configs: BTreeMap<usize, Resource<'g>>,
}

impl<'g> Connector<'_, 'g, '_> {
    /// What a function does with other resources for one call. Code is not read: calls come
    /// from the usage file, or one is assumed for everything that the function may use.
    fn function(&mut self, node: NodeRef<'g>) {
        let mut seen: Vec<(usize, EdgeKind)> = Vec::new();
        for edge in node.outgoing().filter(|edge| carries(edge.kind())) {
            let target = edge.target();
            let access = matches!(edge.kind(), EdgeKind::Reads | EdgeKind::Writes);
            // Two grants on one resource are one relation; so are a grant and a variable.
            let relation = (index(target), if access { edge.kind() } else { EdgeKind::InvokesSync });
            if seen.contains(&relation) || matches!(target.kind(), NodeKind::External) {
                continue;
            }
            seen.push(relation);
            if edge.certainty() == Certainty::Declared && edge.kind() == EdgeKind::Publishes {
                // A destination of successful calls.
                self.pass(edge, fixed(1.0), true);
                continue;
            }
            let usage = self.model.variables.usage();
            let given = usage.calls(node.name(), target.name()).cloned();
            let known = given.is_some();
            let calls = self.calls(node, target, edge.kind(), given);
            self.pass(edge, varying(calls), known);
        }
        // What the usage file names and the template grants nowhere.
        let usage = self.model.variables.usage();
        let Some(resource) = usage.resources.get(node.name()) else { return };
        for (id, calls) in &resource.calls {
            let Some(target) = node.graph().node(id) else { continue };
            if seen.iter().any(|(known, _)| *known == index(target)) {
                continue;
            }
            let kinds: &[EdgeKind] = match target.kind() {
                NodeKind::Table | NodeKind::Bucket => &[EdgeKind::Reads, EdgeKind::Writes],
                NodeKind::Secret | NodeKind::Key => &[EdgeKind::Reads],
                NodeKind::Function => &[EdgeKind::InvokesSync],
                NodeKind::StateMachine => &[EdgeKind::InvokesAsync],
                _ => &[EdgeKind::Publishes],
            };
            for kind in kinds {
                let var = self.calls(node, target, *kind, Some(calls.clone()));
                let charges = self.arrival(node, target, *kind, None);
                let way = self.model.way(node, target, varying(var), true);
                way.carries = *kind != EdgeKind::Reads;
                way.charges = charges;
            }
        }
    }

    fn calls(&mut self, node: NodeRef<'g>, target: NodeRef<'g>, kind: EdgeKind, given: Option<Calls>) -> Var {
        const HELP: &str = "Calls of a function on a resource, a request";
        let suffix = match kind {
            EdgeKind::Reads => ".reads",
            EdgeKind::Writes => ".writes",
            _ => "",
        };
        let amount = given.and_then(|calls| if kind == EdgeKind::Writes { calls.writes } else { calls.reads });
        if let Some(amount) = amount {
            let name = format!("calls.{}{suffix}", target.name());
            let scope = Scope::Resource(node.name().to_owned());
            return self.model.variables.add(scope, &name, HELP, amount.range, true);
        }
        let key = match target.kind() {
            NodeKind::Secret | NodeKind::Key => Key::SecretReadsPerRequest,
            _ => Key::CallsPerRequest,
        };
        self.model.variables.of(node, key)
    }

    /// What an execution calls.
    fn machine(&mut self, node: NodeRef<'g>) {
        let Some(machine) = node.graph().state_machine(node) else { return };
        let machine = Arc::new(Machine::new(machine, &mut self.model.variables));
        for (place, target) in machine.targets.iter().enumerate() {
            let edge = node.outgoing().find(|edge| index(edge.target()) == *target && carries(edge.kind()));
            let Some(edge) = edge else { continue };
            let shared = Arc::clone(&machine);
            self.pass(edge, Box::new(move |point| shared.run(point).calls[place]), true);
        }
        meters::step_functions::executions(self.model, node, &machine);
    }

    /// A query is answered by one of the data sources, unless the usage file says more.
    fn graphql(&mut self, node: NodeRef<'g>) {
        let edges: Vec<EdgeRef<'g>> = node.outgoing().filter(|edge| carries(edge.kind())).collect();
        let mut targets: Vec<usize> = edges.iter().map(|edge| index(edge.target())).collect();
        targets.sort_unstable();
        targets.dedup();
        let cache = node.graph().resources_of("AWS::AppSync::ApiCache").next().is_some();
        let hits = cache.then(|| self.model.variables.of(node, Key::CacheHitRatio));
        for edge in edges {
            let given = self.model.variables.usage().calls(node.name(), edge.target().name()).cloned();
            let share = 1.0 / targets.len() as f64;
            let factor: Quantity = match (given.is_some(), hits) {
                (true, _) => varying(self.calls(node, edge.target(), edge.kind(), given)),
                (false, Some(hits)) => Box::new(move |point| share * (1.0 - point.at(hits))),
                (false, None) => fixed(share),
            };
            self.pass(edge, factor, true);
        }
    }

    /// Subscriptions, targets, notifications, mappings: what the template declares.
    fn declared(&mut self, node: NodeRef<'g>) {
        for edge in node.outgoing().filter(|edge| carries(edge.kind())) {
            if edge.target().kind() == NodeKind::External {
                continue;
            }
            let filter = self.filter(edge);
            let factor: Quantity = match edge.kind() {
                EdgeKind::Polls => {
                    let records = meters::batch(self.model, edge);
                    match filter {
                        Some(pass) => Box::new(move |point| point.at(pass) / records(point)),
                        None => Box::new(move |point| 1.0 / records(point)),
                    }
                }
                _ => filter.map_or_else(|| fixed(1.0), varying),
            };
            self.pass(edge, factor, true);
        }
        meters::sns::outside_subscriptions(self.model, node);
        self.dead_letters_of_queue(node);
    }

    /// The share that a filter lets pass, where there is one.
    fn filter(&mut self, edge: EdgeRef<'g>) -> Option<Var> {
        let (source, target) = (edge.source(), edge.target());
        if let Some(via) = edge.via().filter(|via| via.ty() == "AWS::Lambda::EventSourceMapping") {
            let filtered = !via.property(&["FilterCriteria"]).is_absent();
            let node = node_of(source, via);
            return filtered.then(|| self.model.variables.of(node, Key::PassShare));
        }
        if source.kind() == NodeKind::Bus || target.kind() == NodeKind::Rule {
            let filtered = !target.property(&["EventPattern"]).is_absent();
            return filtered.then(|| self.model.variables.of(target, Key::PassShare));
        }
        let known = self.deliveries.get(&(index(source), index(target)))?;
        // Notifications of a bucket match keys; the objects given are those that match.
        let filtered = source.kind() != NodeKind::Bucket && known.iter().any(|one| one.is_filtered() != Some(false));
        let node = known.first().and_then(|one| one.resource()).map_or(target, |owner| node_of(source, owner));
        filtered.then(|| self.model.variables.of(node, Key::PassShare))
    }

    /// Adds the way of an edge: retries of its target, what the passage costs, dead letters.
    fn pass(&mut self, edge: EdgeRef<'g>, factor: Quantity, known: bool) {
        let (source, target) = (edge.source(), edge.target());
        let charges = self.arrival(source, target, edge.kind(), Some(edge));
        let retried = self.retries(edge);
        let factor: Arc<Quantity> = Arc::new(factor);
        let direct = Arc::clone(&factor);
        let tried: Quantity = match retried {
            Some((error, retries)) => Box::new(move |point| direct(point) * attempts(point.at(error), retries)),
            None => Box::new(move |point| direct(point)),
        };
        let way = self.model.way(source, target, tried, known);
        way.carries = edge.kind() != EdgeKind::Reads;
        way.charges = charges;
        let Some((error, retries)) = retried.filter(|_| edge.kind() == EdgeKind::InvokesAsync) else { return };
        // What fails every time goes to the function's own dead-letter queue.
        let queues: Vec<NodeRef<'g>> =
            target.targets(EdgeKind::DeadLettersTo).filter(|queue| queue.kind() != NodeKind::External).collect();
        if let Some(queue) = queues.first() {
            let lost: Quantity = Box::new(move |point| factor(point) * exhausted(point.at(error), retries));
            self.model.way(source, *queue, lost, known);
        }
    }

    /// Error rate of the target and how often a failed call is made again.
    fn retries(&mut self, edge: EdgeRef<'g>) -> Option<(Var, u32)> {
        let (source, target) = (edge.source(), edge.target());
        // A state machine retries by itself.
        if target.kind() != NodeKind::Function || source.kind() == NodeKind::StateMachine {
            return None;
        }
        let retries = match edge.kind() {
            EdgeKind::InvokesAsync => {
                let configured = self.invoke_configs.get(&index(target));
                let limit = configured.and_then(|config| config.property(&["MaximumRetryAttempts"]).int());
                limit.map_or(ASYNC_RETRIES, |limit| limit.clamp(0, 2) as u32)
            }
            EdgeKind::Polls => match source.kind() {
                NodeKind::Queue => receives(source).unwrap_or(UNLIMITED).saturating_sub(1),
                _ => {
                    let limit = edge.via().and_then(|via| via.property(&["MaximumRetryAttempts"]).int());
                    limit.filter(|limit| *limit >= 0).map_or(UNLIMITED, |limit| limit.min(10_000) as u32)
                }
            },
            _ => return None,
        };
        Some((self.model.variables.of(target, Key::ErrorRate), retries))
    }

    /// Messages that no consumer could process.
    fn dead_letters_of_queue(&mut self, node: NodeRef<'g>) {
        let Some(receives) = receives(node).filter(|_| node.kind() == NodeKind::Queue) else { return };
        let dead = node.targets(EdgeKind::DeadLettersTo).find(|queue| queue.kind() == NodeKind::Queue);
        let consumer = node.targets(EdgeKind::Polls).find(|target| target.kind() == NodeKind::Function);
        let (Some(dead), Some(consumer)) = (dead, consumer) else { return };
        let error = self.model.variables.of(consumer, Key::ErrorRate);
        let lost: Quantity = Box::new(move |point| exhausted(point.at(error), receives.saturating_sub(1)));
        self.model.way(node, dead, lost, true);
    }

    /// A request of a route is one of its API, and one of its authorizer unless cached.
    fn route(&mut self, route: Route<'g>) {
        let node = route.node();
        let Some(api) = route.api().map(Api::node) else { return };
        let mut charges = Vec::new();
        for (meter, quantity) in meters::api_gateway::request(self.model, api) {
            charges.push(self.model.way_charge(api, meter, quantity));
        }
        self.model.sites[index(node)].charges.extend(charges);
        if meters::api_gateway::has_cache(api) {
            let hits = self.model.variables.of(api, Key::CacheHitRatio);
            for way in &mut self.model.sites[index(node)].ways {
                let inner = std::mem::replace(&mut way.factor, fixed(0.0));
                way.factor = Box::new(move |point| inner(point) * (1.0 - point.at(hits)));
            }
        }
        let authorizer = route.authorizer();
        let known = authorizer.and_then(|wanted| node.graph().authorizers().find(|one| one.node() == wanted));
        let Some((authorizer, function)) = known.and_then(|one| Some((one, one.function()?))) else { return };
        let caches = authorizer.ttl_seconds().value().is_some_and(|ttl| ttl > 0);
        let factor: Quantity = if caches {
            let hits = self.model.variables.of(authorizer.node(), Key::AuthorizerCacheHitRatio);
            Box::new(move |point| 1.0 - point.at(hits))
        } else {
            fixed(1.0)
        };
        self.model.way(node, function, factor, true);
    }

    /// What the passage of one event costs.
    fn arrival(
        &mut self,
        source: NodeRef<'g>,
        target: NodeRef<'g>,
        kind: EdgeKind,
        edge: Option<EdgeRef<'g>>,
    ) -> Vec<Charge> {
        match (kind, target.kind()) {
            (EdgeKind::Reads | EdgeKind::Writes, NodeKind::Table) => {
                meters::dynamodb::access(self.model, target, kind == EdgeKind::Writes)
            }
            (EdgeKind::Reads | EdgeKind::Writes, NodeKind::Bucket) => {
                meters::s3::access(self.model, target, kind == EdgeKind::Writes)
            }
            (EdgeKind::Reads, NodeKind::Queue) => meters::sqs::receive(self.model, target),
            (EdgeKind::Reads, NodeKind::Secret | NodeKind::Key) => meters::secrets::read(self.model, target),
            (EdgeKind::Polls, _) if source.kind() == NodeKind::Queue => meters::sqs::receive(self.model, source),
            (EdgeKind::InvokesAsync, NodeKind::Function) => meters::lambda::payload(self.model, source, target),
            _ if source.kind() == NodeKind::Topic => {
                let protocol = edge.and_then(|edge| {
                    let known = self.deliveries.get(&(index(edge.source()), index(edge.target())))?;
                    known.iter().find_map(|one| one.protocol().map(str::to_owned))
                });
                meters::sns::delivery(self.model, source, target.kind(), protocol.as_deref())
            }
            _ if source.kind() == NodeKind::Rule && ty(target) == "AWS::Events::ApiDestination" => {
                let quantity = meters::chunks(self.model, source, 64.0);
                vec![self.model.way_charge(source, "events.api-destinations", quantity)]
            }
            _ => Vec::new(),
        }
    }
}

/// `maxReceiveCount` of a queue's redrive policy.
fn receives(queue: NodeRef<'_>) -> Option<u32> {
    let count = queue.property(&["RedrivePolicy", "maxReceiveCount"]).int();
    count.filter(|count| *count > 0).map(|count| count.min(1000) as u32)
}

/// The node of a resource; the fallback for one that has none.
fn node_of<'g>(fallback: NodeRef<'g>, resource: Resource<'_>) -> NodeRef<'g> {
    fallback.graph().node(resource.id()).unwrap_or(fallback)
}
