//! The way of an entry through the graph: what its caller waits for.

use super::answer::{FunctionLaw, Step, TimeoutRisk};
use super::time::{Mode, Time};
use super::{Laws, Part, machine};
use crate::facts::latency_hops;
use crate::graph::{Certainty, EdgeKind, Graph, NodeKind, NodeRef, Setting};

/// Resources on one way.
pub(super) const MAX_DEPTH: usize = 24;
/// Chances below this are told as none.
const NO_RISK: f64 = 1e-9;

/// A walk along the calls of one entry.
pub(super) struct Walk<'g, 'l> {
    pub graph: &'g Graph,
    pub law: &'l dyn Fn(NodeRef<'g>) -> FunctionLaw,
    pub laws: &'l Laws,
    pub steps: Vec<Step>,
    pub risks: Vec<TimeoutRisk>,
    pub notes: Vec<String>,
    pub stack: Vec<NodeRef<'g>>,
}

impl<'g> Walk<'g, '_> {
    pub fn note(&mut self, text: String) {
        if !self.notes.contains(&text) {
            self.notes.push(text);
        }
    }

    /// The times of a function.
    pub fn law(&self, node: NodeRef<'g>) -> FunctionLaw {
        (self.law)(node)
    }

    /// A hop of the table; nothing, with a note, for one that nobody measured.
    pub fn hop(&mut self, at: &str, name: &str) -> Time {
        let Some(hop) = latency_hops::hop(name) else {
            self.note(format!("{name}: nobody published how long it takes, so nothing is added"));
            return Time::Series(Vec::new());
        };
        let rough = if hop.rough { "rough, no measurement with percentiles is published" } else { "measured" };
        self.steps.push(Step {
            name: at.to_owned(),
            kind: "hop",
            p50_ms: hop.p50_ms,
            p99_ms: hop.p99_ms,
            share: None,
            source: format!("{name}: {rough}, {}, {}", hop.date, latency_hops::REGION),
            rough: hop.rough,
        });
        Time::Part(Part { p50: hop.p50_ms, p99: hop.p99_ms })
    }

    /// Time until `node` has answered one call.
    pub fn respond(&mut self, node: NodeRef<'g>) -> Time {
        if self.stack.contains(&node) || self.stack.len() > MAX_DEPTH {
            self.note(format!("{} is reached in a loop: followed once", node.name()));
            return Time::Series(Vec::new());
        }
        self.stack.push(node);
        let time = match node.kind() {
            NodeKind::Route => self.route(node),
            NodeKind::RestApi | NodeKind::HttpApi | NodeKind::WebSocketApi => self.hop(node.name(), "api-gateway"),
            NodeKind::GraphQlApi => {
                let hop = self.hop(node.name(), "api-gateway");
                let called = Self::called(node);
                if called.len() > 1 {
                    self.note(format!("{}: a query is taken to wait for the slowest resolver", node.name()));
                }
                Time::Series(vec![hop, Time::Slowest(called.into_iter().map(|node| self.respond(node)).collect())])
            }
            NodeKind::Function => self.function(node),
            NodeKind::Alias | NodeKind::Version => {
                let function = node.targets(EdgeKind::Qualifies).find(|node| node.kind() == NodeKind::Function);
                function.map_or(Time::Series(Vec::new()), |function| self.respond(function))
            }
            NodeKind::StateMachine => machine::respond(self, node),
            _ => Time::Series(Vec::new()),
        };
        self.stack.pop();
        time
    }

    fn route(&mut self, node: NodeRef<'g>) -> Time {
        let mut times = vec![self.hop(node.name(), "api-gateway")];
        let Some(route) = self.graph.routes().find(|route| route.node() == node) else {
            return Time::Series(times);
        };
        let authorizer = route.authorizer().and_then(|node| self.graph.authorizers().find(|one| one.node() == node));
        if let Some((authorizer, function)) = authorizer.and_then(|one| Some((one, one.function()?))) {
            let time = self.respond(function);
            // A decision that is kept answers most requests: without the share, the slow ones
            // are reckoned with.
            let kept = matches!(authorizer.ttl_seconds(), Setting::Set(ttl, _) | Setting::Default(ttl, _) if ttl > 0);
            if kept {
                self.note(format!("{}: reckoned as if no decision of the authorizer were cached", node.name()));
            }
            times.push(time);
        }
        let target = route.target();
        if let Some(target) = target.filter(|_| route.waits() != Some(false)) {
            let time = self.respond(target);
            if let Setting::Set(limit, _) | Setting::Default(limit, _) = route.timeout_ms() {
                self.risk(node.name(), target.name(), limit as f64, &time);
            }
            times.push(time);
        }
        Time::Series(times)
    }

    /// Functions and state machines that `node` calls and waits for.
    fn called(node: NodeRef<'g>) -> Vec<NodeRef<'g>> {
        let mut found: Vec<NodeRef<'g>> = Vec::new();
        for edge in node.outgoing() {
            let waits = edge.kind() == EdgeKind::InvokesSync && edge.certainty() != Certainty::Hinted;
            let kind = edge.target().kind();
            let timed = matches!(kind, NodeKind::Function | NodeKind::Alias | NodeKind::StateMachine);
            if waits && timed && !found.contains(&edge.target()) && edge.target() != node {
                found.push(edge.target());
            }
        }
        found
    }

    fn function(&mut self, node: NodeRef<'g>) -> Time {
        let law = self.law(node);
        let mut times = Vec::new();
        if let Some(init) = law.init {
            self.steps.push(Step {
                name: node.name().to_owned(),
                kind: "start",
                p50_ms: init.p50,
                p99_ms: init.p99,
                share: law.cold,
                source: "init of the runtime, see cold starts".to_owned(),
                rough: false,
            });
            times.push(Time::Start(init, law.cold));
        } else {
            self.note(format!("{}: the init of its runtime was not measured, cold calls take longer", node.name()));
        }
        self.steps.push(Step {
            name: node.name().to_owned(),
            kind: "call",
            p50_ms: law.warm.p50,
            p99_ms: law.warm.p99,
            share: None,
            source: "duration of a call".to_owned(),
            rough: false,
        });
        let mut work = vec![Time::Part(law.warm)];
        for called in Self::called(node) {
            self.note(format!("{} is taken to wait for one call of {}", node.name(), called.name()));
            work.push(self.respond(called));
        }
        let work = Time::Series(work);
        // Initialisation does not count against the timeout of the function.
        self.risk(node.name(), "its own work", law.timeout_s * 1000.0, &work);
        times.push(work);
        Time::Series(times)
    }

    /// Notes the chance that `time` is longer than a limit.
    pub fn risk(&mut self, at: &str, waits_for: &str, limit_ms: f64, time: &Time) {
        if limit_ms <= 0.0 || self.risks.iter().any(|risk| risk.at == at && risk.waits_for == waits_for) {
            return;
        }
        let beyond =
            |mode| Some(self.laws.of(time, mode).beyond(limit_ms)).filter(|chance| *chance > NO_RISK).unwrap_or(0.0);
        self.risks.push(TimeoutRisk {
            at: at.to_owned(),
            waits_for: waits_for.to_owned(),
            limit_ms,
            warm: beyond(Mode::Warm),
            cold: beyond(Mode::Cold),
            mixed: time.is_known().then(|| beyond(Mode::Mixed)),
        });
    }
}
