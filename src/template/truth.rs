//! Truth tables of conditions that depend on what is not known.
//!
//! Every comparison with something unknown is an atom: `the text X is "a"`. The atoms of one
//! text exclude each other, and a parameter with `AllowedValues` has no other values. A world
//! gives every such text one value; a condition is two sets of worlds, those in which it surely
//! holds and those in which it may. The `Rules` section takes away the worlds it refuses.

use super::bits::Bits;
use super::conditions::equal;
use super::eval::{Eval, scalar_text};
use super::intrinsic::Intrinsic;
use super::model::Template;
use super::rules::RuleFunction;
use super::unknown;
use super::value::{Map, Text, Value};
use std::collections::{BTreeMap, HashMap};

/// Worlds that are told apart at most. Atoms beyond are "may or may not" in every world.
const MAX_WORLDS: usize = 1 << 16;
const MAX_DEPTH: u8 = 64;

/// Where something is asked.
#[derive(Clone, Copy, Debug)]
pub(super) enum Given<'g> {
    /// Where these conditions hold, or do not.
    Where(&'g [(&'g str, bool)]),
    /// Inside the conditions themselves, which know no `Fn::If`: their tables are being made.
    Conditions,
}

/// Where something holds: surely, and possibly.
#[derive(Clone, Debug)]
struct Table {
    must: Bits,
    may: Bits,
}

impl Table {
    fn not(&self) -> Self {
        Self { must: self.may.not(), may: self.must.not() }
    }

    fn and(&self, other: &Self) -> Self {
        Self { must: self.must.and(&other.must), may: self.may.and(&other.may) }
    }

    fn or(&self, other: &Self) -> Self {
        Self { must: self.must.or(&other.must), may: self.may.or(&other.may) }
    }
}

/// The truth tables of one template.
#[derive(Debug)]
pub(super) struct Truth {
    worlds: Bits,
    tables: HashMap<Text, Table>,
    /// What conditions are where nothing is given.
    settled: HashMap<Text, Option<bool>>,
    /// Assertions that hold in no world although their rule applies in all: the numbers of
    /// rule and assertion.
    refused: Vec<(usize, usize)>,
}

impl Truth {
    /// The tables of all conditions of `template`.
    pub fn new(template: &Template) -> Self {
        let unknowns = Unknowns::of(template);
        let mut builder = Builder { template, size: unknowns.size, unknowns, tables: HashMap::new(), open: Vec::new() };
        for name in template.section("Conditions").into_iter().flat_map(Map::keys) {
            builder.condition(name, 0);
        }
        let all = Bits::full(builder.size);
        let (mut worlds, mut refused) = (all.clone(), Vec::new());
        for (number, rule) in template.rules().enumerate() {
            let applies = match rule.condition {
                Some(condition) => builder.table(condition, 0),
                None => builder.decided(true),
            };
            for (at, assertion) in rule.assertions.iter().enumerate() {
                let breaks = applies.must.and(&builder.table(assertion.assert, 0).may.not());
                if breaks == all {
                    refused.push((number, at));
                }
                worlds = worlds.and(&breaks.not());
            }
        }
        // Rules that refuse everything say nothing about conditions.
        if worlds.is_empty() {
            worlds = all;
        }
        let mut truth = Self { worlds, tables: builder.tables, settled: HashMap::new(), refused };
        for name in template.section("Conditions").into_iter().flat_map(Map::keys) {
            let settled = truth.decide_given(name, &[]);
            truth.settled.insert(name.into(), settled);
        }
        truth
    }

    /// Whether an assertion of a rule, both by number, holds in no world in spite of applying.
    pub fn refuses(&self, rule: usize, assertion: usize) -> bool {
        self.refused.contains(&(rule, assertion))
    }

    /// Whether `name` holds in every world, or in none, that is left where the conditions
    /// `given` hold or do not.
    pub fn decide(&self, name: &str, given: &[(&str, bool)]) -> Option<bool> {
        if given.is_empty() {
            return *self.settled.get(name)?;
        }
        self.decide_given(name, given)
    }

