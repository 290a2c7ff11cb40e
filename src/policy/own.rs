//! Descriptions that are made while the program runs: of organisation rules, and of policies
//! that a configuration sets up under a name of its own.
//!
//! They live as long as the program, like those of the built-in policies, so that every report
//! takes them alike. Equal descriptions are kept once, however often a configuration is read.

use super::meta::{FixKind, Made, Meta, Profile};
use super::options::{OptionDefault, OptionSpec, OptionValue};
use crate::finding::{Category, Severity};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

/// An organisation rule.
#[derive(Clone, Debug)]
pub struct OwnRule {
    /// Its name, kebab-case.
    pub name: String,
    /// What it guards.
    pub category: Category,
    /// Its severity unless configured otherwise.
    pub severity: Severity,
    /// Its documentation, Markdown.
    pub docs: String,
    /// The file it stands in.
    pub file: String,
    /// Its parameters: name, meaning, default.
    pub parameters: Vec<(String, String, OptionValue)>,
}

static RULES: Mutex<BTreeMap<String, &'static Meta>> = Mutex::new(BTreeMap::new());
static TEXTS: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());
static INSTANCES: Mutex<BTreeMap<String, &'static Meta>> = Mutex::new(BTreeMap::new());

/// The description of an organisation rule.
pub fn rule(own: &OwnRule) -> &'static Meta {
    let mut kept = RULES.lock().unwrap_or_else(PoisonError::into_inner);
    kept.entry(format!("{own:?}")).or_insert_with(|| {
        let options = own.parameters.iter().map(|(name, help, default)| OptionSpec {
            name: text(name),
            help: text(help),
            default: match default {
                OptionValue::Int(number) => OptionDefault::Int(*number),
                OptionValue::Bool(value) => OptionDefault::Bool(*value),
                OptionValue::Text(value) => OptionDefault::Text(text(value)),
                OptionValue::List(items) => {
                    OptionDefault::List(Vec::leak(items.iter().map(|item| text(item)).collect()))
                }
            },
        });
        Box::leak(Box::new(Meta {
            name: text(&own.name),
            category: own.category,
            severity: own.severity,
            profile: Profile::Recommended,
            fix: FixKind::None,
            since: "",
            risks: &[],
            options: Vec::leak(options.collect()),
            docs: text(&own.docs),
            file: text(&own.file),
            made: Made::Rule,
        }))
    })
}

/// The description of the policy `of` under a `name` of one's own.
pub fn instance(of: &'static Meta, name: &str, severity: Option<Severity>, reason: Option<&str>) -> &'static Meta {
    let key = format!("{} {name} {severity:?} {reason:?}", of.name);
    let mut kept = INSTANCES.lock().unwrap_or_else(PoisonError::into_inner);
    kept.entry(key).or_insert_with(|| {
        let why = reason.map(|reason| format!("\n## Your reason\n\n{reason}\n")).unwrap_or_default();
        let docs = format!(
            "{}\n{why}\n## Set up as\n\n`{name}` in `instances` of your configuration is the policy `{}` with \
             parameters of its own.\n\n{}",
            of.summary(),
            of.name,
            of.markdown()
        );
        Box::leak(Box::new(Meta {
            name: text(name),
            category: of.category,
            severity: severity.unwrap_or(of.severity),
            profile: Profile::Recommended,
            fix: of.fix,
            since: of.since,
            risks: of.risks,
            options: of.options,
            docs: text(&docs),
            file: of.file,
            made: Made::Instance(of.name),
        }))
    })
}

/// `text`, kept as long as the program runs.
pub fn text(text: &str) -> &'static str {
    let mut kept = TEXTS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = kept.get(text) {
        return known;
    }
    let made: &'static str = Box::leak(text.to_owned().into_boxed_str());
    kept.insert(made);
    made
}
