//! The ways of an entry through the graph: what its caller waits for, and what happens after.

use super::time::{Mode, Time};
use super::{Distribution, Laws, Part, machine};
use crate::facts::latency_hops;
use crate::graph::{Certainty, EdgeKind, EdgeRef, Graph, NodeKind, NodeRef, Setting};
use serde::Serialize;

/// Times of one function.
#[derive(Clone, Debug, PartialEq)]
pub struct FunctionLaw {
    /// A warm call, without the functions that it waits for.
    pub warm: Part,
    /// Initialisation, where it is known.
    pub init: Option<Part>,
    /// Share of calls that start cold, where the traffic is known.
    pub cold: Option<f64>,
    /// Share of calls that fail.
    pub errors: f64,
    /// Timeout, seconds.
    pub timeout_s: f64,
}

/// Percentiles, ms.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Percentiles {
    /// Median.
    pub p50: f64,
    /// 95th.
    pub p95: f64,
    /// 99th.
    pub p99: f64,
    /// 99.9th.
    pub p999: f64,
}

/// How long something takes.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Latency {
    /// When every function is warm.
    pub warm: Percentiles,
    /// When every function starts cold.
    pub cold: Percentiles,
    /// As often cold as the model says; none where the traffic of a function is not known.
    pub mixed: Option<Percentiles>,
}

/// One part of a path.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Step {
    /// The resource.
    pub name: String,
    /// `hop`, `call`, `start` or `wait`.
    pub kind: &'static str,
    /// Median, ms.
    pub p50_ms: f64,
    /// 99th percentile, ms.
    pub p99_ms: f64,
    /// For starts: the share of calls, where it is known.
    pub share: Option<f64>,
    /// Where the figure comes from, with its date.
    pub source: String,
    /// Whether it is rough.
    pub rough: bool,
}

/// A timeout on the way.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TimeoutRisk {
    /// The resource that gives up.
    pub at: String,
    /// What it waits for.
    pub waits_for: String,
    /// The limit, ms.
    pub limit_ms: f64,
    /// Chance that a request meets it: all warm, all cold, as the model says.
    pub warm: f64,
    /// See above.
    pub cold: f64,
    /// See above; none where the traffic of a function is not known.
    pub mixed: Option<f64>,
}

/// Where the events of an entry end up after its caller has gone.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Reach {
    /// The last resource.
    pub to: String,
    /// All on the way, the entry first.
    pub via: Vec<String>,
    /// From the entry to the end of the last resource's work.
    pub latency: Latency,
    /// The parts.
    pub steps: Vec<Step>,
}

/// Latency of one entry.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct EntryLatency {
    /// Logical id, or the API and the route.
    pub entry: String,
    /// What the caller waits for; none where nobody waits.
    pub response: Option<Latency>,
    /// The parts of the response.
    pub steps: Vec<Step>,
    /// Timeouts on the way.
    pub timeouts: Vec<TimeoutRisk>,
    /// Where its events end up.
    pub reaches: Vec<Reach>,
    /// What is not in the figures.
    pub notes: Vec<String>,
}

/// Ends of one entry that are followed.
const MAX_REACHES: usize = 64;
/// Resources on one way.
const MAX_DEPTH: usize = 24;
/// Chances below this are told as none.
const NO_RISK: f64 = 1e-9;

/// The latency of what enters at `entry`.
pub fn entry_latency<'g>(
    graph: &'g Graph,
    entry: NodeRef<'g>,
    name: &str,
    law: &dyn Fn(NodeRef<'g>) -> FunctionLaw,
    laws: &Laws,
) -> EntryLatency {
    let mut walk =
        Walk { graph, law, laws, steps: Vec::new(), risks: Vec::new(), notes: Vec::new(), stack: Vec::new() };
    let answered = matches!(
        entry.kind(),
        NodeKind::Route
            | NodeKind::RestApi
            | NodeKind::HttpApi
            | NodeKind::WebSocketApi
            | NodeKind::GraphQlApi
            | NodeKind::Function
    ) || graph.state_machine(entry).is_some_and(|machine| machine::is_express(&machine));
    let time = walk.respond(entry);
    let (steps, timeouts) = (std::mem::take(&mut walk.steps), std::mem::take(&mut walk.risks));
    let response = (answered && !steps.is_empty()).then(|| latency(laws, &time, &[]));
    let mut reaches = Vec::new();
    let start = if answered { Way { times: vec![time], ..Way::default() } } else { Way::default() };
    let start = Way { via: vec![name.to_owned()], steps: if answered { steps.clone() } else { Vec::new() }, ..start };
    walk.spread(entry, &start, &mut reaches);
    if reaches.len() >= MAX_REACHES {
        walk.note(format!("more than {MAX_REACHES} ends: the others are left out"));
    }
    walk.notes.sort();
    EntryLatency { entry: name.to_owned(), response, steps, timeouts, reaches, notes: walk.notes }
}

