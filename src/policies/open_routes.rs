//! Routes that anybody may call.

use crate::graph::{Auth, EndpointType, Graph, IntegrationKind, NodeKind, Part, Route, Setting};

/// The routes of APIs of `kinds` that surely ask callers for nothing and that the internet
/// reaches. Answers to preflight requests and mock integrations have nothing to guard.
pub(super) fn open_routes<'g>(graph: &'g Graph, kinds: &[NodeKind]) -> Vec<Route<'g>> {
    let mut found: Vec<Route<'g>> = Vec::new();
    for route in graph.routes().filter(|route| route.api_kind().is_some_and(|kind| kinds.contains(&kind))) {
        let exists = route.resource().is_none_or(|resource| resource.exists() != Some(false));
        let open = matches!(route.auth(), Setting::Set(Auth::None, _) | Setting::Default(Auth::None, _));
        if !exists
            || !open
            || route.authorizer().is_some()
            || route.method() == Some("OPTIONS")
            || route.api_key_required().value() != Some(false)
            || matches!(route.integration(), IntegrationKind::Mock)
        {
            continue;
        }
        // A preflight request is what a WebSocket API does when it connects: only that counts.
        if route.api_kind() == Some(NodeKind::WebSocketApi) && route.path() != Some("$connect") {
            continue;
        }
        let Some(api) = route.api() else { continue };
        if !matches!(api.endpoint().value(), Some(EndpointType::Edge | EndpointType::Regional)) {
            continue;
        }
        let Some(resource) = api.node().resource() else { continue };
        let part = Part::of(resource);
        // The Serverless Framework writes an empty text where there is no policy.
        let guarded =
            |path: &[&str]| !part.get(path).is_absent() && part.text(path).is_none_or(|text| !text.is_empty());
        if guarded(&["Policy"]) || guarded(&["Body", "x-amazon-apigateway-policy"]) {
            continue;
        }
        // The same event may be declared twice.
        if !found.iter().any(|other| other.name() == route.name() && other.origin().span() == route.origin().span()) {
            found.push(route);
        }
    }
    found
}

/// What a route leads to, for messages: ` and runs Orders`.
pub(super) fn runs(route: Route<'_>) -> String {
    route.target().map_or_else(String::new, |target| format!(" and reaches {}", target.name()))
}
