//! Resources that wait for each other.

use super::Validation;
use super::call::{is_macro_key, value_call};
use super::output::get_att_parts;
use crate::template::ProblemKind;
use crate::template::intrinsic::{SubPart, sub_parts};
use crate::template::value::{Kind, Value};
use std::collections::{BTreeSet, VecDeque};

/// Names within names; deeper ones are not followed.
const MAX_DEPTH: u32 = 100;

impl<'v> Validation<'_, 'v> {
    /// Reports every resource that waits for itself, with the shortest way back to it.
    pub(super) fn cycles(&mut self) {
        // What a repair made of broken text may have moved anywhere.
        if self.broken {
            return;
        }
        let Some(resources) = self.expanded.get("Resources").and_then(Value::as_map) else { return };
        let mut waiting: Vec<(&'v str, Vec<&'v str>)> = Vec::with_capacity(resources.len());
        for entry in resources {
            // What a SAM resource refers to says nothing before it is expanded.
            let kind = entry.value.get("Type").and_then(Value::as_str).unwrap_or_default();
            if is_macro_key(&entry.key) || kind.starts_with("AWS::Serverless::") {
                continue;
            }
            let mut targets = Vec::new();
            for part in entry.value.as_map().into_iter().flatten() {
                match &*part.key {
                    "DependsOn" => targets.extend(depends_on(&entry.value)),
                    "Properties" | "Metadata" | "UpdatePolicy" | "CreationPolicy" => {
                        self.targets(&part.value, &mut targets, 0);
                    }
                    _ => {}
                }
            }
            waiting.push((&entry.key, targets));
        }
        let edges = Edges::new(waiting);
        if !edges.may_turn_back() {
            return;
        }
        let mut told: BTreeSet<&str> = BTreeSet::new();
        for entry in resources {
            let Some(way) = edges.way_back(&entry.key).filter(|_| !told.contains(&*entry.key)) else { continue };
            let is_generated = |id: &str| self.index.resources.get(id).is_some_and(|resource| resource.generated);
            if is_generated(&entry.key) && way.iter().any(|id| !is_generated(id)) {
                continue; // told at a resource that stands in the template
            }
            // A way through what SAM makes is drawn once: nobody sees the other half of it.
            let sam = |id: &str| self.index.resources.get(id).is_some_and(|resource| resource.expanded.is_some());
            if way.iter().any(|id| is_generated(id) || sam(id)) {
                told.extend(way.iter().copied());
            }
            let written = self.index.resources.get(&*entry.key);
            let expanded = written.is_some_and(|resource| resource.expanded.is_some());
            if way.len() == 2 && expanded && depends_on(&entry.value).any(|id| id == &*entry.key) {
                continue; // told where it is written
            }
            let drawn = way.join(" → ");
            let message = if way.len() == 2 {
                format!("`{}` depends on itself", entry.key)
            } else {
                format!("`{}` waits for itself: {drawn}", entry.key)
            };
            self.resource = Some(&entry.key);
            self.report(
                ProblemKind::CircularDependency,
                entry.key_origin,
                message,
                "remove one of the references, or move what refers back into a resource of its own",
            );
            self.resource = None;
        }
    }

    /// Adds what `value` refers to, in no order.
    pub(super) fn targets(&self, value: &'v Value, found: &mut Vec<&'v str>, depth: u32) {
        if depth > MAX_DEPTH {
            return;
        }
        match value_call(value).map(|call| (call.name, call.argument())) {
            Some(("Ref", id)) => {
                found.extend(id.as_str());
            }
            Some(("Fn::GetAtt", argument)) => {
                found.extend(get_att_parts(&self.index, argument).map(|(id, _)| id));
            }
            Some(("Fn::Sub", argument)) => {
                let parts = argument.as_list();
                let text = parts.and_then(<[Value]>::first).unwrap_or(argument).as_str().unwrap_or_default();
                let locals = parts.and_then(|parts| parts.get(1));
                for part in sub_parts(text) {
                    if let SubPart::Name(name, _) = part {
                        let id = name.split('.').next().unwrap_or(name);
                        if locals.is_none_or(|locals| locals.get(name).is_none()) {
                            found.push(id);
                        }
                    }
                }
                if let Some(locals) = locals {
                    self.targets(locals, found, depth + 1);
                }
            }
            _ => match &value.kind {
                Kind::List(items) => items.iter().for_each(|item| self.targets(item, found, depth + 1)),
                Kind::Map(map) => map.values().for_each(|value| self.targets(value, found, depth + 1)),
                _ => {}
            },
        }
    }
}

/// The resources that `resource` depends on by attribute.
fn depends_on(resource: &Value) -> impl Iterator<Item = &str> {
    let given = resource.get("DependsOn");
    let list = given.map(|given| given.as_list().unwrap_or(std::slice::from_ref(given)));
    list.unwrap_or_default().iter().filter_map(Value::as_str)
}

/// Which resource waits for which, both by their places in the order of names.
struct Edges<'v> {
    names: Vec<&'v str>,
    targets: Vec<Vec<usize>>,
}

impl<'v> Edges<'v> {
    fn new(mut waiting: Vec<(&'v str, Vec<&'v str>)>) -> Self {
        waiting.sort_unstable_by_key(|(name, _)| *name);
        let (names, targets): (Vec<&str>, Vec<Vec<&str>>) = waiting.into_iter().unzip();
        let place = |name: &str| names.binary_search_by(|known| (*known).cmp(name)).ok();
        let places = |targets: Vec<&str>| {
            let mut places: Vec<usize> = targets.into_iter().filter_map(place).collect();
            places.sort_unstable();
            places.dedup();
            places
        };
        let targets = targets.into_iter().map(places).collect();
        Self { names, targets }
    }

    /// Whether something is left when all that nothing waits for is taken away, again and again.
    fn may_turn_back(&self) -> bool {
        let mut waiting = vec![0_usize; self.names.len()];
        self.targets.iter().flatten().for_each(|target| waiting[*target] += 1);
        let mut free: Vec<usize> = (0..waiting.len()).filter(|at| waiting[*at] == 0).collect();
        let mut left = waiting.len();
        while let Some(at) = free.pop() {
            left -= 1;
            for target in &self.targets[at] {
                waiting[*target] -= 1;
                if waiting[*target] == 0 {
                    free.push(*target);
                }
            }
        }
        left > 0
    }

    /// The shortest way from `start` back to it.
    fn way_back(&self, start: &str) -> Option<Vec<&'v str>> {
        let start = self.names.binary_search_by(|known| (*known).cmp(start)).ok()?;
        let mut from: Vec<Option<usize>> = vec![None; self.names.len()];
        let mut queue = VecDeque::from([start]);
        while let Some(at) = queue.pop_front() {
            for next in &self.targets[at] {
                if *next == start {
                    let mut way = vec![self.names[start]];
                    let mut step = at;
                    while step != start {
                        way.push(self.names[step]);
                        step = from[step]?;
                    }
                    way.push(self.names[start]);
                    way.reverse();
                    return Some(way);
                }
                if from[*next].is_none() {
                    from[*next] = Some(at);
                    queue.push_back(*next);
                }
            }
        }
        None
    }
}
