//! One execution of a state machine: how often each state is entered, and how long it takes.

use super::solve::{Arc, Order};
use super::{attempts, exhausted};
use crate::estimate::meters::lambda;
use crate::estimate::model::index;
use crate::estimate::range::Range;
use crate::estimate::usage::Key;
use crate::estimate::variables::{Point, Quantity, Scope, Variables, fixed, varying};
use crate::graph::{self, NodeKind, NodeRef, State, StateMachine};

/// A definition ready to be evaluated.
pub struct Machine {
    scope: Level,
    /// Sites that tasks call, each once.
    pub targets: Vec<usize>,
    /// Whether the definition is known.
    pub known: bool,
}

/// States that start and end together.
struct Level {
    start: Option<usize>,
    states: Vec<Step>,
    order: Order,
}

struct Step {
    /// Next states with their probability.
    next: Vec<(usize, Quantity)>,
    /// Times the step is tried, retries included.
    tries: Quantity,
    /// Time of one try that is not spent in inner states, ms.
    time_ms: Quantity,
    /// Branches, or the processor of a map.
    inner: Vec<Level>,
    /// How often the inner states run.
    times: Quantity,
    /// How many of these run at once; all for parallel branches.
    at_once: f64,
    target: Option<usize>,
}

/// What one execution comes to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Run {
    /// State transitions, the start included.
    pub transitions: f64,
    /// Calls of each target.
    pub calls: Vec<f64>,
    /// Duration, ms.
    pub duration_ms: f64,
}

impl Machine {
    /// Reads the definition of a state machine.
    pub fn new(machine: StateMachine<'_>, variables: &mut Variables<'_>) -> Self {
        let definition = machine.definition();
        let mut reader = Reader { node: machine.node(), variables, targets: Vec::new() };
        let scope = reader.level(&definition.scope);
        Self { scope, targets: reader.targets, known: definition.known }
    }

    /// One execution.
    pub fn run(&self, point: &Point) -> Run {
        let mut run = Run { transitions: 1.0, calls: vec![0.0; self.targets.len()], duration_ms: 0.0 };
        run.duration_ms = self.scope.run(1.0, point, &mut run);
        run
    }
}

impl Level {
    /// Adds `times` runs; the answer is the duration of one, ms.
    fn run(&self, times: f64, point: &Point, run: &mut Run) -> f64 {
        let Some(start) = self.start else { return 0.0 };
        let arcs: Vec<Vec<Arc>> = self
            .states
            .iter()
            .map(|step| {
                let ways = step.next.iter();
                ways.map(|(to, share)| Arc { to: *to, factor: share(point), known: true }).collect()
            })
            .collect();
        let visits = self.order.carry(&[(start, 1.0)], |site| &arcs[site]);
        let mut total = 0.0;
        for (at, step) in self.states.iter().enumerate() {
            let tries = visits.at(at) * (step.tries)(point);
            run.transitions += tries * times;
            if let Some(target) = step.target {
                run.calls[target] += tries * times;
            }
            let mut time = (step.time_ms)(point);
            if !step.inner.is_empty() {
                let items = (step.times)(point);
                let longest =
                    step.inner.iter().map(|level| level.run(times * tries * items, point, run)).fold(0.0, f64::max);
                time += longest * (items / step.at_once).max(items.min(1.0));
            }
            total += tries * time;
        }
        total
    }
}

struct Reader<'r, 'g, 'u> {
    node: NodeRef<'g>,
    variables: &'r mut Variables<'u>,
    targets: Vec<usize>,
}

