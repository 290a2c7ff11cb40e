//! Three-valued evaluation: known, unknown, absent.

use super::intrinsic::{Intrinsic, SubPart, sub_parts};
use super::model::Template;
use super::truth::Given;
use super::unknown;
use super::value::{Kind, Maker, Origin, Text, Value};
use std::borrow::Cow;

/// How deep functions may nest before evaluation gives up.
const MAX_DEPTH: u8 = 64;

/// What a value is once its intrinsic functions are evaluated. Only the top level is
/// evaluated: items and entries are evaluated when they are read.
#[derive(Clone, Debug)]
pub enum Eval<'t> {
    /// Data. A collection may hold functions below.
    Known(Cow<'t, Value>),
    /// Text of which parts are unknown (marked, see [`unknown`]): a reference to a resource,
    /// a pseudo parameter, a parameter without value, or text around such. Two equal texts
    /// stand for equal values.
    Symbolic(Text, Origin),
    /// Nothing can be said.
    Unknown(Origin),
    /// `AWS::NoValue`: the property is not there.
    Absent,
}

impl<'t> Eval<'t> {
    /// The data, if known.
    pub fn known(&self) -> Option<&Value> {
        if let Self::Known(value) = self { Some(value) } else { None }
    }

    /// The text of a known string or number; `None` when unknown or of another type.
    pub fn text(&self) -> Option<Text> {
        self.known().and_then(scalar_text)
    }

    /// Known or partly known text, unknown parts marked.
    pub fn symbolic(&self) -> Option<Text> {
        match self {
            Self::Symbolic(text, _) => Some(text.clone()),
            Self::Known(value) => scalar_text(value),
            _ => None,
        }
    }

    /// The number of a known integer, also one written as text.
    pub fn int(&self) -> Option<i64> {
        match &self.known()?.kind {
            Kind::Int(number) => Some(*number),
            Kind::Float(number) if number.fract() == 0.0 && number.abs() < 9e15 => Some(*number as i64),
            Kind::Str(text) => text.trim().parse().ok(),
            _ => None,
        }
    }

    /// The value of a known boolean, also one written as text.
    pub fn bool(&self) -> Option<bool> {
        match &self.known()?.kind {
            Kind::Bool(value) => Some(*value),
            Kind::Str(text) if text.eq_ignore_ascii_case("true") => Some(true),
            Kind::Str(text) if text.eq_ignore_ascii_case("false") => Some(false),
            _ => None,
        }
    }

    /// Whether nothing definite can be said (partly known text counts as unknown).
    pub fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown(_) | Self::Symbolic(..))
    }

    /// Whether the value is surely not there.
    pub fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }

    /// Where the value comes from.
    pub fn origin(&self) -> Option<Origin> {
        match self {
            Self::Known(value) => Some(value.origin),
            Self::Symbolic(_, origin) | Self::Unknown(origin) => Some(*origin),
            Self::Absent => None,
        }
    }

    /// The borrowed data, where evaluation did not have to make any.
    pub fn borrowed(&self) -> Option<&'t Value> {
        if let Self::Known(Cow::Borrowed(value)) = self { Some(value) } else { None }
    }
}

/// A scalar as CloudFormation turns it into text.
pub fn scalar_text(value: &Value) -> Option<Text> {
    match &value.kind {
        Kind::Str(text) => Some(text.clone()),
        Kind::Int(number) => Some(number.to_string().into()),
        Kind::Float(number) => Some(number.to_string().into()),
        Kind::Bool(value) => Some(if *value { "true" } else { "false" }.into()),
        _ => None,
    }
}

impl Template {
    /// Evaluates the top level of `value`.
    pub fn eval<'t>(&'t self, value: &'t Value) -> Eval<'t> {
        self.eval_given(value, Given::Where(&[]))
    }

