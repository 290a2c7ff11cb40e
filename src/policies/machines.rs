//! State machines: how long they may take, and what their tasks are.

use super::measure;
use crate::graph::{Graph, Pattern, Resource, Scope, State, StateMachine, Task, Value};
use std::collections::{BTreeMap, BTreeSet};

/// The state machines of the template that may exist and whose definition is known.
pub(super) fn known(graph: &Graph) -> impl Iterator<Item = (StateMachine<'_>, Resource<'_>)> {
    graph.state_machines().filter(|machine| machine.definition().known).filter_map(|machine| {
        let resource = machine.resource().filter(|resource| resource.exists() != Some(false))?;
        Some((machine, resource))
    })
}

/// Whether the call only hands over an event.
pub(super) fn is_event(arguments: Option<&Value>) -> bool {
    arguments
        .and_then(|arguments| arguments.get("InvocationType"))
        .is_some_and(|sort| sort.as_str() != Some("RequestResponse"))
}

/// What a task that does not just call and go on waits for, as messages say it.
pub(super) fn waits_for(task: &Task) -> Option<&'static str> {
    match task.pattern {
        Pattern::Sync => Some("a job"),
        Pattern::Token => Some("a task token"),
        Pattern::Activity => Some("a worker of its activity"),
        Pattern::Response | Pattern::Unknown => None,
    }
}

/// A state on a path, with the longest it may take.
#[derive(Clone, Copy, Debug)]
pub(super) struct Step<'d> {
    /// The state.
    pub state: &'d State,
    /// Seconds.
    pub seconds: i64,
}

/// The path through `scope` that may take the longest, without states that take no time or
/// whose time is not known, and without going round a loop: the worst case is this or worse.
pub(super) fn longest<'d>(graph: &Graph, scope: &'d Scope) -> Vec<Step<'d>> {
    let mut search = Search { graph, scope, known: BTreeMap::new(), open: BTreeSet::new() };
    scope.start_at.as_deref().map_or_else(Vec::new, |start| search.from(start))
}

/// Seconds of a path.
pub(super) fn total(steps: &[Step<'_>]) -> i64 {
    steps.iter().fold(0, |sum, step| sum.saturating_add(step.seconds))
}

/// `Charge 60 s, Wait 30 s and 2 more`: the path for messages, in its order.
pub(super) fn text(steps: &[Step<'_>]) -> String {
    let names: Vec<String> = steps.iter().map(|step| format!("{} {} s", step.state.name, step.seconds)).collect();
    match names.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        [some @ .., last] if some.len() < 4 => format!("{} and {last}", some.join(", ")),
        some => format!("{} and {} more", some[..3].join(", "), some.len() - 3),
    }
}

struct Search<'s, 'd> {
    graph: &'s Graph,
    scope: &'d Scope,
    known: BTreeMap<&'d str, Vec<Step<'d>>>,
    open: BTreeSet<&'d str>,
}

impl<'d> Search<'_, 'd> {
    fn from(&mut self, name: &str) -> Vec<Step<'d>> {
        let Some(state) = self.scope.state(name) else { return Vec::new() };
        if let Some(known) = self.known.get(&*state.name) {
            return known.clone();
        }
        if !self.open.insert(&state.name) {
            return Vec::new();
        }
        let onward = state.next.iter().chain(state.choices.iter().map(|(name, _)| name));
        let onward = onward.chain(state.catch.iter().filter_map(|one| one.next.as_ref()));
        let mut best: Vec<Step<'d>> = Vec::new();
        for next in onward {
            let path = self.from(next);
            if total(&path) > total(&best) {
                best = path;
            }
        }
        self.open.remove(&*state.name);
        let seconds = self.seconds(state);
        if seconds > 0 {
            best.insert(0, Step { state, seconds });
        }
        self.known.insert(&state.name, best.clone());
        best
    }

    fn seconds(&self, state: &'d State) -> i64 {
        let inner = state.scopes.iter().map(|scope| total(&longest(self.graph, scope))).max().unwrap_or(0);
        let own = state.wait.value().unwrap_or(0).max(inner);
        let Some(task) = &state.task else { return own };
        if is_event(task.arguments.as_ref()) {
            return 0;
        }
        let function = task.target(self.graph).filter(|_| task.pattern == Pattern::Response);
        let function = function.and_then(measure::function).and_then(measure::timeout).map(|bounds| bounds.min);
        match (state.timeout.value(), function) {
            (Some(limit), Some(function)) => limit.min(function),
            (Some(limit), None) if waits_for(task).is_some() => limit,
            (None, Some(function)) => function,
            _ => 0,
        }
    }
}
