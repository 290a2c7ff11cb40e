//! Conditions, evaluated to true, false or undecided.

use super::eval::Eval;
use super::intrinsic::Intrinsic;
use super::model::Template;
use super::value::Value;

const MAX_DEPTH: u8 = 64;

impl Template {
    /// Whether the named condition holds; `None` when that depends on what is not known.
    pub fn condition(&self, name: &str) -> Option<bool> {
        self.condition_at(name, 0)
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
            Intrinsic::Equals(left, right) => {
                let (left, right) = (self.eval(left), self.eval(right));
                match (&left, &right) {
                    (Eval::Known(_), Eval::Known(_)) => Some(left.text()? == right.text()?),
                    // The same expression on both sides is equal whatever it stands for.
                    (Eval::Symbolic(a, _), Eval::Symbolic(b, _)) if a == b => Some(true),
                    _ => None,
                }
            }
            _ => None,
        }
    }
}
