//! API Gateway: requests of REST, HTTP and WebSocket APIs, caches, connections, responses that
//! leave for the internet.

use super::KB_PER_GB;
use crate::estimate::model::Model;
use crate::estimate::usage::Key;
use crate::estimate::variables::{Point, Quantity, fixed};
use crate::facts::prices::HOURS_PER_MONTH;
use crate::graph::{EdgeKind, EndpointType, NodeKind, NodeRef};

/// Size that one request of an HTTP API covers, KB.
const HTTP_CHUNK_KB: f64 = 512.0;
/// Size that one message of a WebSocket API covers, KB.
const MESSAGE_CHUNK_KB: f64 = 32.0;

/// What one request costs.
pub fn request(model: &mut Model<'_, '_>, api: NodeRef<'_>) -> Vec<(&'static str, Quantity)> {
    let mut charges: Vec<(&'static str, Quantity)> = Vec::new();
    match api.kind() {
        NodeKind::RestApi => charges.push(("apigateway.rest-requests", fixed(1.0))),
        NodeKind::WebSocketApi => {
            let size = model.variables.of(api, Key::MessageSizeKb);
            let messages = move |point: &Point| (point.at(size) / MESSAGE_CHUNK_KB).ceil().max(1.0);
            return vec![("apigateway.websocket-messages", Box::new(messages))];
        }
        _ => {
            let size = model.variables.of(api, Key::RequestSizeKb);
            let requests = move |point: &Point| (point.at(size) / HTTP_CHUNK_KB).ceil().max(1.0);
            charges.push(("apigateway.http-requests", Box::new(requests)));
        }
    }
    let private =
        api.graph().apis().any(|one| one.node() == api && one.endpoint().value() == Some(EndpointType::Private));
    if !private {
        let size = model.variables.of(api, Key::ResponseKb);
        charges.push(("transfer.out", Box::new(move |point| point.at(size) / KB_PER_GB)));
    }
    charges
}

/// Adds what requests of an API without routes cost, and connections. Routes charge their API
/// themselves.
pub fn api(model: &mut Model<'_, '_>, node: NodeRef<'_>) {
    for (meter, quantity) in request(model, node) {
        model.per_event(node, meter, quantity);
    }
    if node.kind() == NodeKind::WebSocketApi
        && let Some(minutes) = model.variables.given(node, Key::MonthlyConnectionMins)
    {
        model.monthly(node, "apigateway.websocket-minutes", Box::new(move |point| point.at(minutes)));
    }
}

/// Whether a stage of the API has a cache.
pub fn has_cache(api: NodeRef<'_>) -> bool {
    api.targets(EdgeKind::Contains)
        .any(|stage| stage.kind() == NodeKind::Stage && stage.property(&["CacheClusterEnabled"]).bool() == Some(true))
}

/// Adds the cache of a stage.
pub fn stage(model: &mut Model<'_, '_>, node: NodeRef<'_>) {
    const SIZES: [(&str, &str); 8] = [
        ("0.5", "apigateway.cache.0.5"),
        ("1.6", "apigateway.cache.1.6"),
        ("6.1", "apigateway.cache.6.1"),
        ("13.5", "apigateway.cache.13.5"),
        ("28.4", "apigateway.cache.28.4"),
        ("58.2", "apigateway.cache.58.2"),
        ("118", "apigateway.cache.118"),
        ("237", "apigateway.cache.237"),
    ];
    if node.property(&["CacheClusterEnabled"]).bool() != Some(true) {
        return;
    }
    let size = node.property(&["CacheClusterSize"]).text().unwrap_or_else(|| "0.5".into());
    match SIZES.iter().find(|(name, _)| *name == size) {
        Some((_, meter)) => model.baseline(node, meter, HOURS_PER_MONTH),
        None => model.unpriced(node, "the size of its cache is not known"),
    }
}
