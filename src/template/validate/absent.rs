//! Required properties that a condition leaves out of some deployments.

use super::call::is_no_value;
use super::checker::{Checker, Place};
use super::worlds::decide;
use crate::template::ProblemKind;
use crate::template::value::Value;

/// Choices within choices; what is nested deeper is left alone.
const MAX_DEPTH: usize = 20;

impl<'v> Checker<'_, 'v> {
    /// Reports the required property `name`, whose `value` is left out where some condition holds, or
    /// does not hold, if that can be where the map itself is.
    pub(super) fn left_out(&mut self, name: &str, value: &'v Value, place: Place<'v>) {
        // What a transform makes of a resource, and what it leaves to defaults, is another matter.
        let transformed = self.expanded || self.owner.starts_with("AWS::Serverless::") || self.index.open;
        if self.is_quiet() || self.only.is_some() || transformed {
            return;
        }
        let mut given = self.given.clone();
        let known = given.len();
        let Some((condition, holds)) = self.absence(value, &mut given, known) else { return };
        let whole = self.whole(place);
        self.report(ProblemKind::RequiredProperty, place.origin, || {
            let where_ = if holds { "holds" } else { "does not hold" };
            (
                format!("{whole} lacks the required property `{name}` where the condition `{condition}` {where_}"),
                format!("give `{name}` a value in that case too, or the resource the condition"),
            )
        });
    }

    /// The choice behind which `value` is left out: a condition, and whether it holds. `given` is what
    /// is known on the way, of which the first `known` were known before.
    fn absence(&self, value: &'v Value, given: &mut Vec<(&'v str, bool)>, known: usize) -> Option<(&'v str, bool)> {
        if is_no_value(value) {
            return given.get(known..)?.last().copied();
        }
        let (_, argument) = value.single().filter(|(function, _)| *function == "Fn::If")?;
        let [condition, yes, no] = argument.as_list()? else { return None };
        let condition = condition.as_str().filter(|name| self.index.conditions.contains_key(name))?;
        if given.len() > known + MAX_DEPTH {
            return None;
        }
        let decided = decide(self.index.constants(), condition, given);
        for (holds, branch) in [(true, yes), (false, no)] {
            if decided == Some(!holds) {
                continue;
            }
            given.push((condition, holds));
            let found = self.absence(branch, given, known);
            given.pop();
            if found.is_some() {
                return found;
            }
        }
        None
    }
}