impl Reader<'_, '_, '_> {
    fn level(&mut self, scope: &graph::Scope) -> Level {
        let place = |name: &str| scope.states.iter().position(|state| state.name == name);
        let states: Vec<Step> = scope.states.iter().map(|state| self.step(state, &place)).collect();
        let arcs: Vec<Vec<usize>> = states.iter().map(|step| step.next.iter().map(|(to, _)| *to).collect()).collect();
        Level { start: scope.start_at.as_deref().and_then(place), order: Order::new(&arcs), states }
    }

    fn step(&mut self, state: &State, place: &impl Fn(&str) -> Option<usize>) -> Step {
        let target = state.task.as_ref().and_then(|task| task.target(self.node.graph()));
        let error = target.filter(|target| target.kind() == NodeKind::Function);
        let error = error.map(|function| self.variables.of(function, Key::ErrorRate));
        let retries: u32 = state.retry.iter().map(|one| one.max_attempts.unwrap_or(3).clamp(0, 100) as u32).sum();
        let mut step = Step {
            next: Vec::new(),
            tries: match error {
                Some(error) => Box::new(move |point| attempts(point.at(error), retries)),
                None => fixed(1.0),
            },
            time_ms: self.time(state, target),
            inner: state.scopes.iter().map(|scope| self.level(scope)).collect(),
            times: fixed(1.0),
            at_once: f64::INFINITY,
            target: None,
        };
        if let Some(target) = target.map(index) {
            let known = self.targets.iter().position(|known| *known == target);
            step.target = Some(known.unwrap_or_else(|| {
                self.targets.push(target);
                self.targets.len() - 1
            }));
        }
        if state.kind == "Map" {
            step.times = varying(self.items(state));
            // Without a limit, an inline map runs up to 40 items at once.
            let limit = state.max_concurrency.value().filter(|limit| *limit > 0).unwrap_or(40);
            step.at_once = limit as f64;
        }
        if state.kind == "Choice" {
            self.choices(state, place, &mut step);
            return step;
        }
        let caught = state.catch.iter().find_map(|catcher| place(catcher.next.as_deref()?));
        if let Some(next) = state.next.as_deref().and_then(place) {
            let share: Quantity = match error {
                Some(error) => Box::new(move |point| 1.0 - exhausted(point.at(error), retries)),
                None => fixed(1.0),
            };
            step.next.push((next, share));
        }
        if let (Some(caught), Some(error)) = (caught, error) {
            step.next.push((caught, Box::new(move |point| exhausted(point.at(error), retries))));
        }
        step
    }

    fn time(&mut self, state: &State, target: Option<NodeRef<'_>>) -> Quantity {
        if let Some(seconds) = state.wait.value() {
            return fixed(seconds as f64 * 1000.0);
        }
        match target {
            Some(target) if target.kind() == NodeKind::Function => lambda::duration_ms(self.variables, target),
            _ if state.task.is_some() => fixed(50.0),
            _ => fixed(0.0),
        }
    }

    fn items(&mut self, state: &State) -> crate::estimate::variables::Var {
        let id = self.node.name();
        let usage = self.variables.usage();
        let given = usage.resources.get(id).and_then(|resource| resource.items.get(state.name.as_str()));
        match given.map(|amount| amount.range) {
            Some(range) => {
                let name = format!("items.{}", state.name);
                self.variables.add(Scope::Resource(id.to_owned()), &name, "Items of a map state", range, true)
            }
            None => self.variables.of(self.node, Key::MapItems),
        }
    }

    /// Named states take their probability, the others share the rest evenly.
    fn choices(&mut self, state: &State, place: &impl Fn(&str) -> Option<usize>, step: &mut Step) {
        let mut next: Vec<(String, usize)> = Vec::new();
        for (name, _) in &state.choices {
            if let Some(at) = place(name)
                && !next.iter().any(|(_, known)| *known == at)
            {
                next.push((name.to_string(), at));
            }
        }
        let id = self.node.name();
        let usage = self.variables.usage();
        let given = usage.resources.get(id).and_then(|resource| resource.choices.get(state.name.as_str()));
        let mut named = Vec::new();
        let mut ranges: Vec<(usize, Range)> = Vec::new();
        for (name, at) in &next {
            if let Some(amount) = given.and_then(|given| given.get(name)) {
                let key = format!("choices.{}.{name}", state.name);
                let scope = Scope::Resource(id.to_owned());
                let help = "Probability of a next state";
                named.push(self.variables.add(scope, &key, help, amount.range, true));
                ranges.push((*at, amount.range));
            }
        }
        let others = next.len() - named.len();
        for (_, at) in &next {
            let own = ranges.iter().position(|(known, _)| known == at).map(|index| named[index]);
            let all = named.clone();
            step.next.push((
                *at,
                Box::new(move |point| {
                    let sum: f64 = all.iter().map(|var| point.at(*var)).sum();
                    match own {
                        // Probabilities at their high ends may add up to more than one.
                        Some(own) => point.at(own) / sum.max(1.0),
                        None => (1.0 - sum).max(0.0) / others.max(1) as f64,
                    }
                }),
            ));
        }
        // Where every next state is named and something is missing from one, it goes to the last.
        if others == 0 && !named.is_empty() {
            let last = step.next.len() - 1;
            let rest = named[..named.len() - 1].to_vec();
            let all = named;
            step.next[last].1 = Box::new(move |point| {
                let sum: f64 = all.iter().map(|var| point.at(*var)).sum();
                let before: f64 = rest.iter().map(|var| point.at(*var)).sum();
                (1.0 - before / sum.max(1.0)).max(0.0)
            });
        }
    }
}