    fn decide_given(&self, name: &str, given: &[(&str, bool)]) -> Option<bool> {
        if let Some((_, holds)) = given.iter().find(|(known, _)| *known == name) {
            return Some(*holds);
        }
        let table = self.tables.get(name)?;
        let given: Vec<(&Table, bool)> =
            given.iter().filter_map(|(given, holds)| Some((self.tables.get(*given)?, *holds))).collect();
        let (mut holds, mut fails) = (false, false);
        for (at, worlds) in self.worlds.words().iter().enumerate() {
            let left = given.iter().fold(*worlds, |worlds, (given, holds)| {
                worlds & if *holds { given.may.words()[at] } else { !given.must.words()[at] }
            });
            holds |= left & table.may.words()[at] != 0;
            fails |= left & !table.must.words()[at] != 0;
            if holds && fails {
                return None;
            }
        }
        // Where no world is left, neither is so.
        (holds != fails).then_some(holds)
    }

    /// Whether some world lets both hold.
    pub fn can_coexist(&self, one: &str, other: &str) -> bool {
        match (self.tables.get(one), self.tables.get(other)) {
            (Some(one), Some(other)) => {
                let worlds = self.worlds.words().iter().zip(one.may.words()).zip(other.may.words());
                worlds.into_iter().any(|((world, one), other)| world & one & other != 0)
            }
            _ => true,
        }
    }
}

/// The texts that are compared with values, each with the values it may have.
struct Unknowns {
    /// By text: position of its digit in a world's number, and how it is read there.
    digits: BTreeMap<Text, Digit>,
    size: usize,
}

struct Digit {
    weight: usize,
    /// The values told apart. One more stands for all others, unless the list is complete.
    values: Vec<Text>,
    base: usize,
}

impl Unknowns {
    fn of(template: &Template) -> Self {
        let mut seen: Vec<(Text, Vec<Text>)> = Vec::new();
        let mut note = |text: &Text, value: Text| match seen.iter_mut().find(|(known, _)| known == text) {
            Some((_, values)) if values.contains(&value) => {}
            Some((_, values)) => values.push(value),
            None => seen.push((text.clone(), vec![value])),
        };
        let conditions = template.section("Conditions").into_iter().flat_map(Map::iter).map(|entry| &entry.value);
        for condition in conditions {
            compared(template, condition, 0, &mut note);
        }
        for rule in template.rules() {
            for value in rule.condition.into_iter().chain(rule.assertions.iter().map(|one| one.assert)) {
                compared(template, value, 0, &mut note);
            }
        }
        let (mut digits, mut size) = (BTreeMap::new(), 1);
        for (text, values) in seen {
            let allowed = allowed_values(template, &text);
            let base = allowed.as_ref().map_or(values.len() + 1, Vec::len);
            if base == 0 || size * base > MAX_WORLDS {
                continue;
            }
            digits.insert(text, Digit { weight: size, values: allowed.unwrap_or(values), base });
            size *= base;
        }
        Self { digits, size }
    }

    /// The worlds in which `text` is `value`; `None` when the text is not told apart.
    fn equals(&self, text: &str, value: &str) -> Option<Bits> {
        let digit = self.digits.get(text)?;
        let Some(wanted) = digit.values.iter().position(|known| known == value) else {
            return Some(Bits::empty(self.size));
        };
        Some(Bits::runs(self.size, wanted * digit.weight, digit.weight, digit.weight * digit.base))
    }
}

/// The complete list of values of a text that is nothing but a parameter.
fn allowed_values(template: &Template, text: &str) -> Option<Vec<Text>> {
    let (mark, _) = unknown::marks(text).next()?;
    let parameter = template.section("Parameters")?.get(mark).filter(|_| unknown::mark(mark) == text)?;
    parameter.get("AllowedValues")?.as_list()?.iter().map(scalar_text).collect()
}

