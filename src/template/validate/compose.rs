//! Alternatives and conditions between schemas, and intrinsic functions in place of values.

use super::call::{Call, Presence, is_no_value, is_open, presence};
use super::checker::{Checker, Place};
use super::formats;
use super::output::{Output, output};
use super::words::{listed, shown};
use crate::schema::{Field, List, Node, NodeId, Types};
use crate::template::ProblemKind;
use crate::template::value::Value;

/// Functions whose result is data when all they are given is written out.
const MADE: [&str; 6] = ["Fn::FindInMap", "Fn::Join", "Fn::Select", "Fn::Split", "Fn::Sub", "Fn::ToJsonString"];
/// Nodes followed to find the types a place accepts.
const MAX_HOPS: u32 = 12;

impl<'v> Checker<'_, 'v> {
    /// All-of, any-of, one-of, not and if-then-else; answers whether something was not known.
    pub(super) fn compose(&mut self, node: &'static Node, value: &'v Value, place: Place<'v>) -> bool {
        let mut unknown = false;
        if !node.has_any(&[Field::AllOf, Field::AnyOf, Field::OneOf, Field::If, Field::Not]) {
            return unknown;
        }
        for child in node.children(Field::AllOf) {
            unknown |= self.check(child, value, place);
        }
        for (field, exactly) in [(Field::AnyOf, false), (Field::OneOf, true)] {
            if node.has(field) {
                unknown |= self.alternatives(node, field, exactly, value, place);
            }
        }
        if let Some(condition) = node.child(Field::If) {
            let (found, uncertain) = self.attempt(condition, value, place);
            let branch = if found == 0 { Field::Then } else { Field::Else };
            if uncertain {
                unknown = true;
            } else if let Some(child) = node.child(branch) {
                unknown |= self.check(child, value, place);
            }
        }
        if let Some(child) = node.child(Field::Not) {
            let (found, uncertain) = self.attempt(child, value, place);
            unknown |= uncertain;
            if found == 0 && !uncertain {
                let named = self.named_by(child, value);
                self.report(ProblemKind::NoMatchingShape, place.of(value), || {
                    let whole = self_words(place);
                    if named.is_empty() {
                        let message = format!("{whole} holds values that cannot be used together");
                        return (message, "see the type's documentation".into());
                    }
                    let names = listed(named, "and");
                    (
                        format!("{whole} cannot have {names} together with its other values"),
                        format!("remove {names}, or change the values it depends on"),
                    )
                });
            }
        }
        unknown
    }

    /// The properties of `value` that a node, or one of its forms, asks for.
    fn named_by(&self, id: NodeId, value: &Value) -> Vec<&'static str> {
        let node = self.table.node(id);
        let forms = node.children(Field::AnyOf).chain(node.children(Field::AllOf));
        let nodes = std::iter::once(node).chain(forms.map(|child| self.table.node(child)));
        let required = nodes.filter_map(|node| node.list(Field::Required)).flat_map(List::texts);
        required.filter(|name| value.get(name).is_some()).collect()
    }

    fn alternatives(
        &mut self,
        node: &'static Node,
        field: Field,
        exactly: bool,
        value: &'v Value,
        place: Place<'v>,
    ) -> bool {
        let mut fitting = 0;
        let mut uncertain = false;
        let mut best: Option<(usize, NodeId)> = None;
        for child in node.children(field) {
            let (found, unknown) = self.attempt(child, value, place);
            if unknown {
                uncertain = true;
            } else if found == 0 {
                fitting += 1;
                if !exactly {
                    return false;
                }
            }
            if best.is_none_or(|(least, _)| found < least) {
                best = Some((found, child));
            }
        }
        if uncertain {
            return true;
        }
        if fitting == 0 {
            self.report(ProblemKind::NoMatchingShape, place.of(value), || {
                (
                    format!("{} fits none of the forms that are allowed here", place.words()),
                    "see the type's documentation for the allowed forms".into(),
                )
            });
        } else if exactly && fitting > 1 {
            self.report(ProblemKind::MutuallyExclusiveProperties, place.of(value), || {
                (
                    format!("{} mixes {fitting} forms of which only one may be used", place.words()),
                    "keep the properties of one form".into(),
                )
            });
        }
        false
    }

    /// An intrinsic function where a value of `node` is expected; answers that the value is
    /// not known.
    pub(super) fn call(
        &mut self,
        id: NodeId,
        node: &'static Node,
        call: Call<'v>,
        value: &'v Value,
        place: Place<'v>,
    ) -> bool {
        if is_no_value(value) {
            return false;
        }
        if call.name == "Fn::If" {
            if let Some([condition, yes, no]) = call.argument().as_list() {
                let condition = condition.as_str();
                for (holds, branch) in [(true, yes), (false, no)] {
                    if presence(branch) != Presence::Never {
                        self.given.extend(condition.map(|name| (name, holds)));
                        self.check(id, branch, Place { origin: branch.origin, ..place });
                        condition.and_then(|_| self.given.pop());
                    }
                }
            }
            return true;
        }
        let Some(accepted) = accepted(node, 0) else { return true };
        let result = output(self.index, self.table, call);
        let name = call.name;
        if result.fits(accepted) {
            if let Some(format) = node.string(Field::Format) {
                self.source_format(self.table.text(format), result, place);
            }
            if name == "Ref" && !self.is_quiet() {
                self.parameter_values(id, call, place);
            } else if MADE.contains(&name) && !self.is_quiet() {
                self.made_value(id, name, value, place);
            }
        } else {
            self.report(ProblemKind::WrongType, call.entry.key_origin, || {
                (
                    format!("{} must be {}, and `{name}` gives {}", place.words(), words(accepted), result.words()),
                    format!("use a function that gives {}", words(accepted)),
                )
            });
        }
        true
    }

    /// The values that a parameter is known to have, against what the place of its use asks for.
    fn parameter_values(&mut self, id: NodeId, call: Call<'v>, place: Place<'v>) {
        let Some(name) = call.argument().as_str() else { return };
        let Some(parameter) = self.index.parameters.get(name) else { return };
        let kind = parameter.value.get("Type").and_then(Value::as_str).unwrap_or_default();
        let given = self.index.given.is_some_and(|given| given.contains_key(name));
        if self.table.parameter_type(kind) != Some(false) || kind.starts_with("AWS::SSM::") || given {
            return;
        }
        let default = parameter.value.get("Default").map(|value| ("default", value));
        let allowed = parameter.value.get("AllowedValues").and_then(Value::as_list).unwrap_or_default();
        for (what, value) in default.into_iter().chain(allowed.iter().map(|value| ("allowed value", value))) {
            // An empty default says that there is none.
            if value.as_str().is_some_and(|text| text.trim().is_empty()) || value.as_map().is_some() {
                continue;
            }
            if self.attempt(id, value, place).0 > 0 {
                // Advice, also where everything else is told under one policy.
                let only = self.only.take();
                self.report(ProblemKind::UnfitParameterValue, call.entry.key_origin, || {
                    (
                        format!("the {what} {} of the parameter `{name}` does not fit {}", shown(value), place.words()),
                        format!("change the {what}, or let the parameter have only values that fit"),
                    )
                });
                self.only = only;
                return;
            }
        }
    }

    /// What a function gives in every deployment, against what the place asks for.
    fn made_value(&mut self, id: NodeId, function: &str, value: &'v Value, place: Place<'v>) {
        if is_open(value, 0) {
            return;
        }
        let made = self.index.constants().eval(value);
        let Some(made) = made.known().filter(|made| !made.is_null() && made.single().is_none()) else { return };
        let mut unheard = Vec::new();
        let mut checker = Checker::new(self.table, self.patterns, self.index, &mut unheard);
        checker.owner = self.owner;
        if checker.attempt(id, made, place).0 == 0 {
            return;
        }
        let only = self.only.take();
        self.report(ProblemKind::UnfitParameterValue, place.origin, || {
            (
                format!("`{function}` gives {} here, which does not fit {}", shown(made), place.words()),
                "change what the function is given".to_owned(),
            )
        });
        self.only = only;
    }

    /// An identifier that a function gives, against the kind of identifier asked for.
    fn source_format(&mut self, wanted: &'static str, result: Output<'v>, place: Place<'v>) {
        if !formats::is_resource_format(wanted) && !formats::is_network(wanted) || result.node.is_none() {
            return;
        }
        let table = self.table;
        if formats::given(self.index, table, &result)
            .is_none_or(|given| given.iter().any(|format| formats::same(format, wanted)))
        {
            return;
        }
        let target = result.target;
        self.report(ProblemKind::InvalidIdentifier, place.origin, || {
            (
                format!("{} must be {}, and what `{target}` gives is none", place.words(), formats::words(wanted)),
                format!("use the attribute of `{target}` that is {}", formats::words(wanted)),
            )
        });
    }
}

/// The types a place accepts, when it says so.
fn accepted(node: &Node, hops: u32) -> Option<u8> {
    let own = node.types();
    if !own.is_any() {
        let bits =
            [Types::NULL, Types::BOOLEAN, Types::INTEGER, Types::NUMBER, Types::STRING, Types::ARRAY, Types::OBJECT];
        return Some(bits.into_iter().filter(|bit| own.any(*bit)).sum());
    }
    if hops > MAX_HOPS {
        return None;
    }
    node.child(Field::Ref).and_then(|other| accepted(node.table().node(other), hops + 1))
}

/// Type bits in words.
pub(super) fn words(bits: u8) -> &'static str {
    if bits & Types::SCALAR == 0 {
        if bits & Types::ARRAY == 0 {
            "a map"
        } else if bits & Types::OBJECT == 0 {
            "a list"
        } else {
            "a list or a map"
        }
    } else if bits & (Types::ARRAY | Types::OBJECT) == 0 {
        "a single value"
    } else {
        "a value"
    }
}

/// A place in words, the properties of a resource as what they are.
fn self_words(place: Place<'_>) -> String {
    if place.name == "Properties" { "the resource".to_owned() } else { place.words() }
}
