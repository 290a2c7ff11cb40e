//! What conditions let exist together, whatever values a deployment gives to parameters.

use super::Validation;
use super::call::Call;
use crate::template::truth::Given;
use crate::template::value::{Entry, Map, Origin, Value};
use crate::template::{ProblemKind, Template};

/// Which conditions are known where.
#[derive(Debug, Default)]
pub(super) struct Worlds<'v> {
    /// Conditions that hold, or do not, at the place being checked.
    pub given: Vec<(&'v str, bool)>,
    /// Conditions that are the same in every deployment, and have been told.
    told: Vec<&'v str>,
}

/// Whether the condition `name` holds in every deployment, or in none, in which those of `given` hold or
/// do not.
pub(super) fn decide(constants: &Template, name: &str, given: &[(&str, bool)]) -> Option<bool> {
    if let Some((_, holds)) = given.iter().find(|(known, _)| *known == name) {
        return Some(*holds);
    }
    constants.condition_given(name, Given::Where(given))
}

impl<'v> Validation<'_, 'v> {
    /// Whether the condition `name` is the same wherever the place being checked is deployed.
    fn decided(&self, name: &str) -> Option<bool> {
        if self.index.open || !self.index.conditions.contains_key(name) {
            return None;
        }
        decide(self.index.constants(), name, &self.worlds.given)
    }

    /// Runs `check` where the condition that `holder` names as its own holds.
    pub(super) fn where_it_exists(&mut self, holder: Option<&'v Map>, check: impl FnOnce(&mut Self)) {
        let condition = holder.and_then(|body| body.get("Condition")).and_then(Value::as_str);
        self.worlds.given.extend(condition.map(|name| (name, true)));
        check(self);
        self.worlds.given.clear();
    }

    /// The branches of an `Fn::If`, each where it is chosen.
    pub(super) fn branches(&mut self, call: Call<'v>, name: &'v str, depth: u32) {
        let Some([condition, yes, no]) = call.argument().as_list() else {
            for branch in call.argument().as_list().unwrap_or_default().iter().skip(1) {
                self.walk(branch, name, depth + 1);
            }
            return;
        };
        let condition = condition.as_str();
        // Where the condition itself is the same everywhere, that is told at the condition.
        let decided = condition.filter(|_| !self.worlds.given.is_empty()).and_then(|name| self.decided(name));
        for (holds, branch) in [(true, yes), (false, no)] {
            let dead = decided == Some(!holds) && condition.is_some_and(|name| !self.worlds.told.contains(&name));
            if let Some(name) = condition.filter(|_| dead) {
                let message = format!(
                    "this branch is never chosen: the condition `{name}` is always {} here",
                    if holds { "false" } else { "true" }
                );
                let help = "remove the branch with its `Fn::If`, or ask for another condition";
                self.report(ProblemKind::ConstantCondition, branch.origin, message, help);
            }
            self.worlds.given.extend(condition.map(|name| (name, holds)));
            self.walk(branch, name, depth + 1);
            if condition.is_some() {
                self.worlds.given.pop();
            }
        }
    }

    /// A condition that is the same in every deployment.
    pub(super) fn constant(&mut self, entry: &'v Entry) {
        let Some(holds) = self.decided(&entry.key) else { return };
        let mut named = Vec::new();
        names_in(&entry.value, &mut named, 0);
        self.worlds.told.push(&entry.key);
        // It is so because of another one, which has been told or will be.
        if named.iter().any(|name| self.decided(name).is_some()) {
            return;
        }
        let word = if holds { "true" } else { "false" };
        self.report(
            ProblemKind::ConstantCondition,
            entry.key_origin,
            format!("the condition `{}` is {word} whatever the parameters are", entry.key),
            "compare with a value that the parameter can have, or remove the condition",
        );
    }

    /// A reference to the resource `id`, which may be left out where it is referred to.
    pub(super) fn existence(&mut self, id: &str, origin: Origin) {
        if self.index.open || !self.in_resources || self.resource == Some(id) {
            return;
        }
        let Some(resource) = self.index.resources.get(id).filter(|resource| !resource.generated) else { return };
        let Some(condition) = resource.entry.value.get("Condition").and_then(Value::as_str) else { return };
        if !self.index.conditions.contains_key(condition) || self.decided(condition) == Some(true) {
            return;
        }
        let message = format!("`{id}` is made only where `{condition}` holds, and this refers to it anyway");
        let help = format!("give this the same condition, or choose with `Fn::If: [{condition}, …]`");
        self.report(ProblemKind::ConditionalReference, origin, message, &help);
    }
}

/// The conditions that a condition names.
fn names_in<'v>(value: &'v Value, found: &mut Vec<&'v str>, depth: u32) {
    if depth > super::functions::MAX_DEPTH {
        return;
    }
    match value.single() {
        Some(("Condition", name)) => found.extend(name.as_str()),
        Some((_, argument)) => {
            for part in argument.as_list().unwrap_or_default() {
                names_in(part, found, depth + 1);
            }
        }
        None => {}
    }
}

/// Whether two resources exist in one deployment for sure, when one of them does.
pub(super) fn exist_together(validation: &Validation<'_, '_>, one: Option<&str>, other: Option<&str>) -> bool {
    let implies = |one: &str, other: &str| {
        one == other || decide(validation.index.constants(), other, &[(one, true)]) == Some(true)
    };
    match (one, other) {
        (Some(one), Some(other)) => implies(one, other) || implies(other, one),
        _ => true,
    }
}
