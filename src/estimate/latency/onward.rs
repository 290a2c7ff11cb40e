//! What happens after the caller has its answer: every way to every end.

use super::answer::{Reach, Step, latency};
use super::paths::{MAX_DEPTH, Walk};
use super::time::Time;
use crate::graph::{Certainty, EdgeKind, EdgeRef, NodeKind, NodeRef};

/// Ends of one entry that are followed.
pub(super) const MAX_REACHES: usize = 64;

/// A way that is being followed.
#[derive(Clone, Default)]
pub(super) struct Way {
    pub times: Vec<Time>,
    pub via: Vec<String>,
    pub steps: Vec<Step>,
    pub retries: Vec<(f64, f64)>,
}

impl<'g> Walk<'g, '_> {
    /// Follows what happens after `node` to every end.
    pub(super) fn spread(&mut self, node: NodeRef<'g>, way: &Way, reaches: &mut Vec<Reach>) {
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
