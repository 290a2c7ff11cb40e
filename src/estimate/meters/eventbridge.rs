//! EventBridge: custom and partner events, archives, schema discovery, Scheduler, Pipes.

use super::chunks;
use crate::estimate::model::Model;
use crate::estimate::usage::Key;
use crate::estimate::variables::varying;
use crate::graph::NodeRef;

/// Size that one event covers, KB.
const CHUNK_KB: f64 = 64.0;

/// Adds what an event on a custom bus costs.
pub fn bus(model: &mut Model<'_, '_>, node: NodeRef<'_>) {
    let events = chunks(model, node, CHUNK_KB);
    model.per_event(node, "events.custom", events);
    monthly(
        model,
        node,
        &[
            (Key::MonthlyThirdPartyEvents, "events.partner"),
            (Key::MonthlyArchiveProcessingGb, "events.archive-processing"),
            (Key::ArchiveStorageGb, "events.archive-storage"),
            (Key::MonthlySchemaDiscoveryEvents, "events.schema-discovery"),
        ],
        false,
    );
}

/// Adds what an archive keeps.
pub fn archive(model: &mut Model<'_, '_>, node: NodeRef<'_>) {
    let keys = [
        (Key::MonthlyArchiveProcessingGb, "events.archive-processing"),
        (Key::ArchiveStorageGb, "events.archive-storage"),
    ];
    monthly(model, node, &keys, true);
}

/// Adds schema discovery.
pub fn discoverer(model: &mut Model<'_, '_>, node: NodeRef<'_>) {
    monthly(model, node, &[(Key::MonthlySchemaDiscoveryEvents, "events.schema-discovery")], true);
}

fn monthly(model: &mut Model<'_, '_>, node: NodeRef<'_>, keys: &[(Key, &'static str)], ask: bool) {
    for (key, meter) in keys {
        let var = if ask { model.variables.given(node, *key) } else { model.variables.said(node, *key) };
        if let Some(var) = var {
            model.monthly(node, meter, varying(var));
        }
    }
}

/// Adds what an invocation of a schedule costs.
pub fn schedule(model: &mut Model<'_, '_>, node: NodeRef<'_>) {
    let invocations = chunks(model, node, CHUNK_KB);
    model.per_event(node, "events.scheduler", invocations);
}

/// Adds what a request of a pipe costs, after its filter.
pub fn pipe(model: &mut Model<'_, '_>, node: NodeRef<'_>) {
    let requests = chunks(model, node, CHUNK_KB);
    model.per_event(node, "events.pipes", requests);
}
