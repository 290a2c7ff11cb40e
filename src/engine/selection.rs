//! Which policies run: profile, selectors, ignores, severities, options.

use crate::finding::{Category, Severity};
use crate::policies;
use crate::policy::{Options, Policy, Profile};
use std::collections::BTreeMap;

/// The policies of a run.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    policies: Vec<Selected>,
}

/// One policy of a run.
#[derive(Clone, Debug)]
pub struct Selected {
    /// The policy.
    pub policy: &'static Policy,
    /// Its severity where configuration changes it.
    pub severity: Option<Severity>,
    /// Its parameters.
    pub options: Options,
}

/// What configuration and command line ask for. Selectors are a policy's name, a category's
/// name, or `all`.
#[derive(Clone, Debug, Default)]
pub struct SelectionRequest {
    /// The profile; `recommended` when none is given.
    pub profile: Option<Profile>,
    /// Run these in place of the profile's policies.
    pub select: Vec<String>,
    /// Run these besides.
    pub extend: Vec<String>,
    /// Do not run these.
    pub ignore: Vec<String>,
    /// Severities by policy name.
    pub severities: BTreeMap<String, Severity>,
    /// Parameters by policy name.
    pub options: BTreeMap<String, Options>,
}

/// A selector that names nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no policy or category named `{selector}`")]
pub struct SelectionError {
    /// The selector as given.
    pub selector: String,
    /// The closest known names.
    pub suggestions: Vec<&'static str>,
}

impl Selection {
    /// Resolves a request.
    pub fn new(request: &SelectionRequest) -> Result<Self, SelectionError> {
        for selector in request.select.iter().chain(&request.extend).chain(&request.ignore) {
            known(selector)?;
        }
        let profile = request.profile.unwrap_or(Profile::Recommended);
        let wanted = |policy: &Policy| {
            let by_default = if request.select.is_empty() {
                policy.meta.profile <= profile
            } else {
                // A category or `all` brings in what the profile holds; a name always counts.
                request.select.iter().any(|selector| {
                    selector == policy.meta.name
                        || (matches(selector, policy)
                            && (policy.meta.profile <= profile || request.profile.is_none() && selector == "all"))
                })
            };
            let extended = request.extend.iter().any(|selector| matches(selector, policy));
            // A policy that is named outright stays, though its category is ignored.
            let ignored = request.ignore.iter().any(|selector| matches(selector, policy))
                && !(request.select.iter().any(|selector| selector == policy.meta.name)
                    && !request.ignore.iter().any(|selector| selector == policy.meta.name));
            (by_default || extended) && !ignored
        };
        let policies = policies::ALL.iter().copied().filter(|policy| wanted(policy));
        let policies = policies.map(|policy| Selected {
            policy,
            severity: request.severities.get(policy.meta.name).copied(),
            options: request.options.get(policy.meta.name).cloned().unwrap_or_default(),
        });
        Ok(Self { policies: policies.collect() })
    }

    /// The policies, in the order of the registry.
    pub fn policies(&self) -> &[Selected] {
        &self.policies
    }

    /// Whether configuration sets the severity of the policy of this name.
    pub fn sets_severity(&self, name: &str) -> bool {
        self.policies.iter().any(|selected| selected.policy.meta.name == name && selected.severity.is_some())
    }

    /// Whether the policy of this name runs.
    pub fn contains(&self, name: &str) -> bool {
        self.policies.iter().any(|selected| selected.policy.meta.name == name)
    }
}

fn matches(selector: &str, policy: &Policy) -> bool {
    selector == "all" || selector == policy.meta.name || selector == policy.meta.category.name()
}

/// Whether `name` is a policy, a category or `all`.
pub fn is_selector(name: &str) -> bool {
    name == "all" || name.parse::<Category>().is_ok() || policies::find(name).is_some()
}

fn known(selector: &str) -> Result<(), SelectionError> {
    if is_selector(selector) {
        return Ok(());
    }
    Err(SelectionError { selector: selector.to_owned(), suggestions: names_matching(selector) })
}

/// Up to three known policy or category names close to `name`, the closest first.
pub fn names_matching(name: &str) -> Vec<&'static str> {
    let names = policies::ALL.iter().map(|policy| policy.meta.name).chain(Category::ALL.map(Category::name));
    crate::source::closest(name, names, 3)
}
