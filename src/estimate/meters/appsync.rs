//! AppSync: queries and mutations, real-time updates, connections, responses.

use super::KB_PER_GB;
use crate::estimate::model::Model;
use crate::estimate::usage::Key;
use crate::estimate::variables::varying;
use crate::graph::NodeRef;

/// Adds what a GraphQL API costs.
pub fn api(model: &mut Model<'_, '_>, node: NodeRef<'_>) {
    model.per_event(node, "appsync.queries", Model::once());
    let size = model.variables.of(node, Key::ResponseKb);
    model.per_event(node, "transfer.out", Box::new(move |point| point.at(size) / KB_PER_GB));
    if let Some(updates) = model.variables.said(node, Key::MonthlyRealtimeUpdates) {
        model.monthly(node, "appsync.updates", varying(updates));
    }
    if let Some(minutes) = model.variables.said(node, Key::MonthlyConnectionMins) {
        model.monthly(node, "appsync.minutes", varying(minutes));
    }
    if node.property(&["XrayEnabled"]).bool() == Some(true) {
        super::xray::traced(model, node);
    }
}
