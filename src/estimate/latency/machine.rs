//! How long an execution of a state machine takes.

use super::paths::Walk;
use super::time::Time;
use crate::graph::{NodeRef, Setting, StateMachine};
use crate::graph::{Pattern, Scope, State};

/// States of one scope that are followed.
const MAX_STATES: usize = 200;

/// Whether the machine is of the express type.
pub(super) fn is_express(machine: &StateMachine<'_>) -> bool {
    matches!(machine.express(), Setting::Set(true, _) | Setting::Default(true, _))
}

/// Time until an execution has ended.
pub(super) fn respond<'g>(walk: &mut Walk<'g, '_>, node: NodeRef<'g>) -> Time {
    let Some(machine) = walk.graph.state_machine(node) else { return Time::Series(Vec::new()) };
    let express = is_express(&machine);
    let start = walk.hop(node.name(), if express { "states-express-wait" } else { "states-standard" });
    let definition = machine.definition();
    if !definition.known || !definition.scope.complete {
        walk.note(format!("{}: not all of its states are known, so it takes longer", node.name()));
    }
    let states = scope(walk, node, &definition.scope);
    let time = Time::Series(vec![start, states]);
    if let Some(limit) = definition.timeout.value() {
        walk.risk(node.name(), "its states", limit as f64 * 1000.0, &time);
    }
    time
}

fn scope<'g>(walk: &mut Walk<'g, '_>, node: NodeRef<'g>, scope: &Scope) -> Time {
    let start = scope.start_at.as_ref().and_then(|name| scope.state(name));
    follow(walk, node, scope, start, &mut Vec::new())
}

fn follow<'g, 's>(
    walk: &mut Walk<'g, '_>,
    node: NodeRef<'g>,
    of: &'s Scope,
    mut state: Option<&'s State>,
    seen: &mut Vec<&'s str>,
) -> Time {
    let mut times = Vec::new();
    let depth = seen.len();
    while let Some(current) = state {
        if seen.contains(&&*current.name) || seen.len() > MAX_STATES {
            walk.note(format!("{}: the loop at {} is gone through once", node.name(), current.name));
            break;
        }
        seen.push(&current.name);
        times.push(one(walk, node, current));
        if &*current.kind == "Choice" {
            let mut names: Vec<&str> = Vec::new();
            for (name, _) in &current.choices {
                if !names.contains(&&**name) {
                    names.push(name);
                }
            }
            if names.len() > 1 {
                walk.note(format!("{}: every way out of {} is taken equally often", node.name(), current.name));
            }
            let share = 1.0 / names.len().max(1) as f64;
            let ways = names.into_iter().filter_map(|name| of.state(name));
            let ways: Vec<(f64, Time)> = ways.map(|next| (share, follow(walk, node, of, Some(next), seen))).collect();
            times.push(Time::Either(ways));
            break;
        }
        state = current.next.as_ref().and_then(|name| of.state(name));
    }
    seen.truncate(depth);
    Time::Series(times)
}

fn one<'g>(walk: &mut Walk<'g, '_>, node: NodeRef<'g>, state: &State) -> Time {
    match &*state.kind {
        "Wait" => match state.wait.value() {
            Some(seconds) => Time::Fixed(seconds.max(0) as f64 * 1000.0),
            None => {
                walk.note(format!("{}: how long {} waits is not known", node.name(), state.name));
                Time::Series(Vec::new())
            }
        },
        "Task" => {
            let Some(task) = &state.task else { return Time::Series(Vec::new()) };
            if matches!(task.pattern, Pattern::Token | Pattern::Activity) {
                walk.note(format!("{}: {} waits for somebody outside", node.name(), state.name));
            }
            let Some(target) = task.target(walk.graph) else {
                if !task.is_function() {
                    walk.note(format!("{}: what {} takes is not known", node.name(), state.name));
                }
                return Time::Series(Vec::new());
            };
            let time = walk.respond(target);
            if let Some(limit) = state.timeout.value() {
                walk.risk(&format!("{} {}", node.name(), state.name), target.name(), limit as f64 * 1000.0, &time);
            }
            retried(walk, state, target, time)
        }
        "Parallel" => Time::Slowest(state.scopes.iter().map(|branch| scope(walk, node, branch)).collect()),
        "Map" => {
            walk.note(format!("{}: {} is reckoned with one item, more take longer", node.name(), state.name));
            Time::Series(state.scopes.iter().map(|items| scope(walk, node, items)).collect())
        }
        _ => Time::Series(Vec::new()),
    }
}

/// A task that fails is tried again after the interval of its first retrier.
fn retried<'g>(walk: &Walk<'g, '_>, state: &State, target: NodeRef<'g>, time: Time) -> Time {
    let Some(retrier) = state.retry.first().filter(|one| one.max_attempts != Some(0)) else { return time };
    if target.kind() != crate::graph::NodeKind::Function {
        return time;
    }
    let errors = walk.law(target).errors.clamp(0.0, 1.0);
    let wait = Time::Fixed(retrier.interval_seconds.unwrap_or(1).max(0) as f64 * 1000.0);
    let again = Time::Series(vec![time.clone(), wait, time.clone()]);
    Time::Either(vec![(1.0 - errors, time), (errors, again)])
}
