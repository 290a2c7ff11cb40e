//! What an answer depends on without the template telling it: values of the usage file, and
//! assumptions. Each is one variable, so that its share of the spread can be told.

use super::range::{Bound, Range};
use super::usage::{Key, Usage};
use crate::graph::{NodeRef, Resource};
use std::collections::BTreeMap;

/// What a variable holds for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// Every resource without a value of its own.
    All,
    /// Every resource of a type without a value of its own.
    Type(String),
    /// One resource.
    Resource(String),
}

/// One quantity that the template does not tell.
#[derive(Clone, Debug, PartialEq)]
pub struct Variable {
    /// What it holds for.
    pub scope: Scope,
    /// The key in the usage file.
    pub name: String,
    /// What it is, one phrase.
    pub help: &'static str,
    /// Its value.
    pub range: Range,
    /// Whether the usage file gives it; else it is assumed.
    pub given: bool,
}

/// Index of a variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Var(usize);

impl Var {
    /// Its place in [`Variables::list`].
    pub fn index(self) -> usize {
        self.0
    }
}

/// A question that the usage file leaves open, and that has no assumption.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Question {
    /// Logical id.
    pub resource: String,
    /// The key.
    pub key: Key,
}

/// Every variable that enters an answer.
pub struct Variables<'u> {
    usage: &'u Usage,
    list: Vec<Variable>,
    known: BTreeMap<(Scope, String), Var>,
    open: Vec<Question>,
}

impl<'u> Variables<'u> {
    /// No variable yet.
    pub fn new(usage: &'u Usage) -> Self {
        Self { usage, list: Vec::new(), known: BTreeMap::new(), open: Vec::new() }
    }

    /// The usage file.
    pub fn usage(&self) -> &'u Usage {
        self.usage
    }

    /// All variables so far.
    pub fn list(&self) -> &[Variable] {
        &self.list
    }

    /// Questions that were asked and not answered.
    pub fn open(&self) -> &[Question] {
        &self.open
    }

    /// The variable of `key` for `node`: what the usage file says, else what is assumed. For a
    /// key without an assumption, zero.
    pub fn of(&mut self, node: NodeRef<'_>, key: Key) -> Var {
        if let Some(var) = self.said(node, key) {
            return var;
        }
        let (low, expected, high) = key.assumed().unwrap_or_default();
        self.add(Scope::All, key.name(), key.help(), Range::new(low, expected, high), false)
    }

    /// The variable of `key` for `node` where the usage file says something; otherwise the
    /// question is kept as open.
    pub fn given(&mut self, node: NodeRef<'_>, key: Key) -> Option<Var> {
        let found = self.said(node, key);
        if let (None, Some(id)) = (found, node.logical_id()) {
            self.open.push(Question { resource: id.to_owned(), key });
        }
        found
    }

    /// As [`Variables::given`], without a question where nothing is said.
    pub fn said(&mut self, node: NodeRef<'_>, key: Key) -> Option<Var> {
        let id = node.logical_id().unwrap_or(node.name());
        let ty = node.resource().map(Resource::ty).unwrap_or_default();
        let usage = self.usage;
        let (scope, amount) = if let Some(amount) = usage.own(id, key) {
            (Scope::Resource(id.to_owned()), amount)
        } else if let Some(amount) = usage.types.get(ty).and_then(|amounts| amounts.get(&key)) {
            (Scope::Type(ty.to_owned()), amount)
        } else {
            (Scope::All, usage.assume.get(&key)?)
        };
        Some(self.add(scope, key.name(), key.help(), amount.range, true))
    }

    /// The value of `key` for `node` at `point`, where it is a variable already.
    pub fn value(&self, node: NodeRef<'_>, key: Key, point: &Point) -> Option<f64> {
        let id = node.logical_id().unwrap_or(node.name());
        let ty = node.resource().map(Resource::ty).unwrap_or_default();
        let scopes = [Scope::Resource(id.to_owned()), Scope::Type(ty.to_owned()), Scope::All];
        let var = scopes.into_iter().find_map(|scope| self.known.get(&(scope, key.name().to_owned())))?;
        Some(point.at(*var))
    }

    /// A variable under a name of its own.
    pub fn add(&mut self, scope: Scope, name: &str, help: &'static str, range: Range, given: bool) -> Var {
        let list = &mut self.list;
        *self.known.entry((scope.clone(), name.to_owned())).or_insert_with(|| {
            list.push(Variable { scope, name: name.to_owned(), help, range, given });
            Var(list.len() - 1)
        })
    }

    /// Every variable at its expected value.
    pub fn expected(&self) -> Point {
        Point { values: self.list.iter().map(|one| one.range.expected).collect() }
    }
}

/// A value for each variable.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    values: Vec<f64>,
}

impl Point {
    /// The value of a variable.
    pub fn at(&self, var: Var) -> f64 {
        self.values[var.0]
    }

    /// The same with one variable at another bound.
    #[must_use]
    pub fn with(&self, index: usize, variable: &Variable, bound: Bound) -> Self {
        let mut point = self.clone();
        point.values[index] = variable.range.at(bound);
        point
    }

    /// Sets one variable.
    pub fn set(&mut self, index: usize, value: f64) {
        self.values[index] = value;
    }
}

/// A quantity that follows from the variables.
pub type Quantity = Box<dyn Fn(&Point) -> f64 + Send + Sync>;

/// A quantity that is known.
pub fn fixed(value: f64) -> Quantity {
    Box::new(move |_| value)
}

/// A quantity that is a variable.
pub fn varying(var: Var) -> Quantity {
    Box::new(move |point| point.at(var))
}
