//! The `Rules` section: what a template asks of its parameters before anything is made.

use super::eval::{Eval, scalar_text};
use super::intrinsic::Intrinsic;
use super::model::Template;
use super::value::{Kind, Map, Origin, Text, Value};
use std::collections::BTreeSet;

/// One rule.
#[derive(Debug)]
pub struct Rule<'t> {
    /// Its name.
    pub name: &'t str,
    /// Where it is named.
    pub origin: Origin,
    /// When its assertions are asked; always, when there is none.
    pub condition: Option<&'t Value>,
    /// What must hold.
    pub assertions: Vec<Assertion<'t>>,
}

/// One assertion of a rule.
#[derive(Debug)]
pub struct Assertion<'t> {
    /// A condition or rule function.
    pub assert: &'t Value,
    /// What CloudFormation says when it does not hold.
    pub description: Option<&'t str>,
}

/// An assertion that does not hold with the parameters that were given.
#[derive(Debug)]
pub struct Refusal<'t> {
    /// The rule.
    pub rule: &'t str,
    /// Where the assertion is written.
    pub origin: Origin,
    /// Its description.
    pub description: Option<&'t str>,
    /// The parameters it looks at, by name.
    pub parameters: Vec<Text>,
}

/// A function that only rules have.
#[derive(Clone, Copy, Debug)]
pub(super) enum RuleFunction<'v> {
    /// `Fn::Contains`: a list and a text that must be in it.
    Contains(&'v Value, &'v Value),
    /// `Fn::EachMemberEquals`: a list and a text that each item must be.
    EachMemberEquals(&'v Value, &'v Value),
    /// `Fn::EachMemberIn`: a list whose items must all be in a second one.
    EachMemberIn(&'v Value, &'v Value),
}

impl<'v> RuleFunction<'v> {
    /// The rule function that `value` is.
    pub fn of(value: &'v Value) -> Option<Self> {
        let (name, argument) = value.single()?;
        let [first, second] = argument.as_list()? else { return None };
        Some(match name {
            "Fn::Contains" => Self::Contains(first, second),
            "Fn::EachMemberEquals" => Self::EachMemberEquals(first, second),
            "Fn::EachMemberIn" => Self::EachMemberIn(first, second),
            _ => return None,
        })
    }
}

impl Template {
    /// The rules in order, those of another shape left out.
    pub fn rules(&self) -> impl Iterator<Item = Rule<'_>> {
        self.section("Rules").into_iter().flat_map(Map::iter).filter_map(|entry| {
            let assertions = entry.value.get("Assertions")?.as_list()?.iter().filter_map(|assertion| {
                let description = assertion.get("AssertDescription").and_then(Value::as_str);
                Some(Assertion { assert: assertion.get("Assert")?, description })
            });
            Some(Rule {
                name: &entry.key,
                origin: entry.key_origin,
                condition: entry.value.get("RuleCondition"),
                assertions: assertions.collect(),
            })
        })
    }

    /// Assertions that the parameters given for the deployment break. Those that stand on a
    /// default are left out, because whoever deploys may give another value.
    pub fn rule_refusals(&self) -> Vec<Refusal<'_>> {
        let mut refusals = Vec::new();
        for (number, rule) in self.rules().enumerate() {
            for (at, assertion) in rule.assertions.iter().enumerate() {
                if !self.truth().refuses(number, at) {
                    continue;
                }
                let mut parameters = BTreeSet::new();
                rule.condition.into_iter().chain([assertion.assert]).for_each(|value| names(value, &mut parameters));
                let is_given = |name: &Text| {
                    self.section("Parameters").is_none_or(|all| !all.contains_key(name))
                        || self.inputs().parameters.contains_key(&**name)
                };
                if parameters.iter().all(is_given) {
                    refusals.push(Refusal {
                        rule: rule.name,
                        origin: assertion.assert.origin,
                        description: assertion.description,
                        parameters: parameters.into_iter().collect(),
                    });
                }
            }
        }
        refusals
    }

    /// Whether a rule function holds, where its arguments are known.
    pub(super) fn rule_function(&self, function: &RuleFunction<'_>) -> Option<bool> {
        match *function {
            RuleFunction::Contains(list, value) => {
                let wanted = self.eval_in_conditions(value).text()?;
                Some(self.texts(list)?.contains(&wanted))
            }
            RuleFunction::EachMemberEquals(list, value) => {
                let wanted = self.eval_in_conditions(value).text()?;
                Some(self.texts(list)?.iter().all(|text| *text == wanted))
            }
            RuleFunction::EachMemberIn(list, among) => {
                let among = self.texts(among)?;
                Some(self.texts(list)?.iter().all(|text| among.contains(text)))
            }
        }
    }

    /// The items of a list of known texts.
    pub(super) fn texts(&self, list: &Value) -> Option<Vec<Text>> {
        match self.eval_in_conditions(list) {
            Eval::Known(list) => match &list.kind {
                Kind::List(items) => items.iter().map(|item| self.eval_in_conditions(item).text()).collect(),
                _ => scalar_text(&list).map(|text| vec![text]),
            },
            _ => None,
        }
    }
}

/// The names that `value` refers to.
fn names(value: &Value, found: &mut BTreeSet<Text>) {
    if let Some(Intrinsic::Ref(name)) = value.intrinsic() {
        found.insert(name.into());
    }
    match &value.kind {
        Kind::List(items) => items.iter().for_each(|item| names(item, found)),
        Kind::Map(map) => map.iter().for_each(|entry| names(&entry.value, found)),
        _ => {}
    }
}
