//! SQS: requests by 64 KB, and the long polls of idle mappings.

use super::chunks;
use crate::estimate::model::{Charge, Model};
use crate::facts::prices::HOURS_PER_MONTH;
use crate::facts::quotas;
use crate::graph::{EdgeKind, NodeRef};

/// Size that one request covers, KB.
const CHUNK_KB: f64 = 64.0;
/// A long poll of a mapping waits this long, seconds.
const POLL_S: f64 = 20.0;

/// The meter of requests to standard queues.
pub const STANDARD: &str = "sqs.standard";
/// The meter of requests to FIFO queues.
pub const FIFO: &str = "sqs.fifo";
/// Requests a month that a mapping makes on an empty queue.
pub const POLLS_A_MONTH: f64 = quotas::event_source::SQS_INITIAL_POLLERS as f64 * HOURS_PER_MONTH * 3600.0 / POLL_S;

/// The meter of a queue's requests.
pub fn meter(node: NodeRef<'_>) -> &'static str {
    if node.property(&["FifoQueue"]).bool() == Some(true) { FIFO } else { STANDARD }
}

/// Adds what a message costs to send, and what mappings poll without any.
pub fn queue(model: &mut Model<'_, '_>, node: NodeRef<'_>) {
    let sent = chunks(model, node, CHUNK_KB);
    model.per_event(node, meter(node), sent);
    model.baseline(node, meter(node), idle_polls(node));
}

/// Requests a month that mappings make on an empty queue.
pub fn idle_polls(node: NodeRef<'_>) -> f64 {
    let mappings = node.outgoing().filter(|edge| {
        edge.kind() == EdgeKind::Polls && edge.via().is_some_and(|via| via.property(&["Enabled"]).bool() != Some(false))
    });
    POLLS_A_MONTH * mappings.count() as f64
}

/// What it costs to receive a batch and delete it.
pub fn receive(model: &mut Model<'_, '_>, queue: NodeRef<'_>) -> Vec<Charge> {
    let received = chunks(model, queue, CHUNK_KB);
    vec![model.way_charge(queue, meter(queue), Box::new(move |point| received(point) + 1.0))]
}
