//! A usage file against the template it is for.

use super::keys::Key;
use super::{Amount, ResourceUsage, Usage};
use crate::document::settings::{SettingsProblem, any_of};
use crate::graph::{Graph, NodeKind, NodeRef, Route};
use crate::source::{Span, closest};
use std::collections::BTreeMap;

/// What of `usage` does not fit the template of `graph`, by place: names of nothing, and
/// quantities that a resource does not have.
pub fn check(usage: &Usage, graph: &Graph) -> Vec<SettingsProblem> {
    let mut checker = Checker { graph, problems: Vec::new() };
    for (id, resource) in &usage.resources {
        checker.resource(id, resource);
    }
    for (ty, amounts) in &usage.types {
        let span = usage.type_spans.get(ty).copied().unwrap_or_default();
        checker.amounts(ty, NodeKind::of_type(ty), ty, amounts);
        if !ty.contains("::") {
            let help = "write a type such as `AWS::Lambda::Function`".to_owned();
            checker.problem(span, format!("`{ty}` is not a resource type"), help);
        }
    }
    let entries: Vec<(&String, Span)> = usage
        .slo
        .iter()
        .map(|(name, slo)| (name, slo.span))
        .chain(usage.budget.per_path.iter().map(|(name, limit)| (name, limit.span)))
        .collect();
    for (name, span) in entries {
        checker.entry(name, span);
    }
    checker.problems.sort_by_key(|problem| problem.span.start);
    checker.problems
}

struct Checker<'g> {
    graph: &'g Graph,
    problems: Vec<SettingsProblem>,
}

impl Checker<'_> {
    fn problem(&mut self, span: Span, message: String, help: String) {
        self.problems.push(SettingsProblem { span, message, help: Some(help) });
    }

    fn ids(&self) -> Vec<&str> {
        self.graph.nodes().filter_map(NodeRef::logical_id).collect()
    }

    fn no_resource(&mut self, id: &str, span: Span) {
        let ids = self.ids();
        let help = match closest(id, ids.iter().copied(), 3).as_slice() {
            [] => "use the logical id that `dewline expand` prints; `--init-usage` writes those that matter".to_owned(),
            close => format!("did you mean {}?", any_of(close)),
        };
        self.problem(span, format!("the template has no resource `{id}`"), help);
    }

    fn resource(&mut self, id: &str, usage: &ResourceUsage) {
        let Some(node) = self.graph.node(id) else { return self.no_resource(id, usage.span) };
        let ty = node.resource().map(crate::graph::Resource::ty).unwrap_or_default();
        self.amounts(id, node.kind(), ty, &usage.amounts);
        let names: Vec<String> = routes(self.graph, node).map(|route| route.name().to_string()).collect();
        for (name, route) in &usage.routes {
            if names.contains(name) {
                self.amounts(name, NodeKind::Route, "", &route.amounts);
            } else {
                let known: Vec<&str> = names.iter().map(String::as_str).collect();
                let help = match closest(name, known.iter().copied(), 3).as_slice() {
                    [] if known.is_empty() => format!("{id} has no routes of its own"),
                    [] => format!("its routes are {}", any_of(&known)),
                    close => format!("did you mean {}?", any_of(close)),
                };
                self.problem(route.span, format!("{id} has no route `{name}`"), help);
            }
        }
        for (target, calls) in &usage.calls {
            if self.graph.node(target).is_none() {
                self.no_resource(target, calls.span);
            }
        }
        self.states(node, usage);
    }

    fn states(&mut self, node: NodeRef<'_>, usage: &ResourceUsage) {
        let named =
            usage.choices.keys().map(|name| (name, "Choice")).chain(usage.items.keys().map(|name| (name, "Map")));
        let named: Vec<(&String, &str)> = named.collect();
        if named.is_empty() {
            return;
        }
        let id = node.name();
        let Some(machine) = self.graph.state_machine(node) else {
            let help = "remove `choices` and `items` here".to_owned();
            return self.problem(usage.span, format!("{id} is not a state machine"), help);
        };
        if !machine.definition().known {
            return;
        }
        let states = machine.definition().states();
        for (name, kind) in named {
            let of_kind: Vec<&str> =
                states.iter().filter(|state| state.kind == kind).map(|state| state.name.as_str()).collect();
            if of_kind.contains(&name.as_str()) {
                continue;
            }
            let help = match closest(name, of_kind.iter().copied(), 2).as_slice() {
                [] if of_kind.is_empty() => format!("it has no state of type {kind}"),
                [] => format!("states of type {kind} are {}", any_of(&of_kind)),
                close => format!("did you mean {}?", any_of(close)),
            };
            self.problem(usage.span, format!("{id} has no state `{name}` of type {kind}"), help);
        }
    }

    fn amounts(&mut self, of: &str, kind: NodeKind, ty: &str, amounts: &BTreeMap<Key, Amount>) {
        for (key, amount) in amounts {
            if key.applies(kind, ty) {
                continue;
            }
            let known: Vec<&str> =
                Key::ALL.iter().filter(|key| key.applies(kind, ty)).map(|key| key.name()).take(8).collect();
            let help = if known.is_empty() {
                format!("nothing can be said about a {} here", kind.noun())
            } else {
                format!("a {} takes {}", kind.noun(), any_of(&known))
            };
            self.problem(amount.span, format!("`{}` says nothing about {of}", key.name()), help);
        }
    }

    /// An entry is a resource, or an API and one of its routes.
    fn entry(&mut self, name: &str, span: Span) {
        if self.graph.node(name).is_some() {
            return;
        }
        let (api, route) = name.split_once(' ').unwrap_or((name, ""));
        let Some(node) = self.graph.node(api) else { return self.no_resource(api, span) };
        if !route.is_empty() && !routes(self.graph, node).any(|known| known.name() == route) {
            let help = "write an API and one of its routes, e.g. `OrdersApi GET /orders`".to_owned();
            self.problem(span, format!("{api} has no route `{route}`"), help);
        }
    }
}

/// The routes of an API.
pub(crate) fn routes<'g>(graph: &'g Graph, api: NodeRef<'g>) -> impl Iterator<Item = Route<'g>> {
    graph.apis().filter(move |known| known.node() == api).flat_map(crate::graph::Api::routes)
}
