//! Conditions, evaluated to true, false or undecided.

use super::eval::Eval;
use super::model::Template;
use super::truth::{Given, Truth};

impl Template {
    /// Whether the named condition holds; `None` when that depends on what is not known.
    pub fn condition(&self, name: &str) -> Option<bool> {
        self.condition_given(name, Given::Where(&[]))
    }

    /// Whether the named condition holds where the conditions `given` hold or do not; `None`
    /// when that depends on what is not known.
    pub(super) fn condition_given(&self, name: &str, given: Given<'_>) -> Option<bool> {
        match given {
            Given::Where(given) => self.truth().decide(name, given),
            Given::Conditions => None,
        }
    }

    /// Whether both conditions can hold in one deployment. Conditions that are not defined
    /// exclude nothing.
    pub fn can_coexist(&self, one: &str, other: &str) -> bool {
        one == other || self.truth().can_coexist(one, other)
    }

    /// The truth tables of the conditions, made when the first one is asked for.
    pub(super) fn truth(&self) -> &Truth {
        self.truth.get_or_init(|| Truth::new(self))
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
