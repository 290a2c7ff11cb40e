//! Reading below a resource, with every branch that undecided conditions leave open.

use super::{Eval, Origin, Resource, Template, Text, Value};
use crate::template::value::Kind;
use std::borrow::Cow;

/// A value somewhere below a resource.
#[derive(Clone, Debug)]
pub struct Part<'t> {
    template: &'t Template,
    eval: Eval<'t>,
}

impl<'t> Part<'t> {
    /// The properties of a resource.
    pub fn of(resource: Resource<'t>) -> Self {
        Self { template: resource.template(), eval: resource.property(&[]) }
    }

    /// `value` with functions at its top evaluated.
    pub fn new(template: &'t Template, value: &'t Value) -> Self {
        Self { template, eval: template.eval(value) }
    }

    /// The value.
    pub fn eval(&self) -> &Eval<'t> {
        &self.eval
    }

    /// Where the value comes from; the start of the file when it is not there.
    pub fn origin(&self) -> Origin {
        self.eval.origin().unwrap_or_default()
    }

    /// The value at `path` below.
    pub fn get(&self, path: &[&str]) -> Eval<'t> {
        match &self.eval {
            Eval::Known(Cow::Borrowed(value)) => self.template.walk(value, path),
            Eval::Known(_) if !path.is_empty() => Eval::Absent,
            other => other.clone(),
        }
    }

    /// The part at `path` below.
    pub fn part(&self, path: &[&str]) -> Self {
        Self { template: self.template, eval: self.get(path) }
    }

    /// The known text at `path` below.
    pub fn text(&self, path: &[&str]) -> Option<Text> {
        self.get(path).text()
    }

    /// Whether something surely stands at `path` (`None`: it may).
    pub fn has(&self, path: &[&str]) -> Option<bool> {
        match self.get(path) {
            Eval::Absent => Some(false),
            Eval::Unknown(_) => None,
            _ => Some(true),
        }
    }

    /// Everything that may stand at `path`, one part for each branch of an undecided condition.
    pub fn all(&self, path: &[&str]) -> Vec<Self> {
        let mut found = vec![self.eval.clone()];
        for key in path {
            let mut next = Vec::new();
            for eval in found {
                match eval {
                    Eval::Known(Cow::Borrowed(map)) => match map.get(key) {
                        Some(below) => next.extend(self.template.branches(below)),
                        None => next.push(self.template.walk(map, &[key])),
                    },
                    Eval::Known(_) | Eval::Absent => {}
                    unknown => next.push(unknown),
                }
            }
            found = next;
        }
        let present = |eval: &Eval<'_>| !eval.is_absent() && !eval.known().is_some_and(Value::is_null);
        found.into_iter().filter(present).map(|eval| Self { template: self.template, eval }).collect()
    }

    /// The items of the list that may stand at `path`, in all branches. A single value counts
    /// as a list of one; where a list or an item is not known, the answer holds an unknown part.
    pub fn each(&self, path: &[&str]) -> Vec<Self> {
        let mut found = Vec::new();
        for part in self.all(path) {
            match &part.eval {
                Eval::Known(Cow::Borrowed(value)) => match value.as_list() {
                    Some(items) => {
                        for item in items {
                            for eval in self.template.branches(item) {
                                if !eval.is_absent() {
                                    found.push(Self { template: self.template, eval });
                                }
                            }
                        }
                    }
                    None => found.push(part),
                },
                Eval::Known(Cow::Owned(value)) if value.as_list().is_some() => {
                    if let Kind::List(items) = &value.kind {
                        found.extend(items.iter().map(|item| Self { template: self.template, eval: made(item) }));
                    }
                }
                _ => found.push(part),
            }
        }
        found
    }

    /// The entries of the map that may stand at `path`, in all branches: key, place of the key, value.
    pub fn entries(&self, path: &[&str]) -> Vec<(&'t str, Origin, Self)> {
        let mut found = Vec::new();
        for part in self.all(path) {
            let Some(map) = part.eval.borrowed().and_then(Value::as_map) else { continue };
            for entry in map {
                for eval in self.template.branches(&entry.value) {
                    if !eval.is_absent() {
                        found.push((&*entry.key, entry.key_origin, Self { template: self.template, eval }));
                    }
                }
            }
        }
        found
    }

    /// Whether the value is known to its top level.
    pub fn is_known(&self) -> bool {
        self.eval.known().is_some()
    }

    /// The number at `path`, or `default` when nothing stands there.
    pub fn int_or(&self, path: &[&str], default: i64) -> Setting<i64> {
        Setting::read(&self.get(path), default, self.origin(), Eval::int)
    }

    /// The boolean at `path`, or `default` when nothing stands there.
    pub fn bool_or(&self, path: &[&str], default: bool) -> Setting<bool> {
        Setting::read(&self.get(path), default, self.origin(), Eval::bool)
    }
}

fn made<'t>(item: &Value) -> Eval<'t> {
    match &item.kind {
        Kind::Str(text) if crate::template::unknown::is_unknown(text) => Eval::Symbolic(text.clone(), item.origin),
        _ => Eval::Known(Cow::Owned(item.clone())),
    }
}

/// A setting that is written, left to its default, or not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setting<T> {
    /// Written, with where.
    Set(T, Origin),
    /// Not written: the service's default, with where it would be written.
    Default(T, Origin),
    /// Written as something that is not known.
    Unknown(Origin),
}

impl<T: Clone> Setting<T> {
    /// What `eval` says by `read`; `default` at `place` when it is absent.
    pub fn read<'t>(eval: &Eval<'t>, default: T, place: Origin, read: impl Fn(&Eval<'t>) -> Option<T>) -> Self {
        match eval.origin() {
            None => Self::Default(default, place),
            Some(origin) => read(eval).map_or(Self::Unknown(origin), |value| Self::Set(value, origin)),
        }
    }

    /// The value, written or by default.
    pub fn value(&self) -> Option<T> {
        match self {
            Self::Set(value, _) | Self::Default(value, _) => Some(value.clone()),
            Self::Unknown(_) => None,
        }
    }

    /// Where it is written, or would be.
    pub fn origin(&self) -> Origin {
        match self {
            Self::Set(_, origin) | Self::Default(_, origin) | Self::Unknown(origin) => *origin,
        }
    }

    /// Whether it is left to the default.
    pub fn is_default(&self) -> bool {
        matches!(self, Self::Default(..))
    }
}
