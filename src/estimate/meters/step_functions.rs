//! Step Functions: transitions of standard workflows, requests and duration of express ones.

use crate::estimate::model::Model;
use crate::estimate::traffic::Machine;
use crate::estimate::usage::Key;
use crate::estimate::variables::{Point, varying};
use crate::graph::NodeRef;
use std::sync::Arc;

/// Transitions of an execution whose definition is not at hand.
const UNKNOWN_TRANSITIONS: f64 = 6.0;
/// Memory is charged by this many MB.
const MEMORY_STEP_MB: f64 = 64.0;

/// Adds what an execution costs.
pub fn executions(model: &mut Model<'_, '_>, node: NodeRef<'_>, machine: &Arc<Machine>) {
    let shared = Arc::clone(machine);
    if node.property(&["StateMachineType"]).text().is_some_and(|text| text == "EXPRESS") {
        model.per_event(node, "states.express-requests", Model::once());
        let memory = model.variables.of(node, Key::MemoryMb);
        let given = model.variables.said(node, Key::WorkflowDurationMs);
        let duration = move |point: &Point| {
            let ms = given.map_or_else(|| shared.run(point).duration_ms, |given| point.at(given));
            // Duration is charged by 100 ms.
            let seconds = (ms / 100.0).ceil().max(1.0) / 10.0;
            let mb = (point.at(memory) / MEMORY_STEP_MB).ceil().max(1.0) * MEMORY_STEP_MB;
            seconds * mb / 1024.0
        };
        model.per_event(node, "states.express-duration", Box::new(duration));
        return;
    }
    if let Some(transitions) = model.variables.said(node, Key::MonthlyTransitions) {
        model.monthly(node, "states.transitions", varying(transitions));
        return;
    }
    let known = machine.known;
    if !known {
        model.unpriced(node, "its definition is not at hand: six transitions an execution are reckoned");
    }
    let transitions = move |point: &Point| {
        if known { shared.run(point).transitions } else { UNKNOWN_TRANSITIONS }
    };
    model.per_event(node, "states.transitions", Box::new(transitions));
    if node.property(&["TracingConfiguration", "Enabled"]).bool() == Some(true) {
        super::xray::traced(model, node);
    }
}
