//! Three-valued evaluation: known, unknown, absent.

use super::intrinsic::{Intrinsic, SubPart, sub_parts};
use super::model::Template;
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
        self.eval_at(value, 0)
    }

    /// Everything `value` may be: one entry unless a condition that is not decided chooses.
    pub fn branches<'t>(&'t self, value: &'t Value) -> Vec<Eval<'t>> {
        let mut found = Vec::new();
        self.collect_branches(value, 0, &mut found);
        found
    }

    fn collect_branches<'t>(&'t self, value: &'t Value, depth: u8, found: &mut Vec<Eval<'t>>) {
        match value.intrinsic() {
            Some(Intrinsic::If(condition, then, other)) if depth < MAX_DEPTH => {
                let decided = self.condition(condition);
                if decided != Some(false) {
                    self.collect_branches(then, depth + 1, found);
                }
                if decided != Some(true) {
                    self.collect_branches(other, depth + 1, found);
                }
            }
            _ => found.push(self.eval_at(value, depth)),
        }
    }

    fn eval_at<'t>(&'t self, value: &'t Value, depth: u8) -> Eval<'t> {
        let Some(function) = value.intrinsic() else {
            return match &value.kind {
                Kind::Str(text) if unknown::is_unknown(text) => Eval::Symbolic(text.clone(), value.origin),
                // The service resolves `{{resolve:…}}` at deployment.
                Kind::Str(text) if text.contains("{{resolve:") => Eval::Symbolic(unknown::mark(text), value.origin),
                _ => Eval::Known(Cow::Borrowed(value)),
            };
        };
        if depth >= MAX_DEPTH {
            return Eval::Unknown(value.origin);
        }
        self.function(value, &function, depth + 1).unwrap_or(Eval::Unknown(value.origin))
    }

    fn function<'t>(&'t self, value: &'t Value, function: &Intrinsic<'t>, depth: u8) -> Option<Eval<'t>> {
        let origin = value.origin;
        let made = Maker::new(origin);
        match *function {
            Intrinsic::Ref(name) => Some(self.reference(name, origin)),
            Intrinsic::GetAtt(id, attribute) => {
                let id = self.eval_at(id, depth).text()?;
                let attribute = self.eval_at(attribute, depth).text()?;
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
                                Some(local) => self.eval_at(local, depth).symbolic()?,
                                None if name.contains('.') => unknown::mark(name),
                                None => self.reference(name, origin).symbolic()?,
                            };
                            out.push_str(&piece);
                        }
                    }
                }
                Some(text_value(out.into(), made))
            }
            Intrinsic::If(condition, then, other) => match self.condition(condition) {
                Some(true) => Some(self.eval_at(then, depth)),
                Some(false) => Some(self.eval_at(other, depth)),
                None => {
                    let (then, other) = (self.eval_at(then, depth), self.eval_at(other, depth));
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
                for part in self.list(parts, depth)? {
                    match part {
                        Eval::Absent => {}
                        part => texts.push(part.symbolic()?),
                    }
                }
                Some(text_value(texts.join(separator).into(), made))
            }
            Intrinsic::Split(separator, text) => {
                let text = self.eval_at(text, depth).symbolic()?;
                // An unknown part may hold separators of its own.
                if separator.is_empty() || unknown::is_unknown(&text) {
                    return None;
                }
                Some(Eval::Known(Cow::Owned(made.list(text.split(separator).map(|part| made.str(part))))))
            }
            Intrinsic::Select(index, items) => {
                let index = usize::try_from(self.eval_at(index, depth).int()?).ok()?;
                let mut items = self.list(items, depth)?;
                (index < items.len()).then(|| items.swap_remove(index))
            }
            Intrinsic::FindInMap(map, first, second, default) => {
                let names = [map, first, second].map(|name| self.eval_at(name, depth).text());
                let [Some(map), Some(first), Some(second)] = names else { return None };
                let found = self.section("Mappings").and_then(|maps| maps.get(&map)?.get(&first)?.get(&second));
                match (found, default) {
                    (Some(found), _) => Some(Eval::Known(Cow::Borrowed(found))),
                    (None, Some(default)) => Some(self.eval_at(default, depth)),
                    (None, None) => None,
                }
            }
            Intrinsic::ImportValue(name) => {
                let name = self.eval_at(name, depth).symbolic()?;
                let name = unknown::shown(&name);
                Some(Eval::Symbolic(unknown::mark(&format!("Fn::ImportValue {name}")), origin))
            }
            Intrinsic::Length(items) => {
                let length = self.list(items, depth)?.len();
                Some(Eval::Known(Cow::Owned(made.int(length as i64))))
            }
            _ => None,
        }
    }

    /// The items of a list, evaluated; `None` when the list itself is unknown.
    fn list<'t>(&'t self, value: &'t Value, depth: u8) -> Option<Vec<Eval<'t>>> {
        match self.eval_at(value, depth) {
            Eval::Known(Cow::Borrowed(list)) => {
                Some(list.as_list()?.iter().map(|item| self.eval_at(item, depth)).collect())
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