/// Calls `note` for every comparison of an unknown text with a value below `condition`.
fn compared(template: &Template, condition: &Value, depth: u8, note: &mut impl FnMut(&Text, Text)) {
    if depth >= MAX_DEPTH {
        return;
    }
    match RuleFunction::of(condition) {
        Some(RuleFunction::Contains(list, value)) => {
            if let (Some(values), Eval::Symbolic(text, _)) = (template.texts(list), template.eval_in_conditions(value))
            {
                values.into_iter().for_each(|value| note(&text, value));
            }
            return;
        }
        Some(_) => return,
        None => {}
    }
    match condition.condition_function() {
        Some(Intrinsic::Not(one)) => compared(template, one, depth + 1, note),
        Some(Intrinsic::And(all) | Intrinsic::Or(all)) => {
            all.iter().for_each(|one| compared(template, one, depth + 1, note));
        }
        Some(Intrinsic::Equals(left, right)) => {
            match (template.eval_in_conditions(left), template.eval_in_conditions(right)) {
                (Eval::Symbolic(text, _), value) | (value, Eval::Symbolic(text, _)) => {
                    if let Some(value) = value.text() {
                        note(&text, value);
                    }
                }
                _ => {}
            }
        }
        _ => {}
    }
}

struct Builder<'t> {
    template: &'t Template,
    unknowns: Unknowns,
    size: usize,
    tables: HashMap<Text, Table>,
    /// Conditions being worked on, to stop at circles.
    open: Vec<Text>,
}

impl Builder<'_> {
    fn undecided(&self) -> Table {
        Table { must: Bits::empty(self.size), may: Bits::full(self.size) }
    }

    fn decided(&self, holds: bool) -> Table {
        let all = if holds { Bits::full(self.size) } else { Bits::empty(self.size) };
        Table { must: all.clone(), may: all }
    }

    fn condition(&mut self, name: &str, depth: u8) -> Table {
        if let Some(known) = self.tables.get(name) {
            return known.clone();
        }
        let body = self.template.section("Conditions").and_then(|conditions| conditions.get(name));
        let Some(body) = body.filter(|_| depth < MAX_DEPTH && !self.open.iter().any(|open| open == name)) else {
            return self.undecided();
        };
        self.open.push(name.into());
        let table = self.table(body, depth + 1);
        self.open.pop();
        // A circle cut short is undecided, which is true of all who stand on it.
        self.tables.insert(name.into(), table.clone());
        table
    }

    fn table(&mut self, value: &Value, depth: u8) -> Table {
        if depth >= MAX_DEPTH {
            return self.undecided();
        }
        if let Some(function) = RuleFunction::of(value) {
            return self.rule_function(&function);
        }
        match value.condition_function() {
            Some(Intrinsic::Condition(name)) => self.condition(name, depth + 1),
            Some(Intrinsic::Not(one)) => self.table(one, depth + 1).not(),
            Some(Intrinsic::And(all)) => {
                all.iter().fold(self.decided(true), |table, one| table.and(&self.table(one, depth + 1)))
            }
            Some(Intrinsic::Or(any)) => {
                any.iter().fold(self.decided(false), |table, one| table.or(&self.table(one, depth + 1)))
            }
            Some(Intrinsic::Equals(left, right)) => self.equals(left, right),
            _ => self.undecided(),
        }
    }

    fn equals(&self, left: &Value, right: &Value) -> Table {
        let (left, right) = (self.template.eval_in_conditions(left), self.template.eval_in_conditions(right));
        if let Some(holds) = equal(&left, &right) {
            return self.decided(holds);
        }
        match (&left, &right) {
            (Eval::Symbolic(text, _), value) | (value, Eval::Symbolic(text, _)) => {
                value.text().and_then(|value| self.is(text, &value)).unwrap_or_else(|| self.undecided())
            }
            _ => self.undecided(),
        }
    }

    fn is(&self, text: &str, value: &str) -> Option<Table> {
        let worlds = self.unknowns.equals(text, value)?;
        Some(Table { must: worlds.clone(), may: worlds })
    }

    fn rule_function(&self, function: &RuleFunction<'_>) -> Table {
        if let Some(holds) = self.template.rule_function(function) {
            return self.decided(holds);
        }
        match *function {
            RuleFunction::Contains(list, value) => {
                match (self.template.texts(list), self.template.eval_in_conditions(value)) {
                    (Some(values), Eval::Symbolic(text, _)) => {
                        let tables = values.iter().map(|value| self.is(&text, value));
                        let any = tables.into_iter().try_fold(self.decided(false), |any, one| Some(any.or(&one?)));
                        any.unwrap_or_else(|| self.undecided())
                    }
                    _ => self.undecided(),
                }
            }
            _ => self.undecided(),
        }
    }
}
