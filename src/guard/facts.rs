//! What the graph knows of a resource, as data for rules. The names are part of the contract
//! with rule files: `docs/guard.md` documents them, and members are only ever added.

use crate::graph::{Api, Auth, Certainty, EdgeKind, EndpointType, Graph, Means, NodeKind, NodeRef};
use serde_json::{Map, Value as Json, json};

/// The members of `Dewline` below a resource.
pub(super) fn of(graph: &Graph, node: NodeRef<'_>) -> Json {
    let mut facts = Map::new();
    facts.insert("Kind".to_owned(), node.kind().noun().into());
    let callers = callers(graph, node);
    let least = callers.iter().filter_map(|caller| caller["GivesUpAfterSeconds"].as_f64()).min_by(f64::total_cmp);
    facts.insert("Callers".to_owned(), callers.into());
    if let Some(seconds) = least {
        facts.insert("CallersGiveUpAfterSeconds".to_owned(), seconds.into());
    }
    if let Some(seconds) = worst_case(graph, node) {
        facts.insert("WorstCaseSeconds".to_owned(), seconds.into());
    }
    if let Some(coverage) = graph.coverage_of(node) {
        let named = |wanted: bool| -> Vec<&str> {
            let alarms = coverage.by(Means::Alarm).filter(|one| one.watched == Some(wanted));
            alarms.map(|one| one.signal.name).collect()
        };
        let (watched, unwatched) = (named(true), named(false));
        let known = watched.len() + unwatched.len();
        let share = (known > 0).then(|| watched.len() as f64 / known as f64);
        facts.insert("Alarms".to_owned(), json!({ "Watched": watched, "Unwatched": unwatched, "Share": share }));
    }
    if let Some(exposure) = exposure(graph, node) {
        facts.insert("Exposure".to_owned(), exposure.into());
    }
    Json::Object(facts)
}

/// Who calls the resource or hands it events: routes of APIs, and everything with an edge to it
/// that is declared.
fn callers(graph: &Graph, node: NodeRef<'_>) -> Vec<Json> {
    let mut found = Vec::new();
    for route in graph.routes_to(node) {
        let api = route.api().map(Api::node);
        let mut caller = json!({
            "Name": api.map_or_else(|| route.name().to_string(), |api| format!("{} {}", api.name(), route.name())),
            "Kind": api.map_or("route", |api| api.kind().noun()),
            "Waits": route.waits(),
        });
        if let (Some(true), Some(milliseconds)) = (route.waits(), route.timeout_ms().value()) {
            caller["GivesUpAfterSeconds"] = (milliseconds as f64 / 1000.0).into();
        }
        found.push(caller);
    }
    let is_call =
        |kind| matches!(kind, EdgeKind::InvokesSync | EdgeKind::InvokesAsync | EdgeKind::Polls | EdgeKind::Publishes);
    let edges = node.incoming().filter(|edge| edge.certainty() == Certainty::Declared && is_call(edge.kind()));
    for edge in edges.filter(|edge| edge.source().kind() != NodeKind::Route) {
        let source = edge.source();
        let waits = edge.kind() == EdgeKind::InvokesSync;
        let mut caller = json!({ "Name": source.name(), "Kind": source.kind().noun(), "Waits": waits });
        if let Some(seconds) = worst_case(graph, source).filter(|_| waits && source.kind() == NodeKind::Function) {
            caller["GivesUpAfterSeconds"] = seconds.into();
        }
        if !found.contains(&caller) {
            found.push(caller);
        }
    }
    found
}

/// Seconds until the resource has surely answered or given up.
fn worst_case(graph: &Graph, node: NodeRef<'_>) -> Option<f64> {
    match node.kind() {
        NodeKind::Function => {
            let timeout = node.property(&["Timeout"]);
            if timeout.is_absent() { Some(3.0) } else { timeout.int().map(|seconds| seconds as f64) }
        }
        NodeKind::StateMachine => graph.state_machine(node)?.definition().timeout.value().map(|seconds| seconds as f64),
        NodeKind::RestApi | NodeKind::HttpApi | NodeKind::WebSocketApi => {
            let mut longest: Option<f64> = None;
            let routes = graph.routes().filter(|route| route.api().is_some_and(|api| api.node() == node));
            for route in routes.filter(|route| route.waits() == Some(true)) {
                let limit = route.timeout_ms().value()? as f64 / 1000.0;
                let target = route.target().and_then(|target| worst_case(graph, target));
                let seconds = target.map_or(limit, |target| target.min(limit));
                longest = Some(longest.map_or(seconds, |longest| longest.max(seconds)));
            }
            longest
        }
        _ => None,
    }
}

/// `public`: anybody on the internet may call it; `authenticated`: whoever proves who they are
/// may; `internal`: it is not reached from the internet. `None` where that is not known.
fn exposure(graph: &Graph, node: NodeRef<'_>) -> Option<&'static str> {
    let routes: Vec<_> = match node.kind() {
        NodeKind::Function => graph.routes_to(node).collect(),
        NodeKind::RestApi | NodeKind::HttpApi | NodeKind::WebSocketApi => {
            graph.routes().filter(|route| route.api().is_some_and(|api| api.node() == node)).collect()
        }
        _ => return None,
    };
    let mut answers: Vec<Option<&'static str>> = routes
        .iter()
        .map(|route| {
            let endpoint = route.api().and_then(|api| api.endpoint().value())?;
            if endpoint == EndpointType::Private {
                return Some("internal");
            }
            match (route.auth().value()?, route.api_key_required().value()?) {
                (Auth::None, false) => Some("public"),
                _ => Some("authenticated"),
            }
        })
        .collect();
    if node.kind() == NodeKind::Function {
        let urls = graph.resources_of("AWS::Lambda::Url").filter(|url| url.exists() != Some(false));
        let urls = urls.filter(|url| {
            let target = graph.resolve_eval(&url.property(&["TargetFunctionArn"]), Some(NodeKind::Function));
            target.node() == Some(node)
        });
        answers.extend(urls.map(|url| {
            let auth = url.property(&["AuthType"]).text()?;
            Some(if auth == "NONE" { "public" } else { "authenticated" })
        }));
    }
    let known = |wanted: &str| answers.iter().flatten().any(|answer| *answer == wanted);
    if known("public") {
        Some("public")
    } else if answers.contains(&None) || graph.is_open() {
        None
    } else if known("authenticated") {
        Some("authenticated")
    } else {
        Some("internal")
    }
}
