//! Reading property values the way policies need them: in every branch that is possible, with
//! the unknown silent.

use crate::graph::{Eval, Graph, Resource, Template, Text, Value};
use std::borrow::Cow;

/// The functions that may exist, of AWS and of other providers.
pub(super) fn functions(graph: &Graph) -> impl Iterator<Item = Resource<'_>> {
    graph.existing("AWS::Lambda::Function").chain(graph.existing("Elsewhere::Function"))
}

/// Everything the value at `path` below `value` may be: one entry unless a condition that is
/// not decided chooses.
pub(super) fn values_at<'t>(template: &'t Template, value: &'t Value, path: &[&str]) -> Vec<Eval<'t>> {
    let Some((last, parents)) = path.split_last() else { return template.branches(value) };
    let parent = template.walk(value, parents);
    match parent.borrowed().and_then(|map| map.get(last)) {
        Some(value) if !value.is_null() => template.branches(value),
        _ => vec![template.walk(value, path)],
    }
}

/// Everything the property at `path` may be.
pub(super) fn values<'g>(resource: Resource<'g>, path: &[&str]) -> Vec<Eval<'g>> {
    match resource.properties() {
        Some(properties) => values_at(resource.template(), properties, path),
        None => vec![resource.property(path)],
    }
}

/// The number at `path` below `value` when `wrong` holds for it whatever the conditions are.
pub(super) fn number_at(template: &Template, value: &Value, path: &[&str], wrong: impl Fn(i64) -> bool) -> Option<i64> {
    let numbers = values_at(template, value, path);
    let numbers: Option<Vec<i64>> = numbers.iter().map(|value| value.int().filter(|number| wrong(*number))).collect();
    numbers?.first().copied()
}

/// The number of the property when `wrong` holds for it whatever the conditions are.
pub(super) fn number(resource: Resource<'_>, path: &[&str], wrong: impl Fn(i64) -> bool) -> Option<i64> {
    number_at(resource.template(), resource.properties()?, path, wrong)
}

/// The text of the property when `wrong` holds for it whatever the conditions are.
pub(super) fn text(resource: Resource<'_>, path: &[&str], wrong: impl Fn(&str) -> bool) -> Option<Text> {
    let texts = values(resource, path);
    let texts: Option<Vec<Text>> = texts.iter().map(|value| value.text().filter(|text| wrong(text))).collect();
    texts?.first().cloned()
}

/// The items of a list, as far as they are known.
#[derive(Debug, Default)]
pub(super) struct Items<'t> {
    /// Items that are data or text, evaluated.
    pub known: Vec<Eval<'t>>,
    /// Whether there are surely no others.
    pub complete: bool,
}

impl<'t> Items<'t> {
    /// The items written in the template that are not made by a function.
    pub fn borrowed(&self) -> impl Iterator<Item = &'t Value> + '_ {
        self.known.iter().filter_map(Eval::borrowed)
    }

    /// The texts of the items, unknown parts marked.
    pub fn texts(&self) -> impl Iterator<Item = Text> + '_ {
        self.known.iter().filter_map(Eval::symbolic)
    }
}

/// The items of `value`; a value that is no list counts as its only item.
pub(super) fn items<'t>(template: &'t Template, value: Eval<'t>) -> Items<'t> {
    let list = match value {
        Eval::Known(Cow::Borrowed(list)) => list,
        Eval::Known(Cow::Owned(made)) => {
            // Only scalars are ever made by evaluation.
            let items = made.as_list().map_or_else(|| vec![made.clone()], <[Value]>::to_vec);
            let known = items.into_iter().map(|item| Eval::Known(Cow::Owned(item))).collect();
            return Items { known, complete: true };
        }
        Eval::Absent => return Items { known: Vec::new(), complete: true },
        Eval::Symbolic(..) => return Items { known: vec![value], complete: true },
        Eval::Unknown(_) => return Items::default(),
    };
    let Some(entries) = list.as_list() else {
        return Items { known: vec![Eval::Known(Cow::Borrowed(list))], complete: true };
    };
    let mut found = Items { known: Vec::with_capacity(entries.len()), complete: !list.origin.is_incomplete() };
    for entry in entries {
        match template.eval(entry) {
            Eval::Unknown(_) => found.complete = false,
            Eval::Absent => {}
            item => found.known.push(item),
        }
    }
    found
}

/// The items of the property at `path`.
pub(super) fn list<'g>(resource: Resource<'g>, path: &[&str]) -> Items<'g> {
    items(resource.template(), resource.property(path))
}

/// `1 layer`, `2 layers`.
pub(super) fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}
