//! Traffic: where it enters, which ways it goes, and how often each resource is reached.

mod entries;
mod machine;
mod observed;
mod retry;
mod schedule;
pub mod solve;
mod ways;

pub use entries::{Entering, entries};
pub(super) use entries::{entering, rate_keys};
pub(super) use machine::Machine;
pub(super) use observed::observe;
pub use retry::{attempts, exhausted};
pub use schedule::schedule_rate;
pub(super) use ways::connect;

use crate::graph::{EdgeKind, NodeKind, NodeRef, Resource};

/// Whether events travel along edges of the kind.
pub fn carries(kind: EdgeKind) -> bool {
    matches!(
        kind,
        EdgeKind::InvokesSync
            | EdgeKind::InvokesAsync
            | EdgeKind::Polls
            | EdgeKind::Publishes
            | EdgeKind::Reads
            | EdgeKind::Writes
    )
}

/// What an entry or resource is called: a route with its API.
pub fn shown(node: NodeRef<'_>) -> String {
    match api_of(node) {
        Some(api) => format!("{} {}", api.name(), route_name(node)),
        None => node.name().to_owned(),
    }
}

/// The API a route belongs to.
pub fn api_of(node: NodeRef<'_>) -> Option<NodeRef<'_>> {
    node.sources(EdgeKind::Contains).find(|_| node.kind() == NodeKind::Route)
}

/// `GET /orders`
pub fn route_name(node: NodeRef<'_>) -> String {
    let found = node.graph().routes().find(|route| route.node() == node);
    found.map_or_else(|| node.name().to_owned(), |route| route.name().to_string())
}

/// The type of a node's resource; empty for what is none.
pub fn ty(node: NodeRef<'_>) -> &str {
    node.resource().map(Resource::ty).unwrap_or_default()
}
