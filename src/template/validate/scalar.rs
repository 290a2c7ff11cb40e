//! Checks of texts, numbers and booleans.

use super::checker::{Checker, Place};
use super::formats;
use super::words::{listed, nearest, quoted, shown};
use crate::schema::{Field, Node, StringId};
use crate::template::value::{Kind, Origin, Value};
use crate::template::{ProblemKind, Repair};
use std::borrow::Cow;

/// Fields that ask something of a number.
const RANGE: [Field; 5] =
    [Field::Minimum, Field::Maximum, Field::ExclusiveMinimum, Field::ExclusiveMaximum, Field::MultipleOf];
/// Fields that ask something of a scalar.
const ASKED: [Field; 11] = [
    Field::Minimum,
    Field::Maximum,
    Field::ExclusiveMinimum,
    Field::ExclusiveMaximum,
    Field::MultipleOf,
    Field::Enum,
    Field::EnumIgnoreCase,
    Field::MinLength,
    Field::MaxLength,
    Field::Pattern,
    Field::Format,
];

impl<'v> Checker<'_, 'v> {
    /// Checks the value of a scalar whose type is right.
    pub(super) fn scalar(&mut self, node: &'static Node, value: &'v Value, place: Place<'v>) {
        if !node.has_any(&ASKED) {
            return;
        }
        let Some(text) = scalar_text(value) else { return };
        self.enumeration(node, value, &text, place);
        if let Kind::Str(text) = &value.kind {
            self.length(node, text, place, value);
            let fits = node.string(Field::Pattern).is_none_or(|pattern| self.pattern(pattern, text, place, value));
            if let Some(format) = node.string(Field::Format).filter(|_| fits) {
                self.format(format, text, place, value);
            }
        }
        if node.has_any(&RANGE)
            && !matches!(value.kind, Kind::Bool(_))
            && let Ok(number) = text.trim().parse::<f64>()
        {
            self.range(node, number, place, value);
        }
    }

    /// A text that is the name of a pseudo parameter, which only `Ref` gives the value of.
    pub(super) fn plain_pseudo_parameter(&mut self, name: &str, origin: Origin, place: Place<'v>) {
        let kind = ProblemKind::PlainPseudoParameter;
        // A value is looked at by several schemas.
        if self.is_quiet() || self.problems.iter().any(|known| known.kind == kind && known.origin == origin) {
            return;
        }
        let only = self.only.take();
        let before = self.count();
        self.report(kind, origin, || {
            (format!("{} is the text `{name}`, and not its value", place.words()), format!("write `!Ref {name}`"))
        });
        self.repair(before, Some(Repair::Refer { place: origin, name: name.to_owned() }));
        self.only = only;
    }

    fn enumeration(&mut self, node: &'static Node, value: &'v Value, text: &str, place: Place<'v>) {
        let allowed = match (node.list(Field::Enum), node.list(Field::EnumIgnoreCase)) {
            (Some(list), _) => {
                let boolean = matches!(value.kind, Kind::Bool(_))
                    || text.eq_ignore_ascii_case("true")
                    || text.eq_ignore_ascii_case("false");
                if list.texts().any(|entry| entry == text || boolean && entry.eq_ignore_ascii_case(text)) {
                    return;
                }
                list
            }
            (None, Some(list)) => {
                if list.texts().any(|entry| entry.eq_ignore_ascii_case(text)) {
                    return;
                }
                list
            }
            (None, None) => return,
        };
        if self.is_quiet() {
            return self.report(ProblemKind::InvalidEnumValue, value.origin, Default::default);
        }
        let before = self.count();
        let meant = nearest(text, allowed.texts());
        self.report(ProblemKind::InvalidEnumValue, place.of(value), || {
            let message = match allowed.texts().collect::<Vec<_>>().as_slice() {
                [only] => format!("{} must be `{only}`, and is {}", place.words(), shown(value)),
                _ => format!("{} cannot be {}", place.words(), shown(value)),
            };
            let help = match meant {
                Some(meant) => format!("did you mean `{meant}`? Allowed are {}", listed(allowed.texts(), "and")),
                None => format!("allowed are {}", listed(allowed.texts(), "and")),
            };
            (message, help)
        });
        // A runtime that is going away is no help.
        let lasts = |name: &&str| self.table.runtime(name).is_none_or(|dates| dates.create_blocked.is_empty());
        self.repair(before, Repair::respell(value.origin, text, meant.filter(lasts)));
    }

    fn length(&mut self, node: &Node, text: &str, place: Place<'v>, value: &'v Value) {
        if !node.has(Field::MaxLength) && !node.has(Field::MinLength) {
            return;
        }
        let length = text.chars().count();
        if let Some(most) = node.number(Field::MaxLength).filter(|most| length as f64 > *most) {
            self.report(ProblemKind::OutOfRange, place.of(value), || {
                (format!("{} has {length} characters; at most {most} are allowed", place.words()), "shorten it".into())
            });
        }
        if let Some(least) = node.number(Field::MinLength).filter(|least| (length as f64) < *least) {
            self.report(ProblemKind::OutOfRange, place.of(value), || {
                (
                    format!("{} has {length} characters; at least {least} are needed", place.words()),
                    "write a longer text".into(),
                )
            });
        }
    }

    fn pattern(&mut self, pattern: StringId, text: &str, place: Place<'v>, value: &'v Value) -> bool {
        if self.patterns.matches(self.table, pattern, text) {
            return true;
        }
        let table = self.table;
        self.report(ProblemKind::PatternMismatch, place.of(value), || {
            (
                format!("{} cannot be {}: it does not have the required form", place.words(), quoted(text)),
                format!("it must match the pattern `{}`", table.text(pattern)),
            )
        });
        false
    }

    fn format(&mut self, format: StringId, text: &str, place: Place<'v>, value: &'v Value) {
        let name = self.table.text(format);
        if formats::holds(name, text) {
            return;
        }
        self.report(ProblemKind::InvalidIdentifier, place.of(value), || {
            (
                format!("{} must be {}, and is {}", place.words(), formats::words(name), quoted(text)),
                format!("write {} or refer to the resource with an intrinsic function", formats::words(name)),
            )
        });
    }

    fn range(&mut self, node: &Node, number: f64, place: Place<'v>, value: &'v Value) {
        let checks: [(Field, fn(f64, f64) -> bool, &str); 4] = [
            (Field::Minimum, |number, limit| number < limit, "at least"),
            (Field::Maximum, |number, limit| number > limit, "at most"),
            (Field::ExclusiveMinimum, |number, limit| number <= limit, "more than"),
            (Field::ExclusiveMaximum, |number, limit| number >= limit, "less than"),
        ];
        for (field, fails, words) in checks {
            if let Some(limit) = node.number(field).filter(|limit| fails(number, *limit)) {
                let before = self.count();
                self.report(ProblemKind::OutOfRange, place.of(value), || {
                    (
                        format!("{} must be {words} {limit}, and is {number}", place.words()),
                        format!("choose a value of {words} {limit}"),
                    )
                });
                let included = matches!(field, Field::Minimum | Field::Maximum).then_some(limit);
                self.repair(before, Repair::respell(value.origin, number, included));
            }
        }
        if let Some(step) = node.number(Field::MultipleOf).filter(|step| *step != 0.0 && number % step != 0.0) {
            self.report(ProblemKind::OutOfRange, place.of(value), || {
                (
                    format!("{} must be a multiple of {step}, and is {number}", place.words()),
                    format!("choose a multiple of {step}"),
                )
            });
        }
    }
}

/// A scalar as text.
pub(super) fn scalar_text(value: &Value) -> Option<Cow<'_, str>> {
    match &value.kind {
        Kind::Str(text) => Some(Cow::Borrowed(text)),
        Kind::Int(number) => Some(Cow::Owned(number.to_string())),
        Kind::Float(number) => Some(Cow::Owned(number.to_string())),
        Kind::Bool(value) => Some(Cow::Borrowed(if *value { "true" } else { "false" })),
        _ => None,
    }
}