/// Percentiles of `time`; `retries` are the shares that come again after a wait in ms.
fn latency(laws: &Laws, time: &Time, retries: &[(f64, f64)]) -> Latency {
    let of = |mode| percentiles(&laws.of(time, mode), retries);
    Latency { warm: of(Mode::Warm), cold: of(Mode::Cold), mixed: time.is_known().then(|| of(Mode::Mixed)) }
}

/// Retries wait far longer than calls take, so they only move the percentiles beyond the share
/// that fails.
fn percentiles(law: &Distribution, retries: &[(f64, f64)]) -> Percentiles {
    let failing: f64 = retries.iter().map(|(share, _)| share).sum::<f64>().clamp(0.0, 0.999);
    let wait = retries.iter().map(|(_, wait)| *wait).fold(0.0, f64::max);
    let at = |p: f64| {
        if p <= 1.0 - failing {
            law.percentile(p / (1.0 - failing))
        } else {
            wait + law.percentile((p - (1.0 - failing)) / failing)
        }
    };
    Percentiles { p50: at(0.5), p95: at(0.95), p99: at(0.99), p999: at(0.999) }
}

/// A way that is being followed.
#[derive(Clone, Default)]
struct Way {
    times: Vec<Time>,
    via: Vec<String>,
    steps: Vec<Step>,
    retries: Vec<(f64, f64)>,
}

