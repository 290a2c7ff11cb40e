//! Statements of policy documents, as far as they are known.

use super::read::{self, Items};
use crate::graph::{Eval, Map, Resource, Template, Text, Value};

/// Condition keys that tie a statement to an account, an organisation, a resource or a network.
const NARROWING: [&str; 22] = [
    "aws:sourcearn",
    "aws:sourceaccount",
    "aws:sourceowner",
    "aws:sourceorgid",
    "aws:sourceorgpaths",
    "aws:principalorgid",
    "aws:principalorgpaths",
    "aws:principalaccount",
    "aws:principalarn",
    "aws:principalservicename",
    "aws:userid",
    "aws:username",
    "aws:sourceip",
    "aws:vpcsourceip",
    "aws:sourcevpc",
    "aws:sourcevpce",
    "aws:vpceaccount",
    "aws:vpceorgid",
    "kms:calleraccount",
    "kms:viaservice",
    "kms:grantisforawsresource",
    "sns:endpoint",
];

/// One statement.
#[derive(Clone, Copy, Debug)]
pub(super) struct Statement<'t> {
    template: &'t Template,
    /// The statement as it is written.
    pub value: &'t Value,
}

/// The statements of the document that `resource` has at `path`.
pub(super) fn statements<'g>(resource: Resource<'g>, path: &[&str]) -> Vec<Statement<'g>> {
    within(resource.template(), &resource.property(path))
}

/// The statements of an evaluated document.
pub(super) fn within<'t>(template: &'t Template, document: &Eval<'t>) -> Vec<Statement<'t>> {
    let Some(document) = document.borrowed() else { return Vec::new() };
    let items = read::items(template, template.walk(document, &["Statement"]));
    let statements = items.borrowed().filter(|value| value.as_map().is_some());
    statements.map(|value| Statement { template, value }).collect()
}

impl<'t> Statement<'t> {
    /// The statement `value`.
    pub fn new(template: &'t Template, value: &'t Value) -> Self {
        Self { template, value }
    }

    /// Whether it surely allows.
    pub fn allows(self) -> bool {
        self.template.walk(self.value, &["Effect"]).text().is_some_and(|effect| effect == "Allow")
    }

    /// The entries of `key`.
    pub fn entries(self, key: &str) -> Items<'t> {
        read::items(self.template, self.template.walk(self.value, &[key]))
    }

    /// The actions it names, as written.
    pub fn actions(self) -> Vec<Text> {
        self.entries("Action").texts().collect()
    }

    /// Whether one of its resources is `*`.
    pub fn is_for_every_resource(self) -> bool {
        self.entries("Resource").texts().any(|resource| resource == "*")
    }

    /// Whether its principal is anyone.
    pub fn is_for_anyone(self) -> bool {
        let principal = self.template.walk(self.value, &["Principal"]);
        if principal.text().is_some_and(|principal| principal == "*") {
            return true;
        }
        let Some(principal) = principal.borrowed() else { return false };
        read::items(self.template, self.template.walk(principal, &["AWS"])).texts().any(|entry| entry == "*")
    }

    /// Whether a condition on one of `keys` (lower case) may hold the statement back; a
    /// condition that is not known counts.
    pub fn has_condition(self, keys: &[&str]) -> bool {
        let condition = self.template.walk(self.value, &["Condition"]);
        if condition.is_absent() {
            return false;
        }
        let Some(operators) = condition.borrowed().and_then(Value::as_map) else { return true };
        operators.iter().any(|operator| match self.template.eval(&operator.value).borrowed().and_then(Value::as_map) {
            Some(tests) => Map::iter(tests).any(|test| {
                let anything = self.template.eval(&test.value).text().is_some_and(|value| value == "*");
                keys.contains(&&*test.key.to_ascii_lowercase()) && !anything
            }),
            None => true,
        })
    }

    /// Whether it allows anyone, and no condition ties it to an account, an organisation, a
    /// resource or a network.
    pub fn is_public(self) -> bool {
        self.allows() && self.is_for_anyone() && !self.has_condition(&NARROWING)
    }
}