    /// As [`Template::eval`], where the conditions `given` hold or do not.
    pub(super) fn eval_given<'t>(&'t self, value: &'t Value, given: Given<'_>) -> Eval<'t> {
        self.eval_at(value, given, 0)
    }

    /// As [`Template::eval`], inside a condition or a rule.
    pub(super) fn eval_in_conditions<'t>(&'t self, value: &'t Value) -> Eval<'t> {
        self.eval_given(value, Given::Conditions)
    }

    /// Everything `value` may be: one entry unless a condition that is not decided chooses.
    pub fn branches<'t>(&'t self, value: &'t Value) -> Vec<Eval<'t>> {
        let mut found = Vec::new();
        self.collect_branches(value, &mut Vec::new(), &mut found);
        found
    }

    fn collect_branches<'t>(&'t self, value: &'t Value, chosen: &mut Vec<(&'t str, bool)>, found: &mut Vec<Eval<'t>>) {
        let Some(Intrinsic::If(condition, then, other)) =
            value.intrinsic().filter(|_| chosen.len() < usize::from(MAX_DEPTH))
        else {
            found.push(self.eval_given(value, Given::Where(chosen)));
            return;
        };
        let decided = self.condition_given(condition, Given::Where(chosen));
        for (holds, branch) in [(true, then), (false, other)] {
            if decided != Some(!holds) {
                chosen.push((condition, holds));
                self.collect_branches(branch, chosen, found);
                chosen.pop();
            }
        }
    }

    fn eval_at<'t>(&'t self, value: &'t Value, given: Given<'_>, depth: u8) -> Eval<'t> {
        let Some(function) = value.intrinsic() else {
            return match &value.kind {
                Kind::Str(text) if unknown::is_unknown(text) => Eval::Symbolic(text.clone(), value.origin),
                // The service resolves `{{resolve:…}}` at deployment.
                Kind::Str(text) if text.contains('{') && text.contains("{{resolve:") => {
                    Eval::Symbolic(unknown::mark(text), value.origin)
                }
                _ => Eval::Known(Cow::Borrowed(value)),
            };
        };
        if depth >= MAX_DEPTH {
            return Eval::Unknown(value.origin);
        }
        self.function(value, &function, given, depth + 1).unwrap_or(Eval::Unknown(value.origin))
    }

    fn function<'t>(
        &'t self,
        value: &'t Value,
        function: &Intrinsic<'t>,
        given: Given<'_>,
        depth: u8,
    ) -> Option<Eval<'t>> {
        let origin = value.origin;
        let made = Maker::new(origin);
        match *function {
            Intrinsic::Ref(name) => Some(self.reference(name, origin)),
            Intrinsic::GetAtt(id, attribute) => {
                let id = self.eval_at(id, given, depth).text()?;
                let attribute = self.eval_at(attribute, given, depth).text()?;
                Some(Eval::Symbolic(unknown::mark(&format!("{id}.{attribute}")), origin))
            }
            Intrinsic::GetAttText(id, attribute) => {
                Some(Eval::Symbolic(unknown::mark(&format!("{id}.{attribute}")), origin))
            }
            Intrinsic::Sub(text, names) => {
                let mut out = String::with_capacity(text.len());
                for part in sub_parts(text) {
                    match part {
                        SubPart::Literal(text) => out.push_str(text),
                        SubPart::Escaped(text) => {
                            out.push_str("${");
                            out.push_str(text);
                            out.push('}');
                        }
                        SubPart::Name(name, _) => {
                            let piece = match names.and_then(|names| names.get(name)) {
                                Some(local) => self.eval_at(local, given, depth).symbolic()?,
                                None if name.contains('.') => unknown::mark(name),
                                None => self.reference(name, origin).symbolic()?,
                            };
                            out.push_str(&piece);
                        }
                    }
                }
                Some(text_value(out.into(), made))
            }
            Intrinsic::If(condition, then, other) => match self.condition_given(condition, given) {
                Some(true) => Some(self.eval_at(then, given, depth)),
                Some(false) => Some(self.eval_at(other, given, depth)),
                None => {
                    let (then, other) = (self.eval_at(then, given, depth), self.eval_at(other, given, depth));
                    match (&then, &other) {
                        (Eval::Absent, Eval::Absent) => Some(then),
                        (Eval::Known(a), Eval::Known(b)) if a == b => Some(then),
                        (Eval::Symbolic(a, _), Eval::Symbolic(b, _)) if a == b => Some(then),
                        _ => None,
                    }
                }
            },
            Intrinsic::Join(separator, parts) => {
                let mut texts: Vec<Text> = Vec::new();
                for part in self.list(parts, given, depth)? {
                    match part {
                        Eval::Absent => {}
                        part => texts.push(part.symbolic()?),
                    }
                }
                Some(text_value(texts.join(separator).into(), made))
            }
            Intrinsic::Split(separator, text) => {
                let text = self.eval_at(text, given, depth).symbolic()?;
                // An unknown part may hold separators of its own.
                if separator.is_empty() || unknown::is_unknown(&text) {
                    return None;
                }
                Some(Eval::Known(Cow::Owned(made.list(text.split(separator).map(|part| made.str(part))))))
            }
            Intrinsic::Select(index, items) => {
                let index = usize::try_from(self.eval_at(index, given, depth).int()?).ok()?;
                let mut items = self.list(items, given, depth)?;
                (index < items.len()).then(|| items.swap_remove(index))
            }
            Intrinsic::FindInMap(map, first, second, default) => {
                let names = [map, first, second].map(|name| self.eval_at(name, given, depth).text());
                let [Some(map), Some(first), Some(second)] = names else { return None };
                let found = self.section("Mappings").and_then(|maps| maps.get(&map)?.get(&first)?.get(&second));
                match (found, default) {
                    (Some(found), _) => Some(Eval::Known(Cow::Borrowed(found))),
                    (None, Some(default)) => Some(self.eval_at(default, given, depth)),
                    (None, None) => None,
                }
            }
            Intrinsic::ImportValue(name) => {
                let name = self.eval_at(name, given, depth).symbolic()?;
                let name = unknown::shown(&name);
                Some(Eval::Symbolic(unknown::mark(&format!("Fn::ImportValue {name}")), origin))
            }
            Intrinsic::Length(items) => {
                let length = self.list(items, given, depth)?.len();
                Some(Eval::Known(Cow::Owned(made.int(length as i64))))
            }
            _ => None,
        }
    }

    /// The items of a list, evaluated; `None` when the list itself is unknown.
    fn list<'t>(&'t self, value: &'t Value, given: Given<'_>, depth: u8) -> Option<Vec<Eval<'t>>> {
        match self.eval_at(value, given, depth) {
            Eval::Known(Cow::Borrowed(list)) => {
                Some(list.as_list()?.iter().map(|item| self.eval_at(item, given, depth)).collect())
            }
            Eval::Known(Cow::Owned(list)) => match list.kind {
                Kind::List(items) => Some(items.into_iter().map(owned).collect()),
                _ => None,
            },
            _ => None,
        }
    }

    /// What `Ref name` yields.
    fn reference(&self, name: &str, origin: Origin) -> Eval<'_> {
        if name == "AWS::NoValue" {
            return Eval::Absent;
        }
        if let Some(value) = self.pseudo_parameter(name) {
            return Eval::Known(Cow::Owned(Maker::new(origin).str(value)));
        }
        match self.parameter_value(name) {
            Some(value) => match &value.kind {
                Kind::Str(text) if unknown::is_unknown(text) => Eval::Symbolic(text.clone(), origin),
                _ => Eval::Known(Cow::Borrowed(value)),
            },
            None => Eval::Symbolic(unknown::mark(name), origin),
        }
    }
}

/// A made value as the result of an evaluation.
fn owned<'t>(value: Value) -> Eval<'t> {
    match &value.kind {
        Kind::Str(text) if unknown::is_unknown(text) => Eval::Symbolic(text.clone(), value.origin),
        _ => Eval::Known(Cow::Owned(value)),
    }
}

fn text_value<'t>(text: Text, made: Maker) -> Eval<'t> {
    owned(made.str(text))
}
