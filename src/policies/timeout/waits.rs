//! APIs with the functions they wait for.

use super::super::{measure, remedies};
use crate::graph::{Graph, IntegrationKind, NodeKind, Resource, Route};
use crate::policy::{Context, Place};

/// The longest any integration of an HTTP or WebSocket API may wait, in milliseconds.
fn ceiling(kind: NodeKind) -> i64 {
    match kind {
        NodeKind::HttpApi => 30_000,
        NodeKind::WebSocketApi => 29_000,
        _ => i64::MAX,
    }
}

/// A function that may run longer than a route waits for it.
#[derive(Debug)]
pub(super) struct Wait<'g> {
    pub function: Resource<'g>,
    /// The least the function's timeout may be, in seconds.
    pub timeout: i64,
    /// How long the API waits, in milliseconds.
    pub patience: i64,
    /// The routes that give up, the least patient first.
    pub routes: Vec<Route<'g>>,
}

/// One entry for each function and API of `kind` where the API gives up first.
pub(super) fn exceeded(graph: &Graph, kind: NodeKind) -> Vec<Wait<'_>> {
    let mut found: Vec<Wait<'_>> = Vec::new();
    for route in graph.routes().filter(|route| route.api_kind() == Some(kind)) {
        let Some((function, timeout, patience)) = surely_exceeded(route, kind) else { continue };
        let api = route.api().map(|api| api.node().index());
        let known = found.iter_mut().find(|wait| {
            wait.function.id() == function.id()
                && wait.routes.first().and_then(|route| route.api()).map(|api| api.node().index()) == api
        });
        match known {
            Some(wait) if patience < wait.patience => {
                wait.patience = patience;
                wait.routes.insert(0, route);
            }
            Some(wait) => wait.routes.push(route),
            None => found.push(Wait { function, timeout, patience, routes: vec![route] }),
        }
    }
    found
}

fn surely_exceeded(route: Route<'_>, kind: NodeKind) -> Option<(Resource<'_>, i64, i64)> {
    if route.integration() != IntegrationKind::Function || route.waits() != Some(true) {
        return None;
    }
    // Nobody is there any more to wait for the answer.
    if kind == NodeKind::WebSocketApi && route.path() == Some("$disconnect") {
        return None;
    }
    if route.streams().value() != Some(false) {
        return None;
    }
    if [route.resource(), route.integration_resource()].into_iter().flatten().any(|one| one.exists() == Some(false)) {
        return None;
    }
    let function = measure::function(route.target()?)?;
    let timeout = measure::timeout(function)?.min;
    let patience = route.timeout_ms().value()?.min(ceiling(kind));
    (timeout.saturating_mul(1000) > patience).then_some((function, timeout, patience))
}

/// Reports one function at its timeout.
pub(super) fn report(cx: &mut Context<'_>, wait: &Wait<'_>) {
    let Some(route) = wait.routes.first() else { return };
    let id = wait.function.id();
    let api = route.api().map_or("the API", |api| api.node().name());
    let patience = measure::seconds(wait.patience);
    let others = match wait.routes.len() {
        1 => String::new(),
        count => format!(" and {} more", count - 1),
    };
    let limit = (wait.patience / 1000).max(1);
    let report = cx
        .report(
            Place::property(wait.function, &["Timeout"]),
            format!(
                "{id} may run {} s, but {api} gives up after {patience} s ({}{others})",
                wait.timeout,
                route.name()
            ),
        )
        .help(format!("set the timeout of {id} to {limit} s or less, or answer at once and do the work behind a queue"))
        .remedy(remedies::timeout(wait.function, limit));
    let report = report.related(route.origin(), format!("{} waits {patience} s for {id}", route.name()));
    if !route.timeout_ms().is_default() {
        report.related(route.timeout_ms().origin(), format!("the limit of {patience} s is set here"));
    }
}
