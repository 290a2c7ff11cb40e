//! Conditions, evaluated to true, false or undecided.

use super::eval::Eval;
use super::intrinsic::Intrinsic;
use super::model::Template;
use super::truth::{Given, Truth};
use super::value::Value;

const MAX_DEPTH: u8 = 64;

impl Template {
    /// Whether the named condition holds; `None` when that depends on what is not known.
    pub fn condition(&self, name: &str) -> Option<bool> {
        self.condition_given(name, &[])
    }

    /// Whether the named condition holds where the conditions `given` hold or do not; `None`
    /// when that depends on what is not known.
    pub(super) fn condition_given(&self, name: &str, given: Given<'_>) -> Option<bool> {
        self.condition_at(name, 0).or_else(|| self.truth().decide(name, given))
    }

    /// Whether both conditions can hold in one deployment. Conditions that are not defined
    /// exclude nothing.
    pub fn can_coexist(&self, one: &str, other: &str) -> bool {
        one == other || self.truth().can_coexist(one, other)
    }

    /// The truth tables of the conditions, made when the first undecided one is asked for.
    fn truth(&self) -> &Truth {
        self.truth.get_or_init(|| Truth::new(self))
    }

    fn condition_at(&self, name: &str, depth: u8) -> Option<bool> {
        if depth >= MAX_DEPTH {
            return None;
        }
        let body = self.section("Conditions")?.get(name)?;
        self.holds(body, depth + 1)
    }

    fn holds(&self, value: &Value, depth: u8) -> Option<bool> {
        if depth >= MAX_DEPTH {
            return None;
        }
        match value.condition_function()? {
            Intrinsic::Condition(name) => self.condition_at(name, depth + 1),
            Intrinsic::Not(one) => self.holds(one, depth + 1).map(|holds| !holds),
            Intrinsic::And(all) => {
                let mut result = Some(true);
                for one in all {
                    match self.holds(one, depth + 1) {
                        Some(false) => return Some(false),
                        Some(true) => {}
                        None => result = None,
                    }
                }
                result
            }
            Intrinsic::Or(any) => {
                let mut result = Some(false);
                for one in any {
                    match self.holds(one, depth + 1) {
                        Some(true) => return Some(true),
                        Some(false) => {}
                        None => result = None,
                    }
                }
                result
            }
            Intrinsic::Equals(left, right) => equal(&self.eval(left), &self.eval(right)),
            _ => None,
        }
    }
}

/// Whether two values are equal, as CloudFormation compares them: as texts.
pub(super) fn equal(left: &Eval<'_>, right: &Eval<'_>) -> Option<bool> {
    match (left, right) {
        (Eval::Known(_), Eval::Known(_)) => Some(left.text()? == right.text()?),
        // The same expression on both sides is equal whatever it stands for.
        (Eval::Symbolic(a, _), Eval::Symbolic(b, _)) if a == b => Some(true),
        _ => None,
    }
}
