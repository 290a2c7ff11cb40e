//! Condition functions.

use super::Validation;
use super::call::{CONDITION_FUNCTIONS, condition_call};
use super::functions::{Argument, MAX_DEPTH};
use super::words::{listed, shown};
use crate::schema::Types;
use crate::template::ProblemKind;
use crate::template::value::{Origin, Value};

/// Functions that may give a side of `Fn::Equals`.
const EQUALS: &[&str] =
    &["Ref", "Fn::FindInMap", "Fn::Sub", "Fn::Join", "Fn::Select", "Fn::Split", "Fn::Length", "Fn::ToJsonString"];

impl<'v> Validation<'_, 'v> {
    /// A condition: a function of its own kind.
    pub(super) fn condition(&mut self, value: &'v Value, origin: Origin, depth: u32) {
        if depth > MAX_DEPTH || value.origin.is_incomplete() {
            return;
        }
        let Some(call) = condition_call(value) else {
            let message =
                format!("a condition is one of {}, and not {}", listed(CONDITION_FUNCTIONS, "and"), shown(value));
            return self.report(ProblemKind::InvalidCondition, origin, message, "compare with `Fn::Equals`");
        };
        match call.name {
            "Condition" => match call.argument().as_str() {
                Some(name) => self.condition_name(name, call.argument().origin),
                None => {
                    let message =
                        format!("`Condition` takes the name of a condition, and has {}", shown(call.argument()));
                    self.report(ProblemKind::InvalidCondition, call.entry.key_origin, message, "write the name");
                }
            },
            "Fn::Equals" => {
                if let Some(sides) = self.items(call, 2, 2, "write `Fn::Equals: [left, right]`") {
                    for side in sides {
                        self.argument(
                            call,
                            side,
                            side.origin,
                            depth,
                            &Argument { types: Types::SCALAR, functions: EQUALS, what: "two values to compare" },
                        );
                    }
                }
            }
            _ => {
                let (least, most) = if call.name == "Fn::Not" { (1, 1) } else { (2, 10) };
                if call.argument().is_null() {
                    let message = format!("`{}` has no argument", call.name);
                    return self.report(
                        ProblemKind::InvalidCondition,
                        call.entry.key_origin,
                        message,
                        "write a list of conditions",
                    );
                }
                if let Some(parts) = self.items(call, least, most, "write a list of conditions") {
                    for part in parts {
                        self.condition(part, part.origin, depth + 1);
                    }
                }
            }
        }
    }
}
