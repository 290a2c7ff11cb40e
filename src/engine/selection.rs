//! Which policies run: profile, selectors, ignores, severities, options.

use crate::finding::{Category, Severity};
use crate::policies;
use crate::policy::{Context, Meta, Options, Profile};
use std::collections::BTreeMap;

/// The policies of a run, and the organisation rules.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    policies: Vec<Selected>,
    rules: Vec<SelectedRule>,
    /// Names besides those of the registry that may be selected and suppressed.
    own: Vec<&'static str>,
}

/// One policy of a run.
#[derive(Clone, Debug)]
pub struct Selected {
    /// Its description.
    pub meta: &'static Meta,
    /// Its check.
    pub check: fn(&mut Context<'_>),
    /// Its severity where configuration changes it.
    pub severity: Option<Severity>,
    /// Its parameters.
    pub options: Options,
}

/// One organisation rule of a run.
#[derive(Clone, Debug)]
pub struct SelectedRule {
    /// Its description.
    pub meta: &'static Meta,
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
    /// Policies that the configuration sets up under names of its own.
    pub instances: Vec<&'static Meta>,
    /// Organisation rules.
    pub rules: Vec<&'static Meta>,
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
        let own: Vec<&'static str> = request.instances.iter().chain(&request.rules).map(|meta| meta.name).collect();
        for selector in request.select.iter().chain(&request.extend).chain(&request.ignore) {
            if !is_selector(selector) && !own.contains(&selector.as_str()) {
                let names =
                    policies::ALL.iter().map(|policy| policy.meta.name).chain(Category::ALL.map(Category::name));
                let suggestions = crate::source::closest(selector, names.chain(own.iter().copied()), 3);
                return Err(SelectionError { selector: selector.clone(), suggestions });
            }
        }
        let severity = |meta: &Meta| request.severities.get(meta.name).copied();
        let options = |meta: &Meta| request.options.get(meta.name).cloned().unwrap_or_default();
        let built_in = policies::ALL.iter().map(|policy| (&policy.meta, policy.check));
        let instances = request.instances.iter().filter_map(|meta| {
            let base = policies::find(meta.base()?)?;
            Some((*meta, base.check))
        });
        let policies = built_in.chain(instances).filter(|(meta, _)| request.wants(meta));
        let policies =
            policies.map(|(meta, check)| Selected { meta, check, severity: severity(meta), options: options(meta) });
        let rules = request.rules.iter().filter(|meta| request.wants(meta));
        let rules = rules.map(|meta| SelectedRule { meta, severity: severity(meta), options: options(meta) });
        Ok(Self { policies: policies.collect(), rules: rules.collect(), own })
    }

    /// The policies, in the order of the registry.
    pub fn policies(&self) -> &[Selected] {
        &self.policies
    }

    /// The organisation rules.
    pub fn rules(&self) -> &[SelectedRule] {
        &self.rules
    }

    /// Whether configuration sets the severity of the policy of this name.
    pub fn sets_severity(&self, name: &str) -> bool {
        self.policies.iter().any(|selected| selected.meta.name == name && selected.severity.is_some())
    }

    /// Whether the policy of this name runs.
    pub fn contains(&self, name: &str) -> bool {
        self.policies.iter().any(|selected| selected.meta.name == name)
    }

    /// Whether the organisation rule of this name runs.
    pub fn runs_rule(&self, name: &str) -> bool {
        self.rules.iter().any(|selected| selected.meta.name == name)
    }

    /// Whether `name` may be selected or suppressed.
    pub fn knows(&self, name: &str) -> bool {
        is_selector(name) || self.own.contains(&name)
    }

    /// The built-in policy behind the policy of this name.
    pub fn base<'n>(&self, name: &'n str) -> &'n str {
        let instance = self.policies.iter().find(|selected| selected.meta.name == name);
        instance.and_then(|selected| selected.meta.base()).unwrap_or(name)
    }
}

impl SelectionRequest {
    fn wants(&self, meta: &Meta) -> bool {
        let profile = self.profile.unwrap_or(Profile::Recommended);
        let by_default = if self.select.is_empty() {
            meta.profile <= profile
        } else {
            // A category or `all` brings in what the profile holds; a name always counts.
            self.select.iter().any(|selector| {
                selector == meta.name
                    || (matches(selector, meta)
                        && (meta.profile <= profile || self.profile.is_none() && selector == "all"))
            })
        };
        let extended = self.extend.iter().any(|selector| matches(selector, meta));
        // A policy that is named outright stays, though its category is ignored.
        let ignored = self.ignore.iter().any(|selector| matches(selector, meta))
            && !(self.select.iter().any(|selector| selector == meta.name)
                && !self.ignore.iter().any(|selector| selector == meta.name));
        (by_default || extended) && !ignored
    }
}

fn matches(selector: &str, meta: &Meta) -> bool {
    selector == "all" || selector == meta.name || selector == meta.category.name()
}

/// Whether `name` is a policy, a category or `all`.
pub fn is_selector(name: &str) -> bool {
    name == "all" || name.parse::<Category>().is_ok() || policies::find(name).is_some()
}

/// Up to three known policy or category names close to `name`, the closest first.
pub fn names_matching(name: &str) -> Vec<&'static str> {
    let names = policies::ALL.iter().map(|policy| policy.meta.name).chain(Category::ALL.map(Category::name));
    crate::source::closest(name, names, 3)
}