pub(super) struct Walk<'g, 'l> {
    pub graph: &'g Graph,
    law: &'l dyn Fn(NodeRef<'g>) -> FunctionLaw,
    laws: &'l Laws,
    pub steps: Vec<Step>,
    pub risks: Vec<TimeoutRisk>,
    notes: Vec<String>,
    stack: Vec<NodeRef<'g>>,
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

    /// Follows what happens after `node` to every end.
    fn spread(&mut self, node: NodeRef<'g>, way: &Way, reaches: &mut Vec<Reach>) {
        if reaches.len() >= MAX_REACHES || self.stack.contains(&node) || self.stack.len() > MAX_DEPTH {
            return;
        }
        self.stack.push(node);
        let mut ended = true;
        let mut seen = Vec::new();
        for edge in node.outgoing().filter(|edge| edge.certainty() != Certainty::Hinted) {
            let target = edge.target();
            if seen.contains(&(edge.kind(), target)) {
                continue;
            }
            seen.push((edge.kind(), target));
            match edge.kind() {
                // The caller waited: its time is in the way already.
                EdgeKind::InvokesSync if waits(node) => {
                    let has_more = goes_on(target);
                    if has_more {
                        ended = false;
                        let mut way = way.clone();
                        way.via.push(target.name().to_owned());
                        self.spread(target, &way, reaches);
                    }
                }
                EdgeKind::InvokesSync | EdgeKind::InvokesAsync | EdgeKind::Polls | EdgeKind::Publishes => {
                    ended = false;
                    self.onward(edge, way, reaches);
                }
                EdgeKind::Writes if feeds(target) => {
                    ended = false;
                    self.onward(edge, way, reaches);
                }
                _ => {}
            }
        }
        self.stack.pop();
        // What the caller waits for is the response; beyond it something must have happened.
        let beyond = way.via.len() > 1 && !way.times.is_empty() && way.steps.iter().any(|step| step.kind != "hop");
        if ended && beyond && !only_waited(way) {
            let time = Time::Series(way.times.clone());
            reaches.push(Reach {
                to: node.name().to_owned(),
                via: way.via.clone(),
                latency: latency(self.laws, &time, &way.retries),
                steps: way.steps.clone(),
            });
        }
    }

    fn onward(&mut self, edge: EdgeRef<'g>, way: &Way, reaches: &mut Vec<Reach>) {
        let to = edge.target();
        let mut way = way.clone();
        way.via.push(to.name().to_owned());
        let before = std::mem::take(&mut self.steps);
        let risks = std::mem::take(&mut self.risks);
        if let Some(name) = Self::delivery(edge) {
            way.times.push(self.hop(to.name(), name));
        }
        let window = edge.via().filter(|_| edge.kind() == EdgeKind::Polls);
        let window = window.and_then(|mapping| mapping.property(&["MaximumBatchingWindowInSeconds"]).int());
        if let Some(seconds) = window.filter(|seconds| *seconds > 0) {
            let longest = seconds as f64 * 1000.0;
            self.steps.push(Step {
                name: to.name().to_owned(),
                kind: "wait",
                p50_ms: longest / 2.0,
                p99_ms: longest * 0.99,
                share: None,
                source: "batching window".to_owned(),
                rough: false,
            });
            way.times.push(Time::Even(longest));
        }
        let stack = std::mem::take(&mut self.stack);
        way.times.push(self.respond(to));
        self.stack = stack;
        if to.kind() == NodeKind::Function {
            let errors = self.law(to).errors;
            if let Some(wait) = retry_wait(edge).filter(|_| errors > 0.0) {
                way.retries.push((errors, wait));
            }
        }
        way.steps.append(&mut self.steps);
        self.steps = before;
        self.risks = risks;
        self.spread(to, &way, reaches);
    }

    /// The hop by which an event goes along an edge; none where it costs nothing of its own.
    fn delivery(edge: EdgeRef<'g>) -> Option<&'static str> {
        let (from, to) = (edge.source(), edge.target());
        let fifo = |name: &str| from.property(&[name]).bool() == Some(true);
        match (from.kind(), to.kind()) {
            (NodeKind::Queue, _) => Some(if fifo("FifoQueue") { "sqs-fifo" } else { "sqs" }),
            // The hop to the queue's reader is the measured way of a first-in-first-out topic.
            (NodeKind::Topic, NodeKind::Queue) if fifo("FifoTopic") => None,
            (NodeKind::Topic, _) => Some("sns"),
            (NodeKind::Stream, NodeKind::Function) => Some("kinesis"),
            (NodeKind::Table, _) => Some("dynamodb-stream"),
            // The event begins when the schedule fires.
            (NodeKind::Rule, _) if !from.property(&["ScheduleExpression"]).is_absent() => None,
            (NodeKind::Rule, _) => Some("eventbridge"),
            (NodeKind::Bucket, _) => Some("events of a bucket"),
            (NodeKind::Pipe, _) => Some("a pipe"),
            (_, NodeKind::Function) if edge.kind() == EdgeKind::Polls && from.kind() == NodeKind::Other => {
                Some("kinesis-fan-out")
            }
            (NodeKind::Function, NodeKind::Function) => Some("an asynchronous call of a function"),
            _ => None,
        }
    }
}

/// Whether whoever calls through `node` waits for the answer.
fn waits(node: NodeRef<'_>) -> bool {
    !matches!(node.kind(), NodeKind::Rule | NodeKind::Schedule | NodeKind::Pipe | NodeKind::Queue | NodeKind::Topic)
}

fn only_waited(way: &Way) -> bool {
    way.times.len() <= 1
        && way.steps.iter().all(|step| step.kind != "wait")
        && way.retries.is_empty()
        && way.via.len() <= 2
}

/// Whether something happens after `node` has answered.
fn goes_on(node: NodeRef<'_>) -> bool {
    node.outgoing().any(|edge| match edge.kind() {
        EdgeKind::InvokesAsync | EdgeKind::Publishes | EdgeKind::InvokesSync => edge.certainty() != Certainty::Hinted,
        EdgeKind::Writes => feeds(edge.target()),
        _ => false,
    })
}

/// Whether what is written to `node` goes on from there.
fn feeds(node: NodeRef<'_>) -> bool {
    node.outgoing().any(|edge| matches!(edge.kind(), EdgeKind::Polls | EdgeKind::InvokesAsync | EdgeKind::Publishes))
}

/// How long a failed event waits before it comes again, ms.
fn retry_wait(edge: EdgeRef<'_>) -> Option<f64> {
    match (edge.kind(), edge.source().kind()) {
        // Lambda tries an asynchronous event again after one minute, then after two.
        (EdgeKind::InvokesAsync, _) => Some(60_000.0),
        (EdgeKind::Polls, NodeKind::Queue) => {
            let visibility = edge.source().property(&["VisibilityTimeout"]);
            Some(visibility.int().unwrap_or(30).max(0) as f64 * 1000.0)
        }
        _ => None,
    }
}
