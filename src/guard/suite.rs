//! Guard's own test files: documents with the verdict that each rule is to give.
//!
//! ```yaml
//! - name: a function without an owner
//!   input: {Resources: {…}}
//!   expectations: {rules: {owner_tag: FAIL}}
//! ```

use super::data;
use super::evaluate::{self, Failed, LIMIT};
use super::rules::RuleFile;
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};
use std::collections::BTreeMap;

/// One case of a test file.
#[derive(Clone, Debug, Deserialize)]
pub struct Case {
    /// What it is about.
    #[serde(default)]
    pub name: String,
    /// The document the rules run over, as it stands.
    pub input: Json,
    /// What is to come of it.
    pub expectations: Expectations,
}

/// The verdicts that are expected.
#[derive(Clone, Debug, Deserialize)]
pub struct Expectations {
    /// By the name of the rule in its file.
    pub rules: BTreeMap<String, Verdict>,
}

/// What a rule says about a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Verdict {
    /// It holds.
    Pass,
    /// It does not hold.
    Fail,
    /// It does not apply.
    Skip,
}

impl Verdict {
    /// As test files write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pass => "PASS",
            Self::Fail => "FAIL",
            Self::Skip => "SKIP",
        }
    }
}

/// What came of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// One sentence for each expectation that was not met; none when all were.
    pub wrong: Vec<String>,
}

/// Reads a test file, YAML or JSON.
///
/// # Errors
/// What is wrong with it, one sentence.
pub fn read(text: &str) -> Result<Vec<Case>, String> {
    let cases: Vec<Case> = serde_yaml::from_str(text).map_err(|error| error.to_string())?;
    if cases.is_empty() { Err("it holds no case".to_owned()) } else { Ok(cases) }
}

/// Runs one case. Where the input does not give parameters, the rules get their defaults.
pub fn run(file: &RuleFile, case: &Case) -> Outcome {
    if let Some(mistake) = file.mistakes.first() {
        return Outcome { wrong: vec![mistake.message.clone()] };
    }
    let input = with_parameters(file, case.input.clone()).to_string();
    let report = match evaluate::report(&file.text, &input, LIMIT) {
        Ok(report) => report,
        Err(Failed::Broken(message)) => return Outcome { wrong: vec![message] },
        Err(Failed::Slow) => return Outcome { wrong: vec![format!("it takes more than {} s", LIMIT.as_secs())] },
    };
    let wrong = case.expectations.rules.iter().filter_map(|(rule, wanted)| match verdict(&report, rule) {
        Some(found) if found == *wanted => None,
        Some(found) => Some(format!("{rule}: expected {}, found {}", wanted.name(), found.name())),
        None => Some(format!("{rule}: there is no such rule in {}", file.path)),
    });
    Outcome { wrong: wrong.collect() }
}

fn with_parameters(file: &RuleFile, mut input: Json) -> Json {
    let Some(document) = input.as_object_mut() else { return input };
    let facts = document.entry(data::KEY).or_insert_with(|| json!({ "Regions": [] }));
    let Some(facts) = facts.as_object_mut() else { return input };
    let parameters = facts.entry("Parameters").or_insert_with(|| json!({}));
    if let Some(parameters) = parameters.as_object_mut() {
        for rule in &file.rules {
            let Json::Object(defaults) = data::parameters(rule.meta, &crate::policy::Options::default()) else {
                continue;
            };
            let own = parameters.entry(rule.written).or_insert_with(|| Json::Object(Map::new()));
            if let Some(own) = own.as_object_mut() {
                for (name, value) in defaults {
                    own.entry(name).or_insert(value);
                }
            }
        }
    }
    input
}

/// What the report says about a rule.
fn verdict(report: &Json, rule: &str) -> Option<Verdict> {
    let is_meant = |name: &str| name.rsplit('/').next() == Some(rule);
    for document in report.as_array().into_iter().flatten() {
        let listed = |key: &str| document[key].as_array().into_iter().flatten();
        if listed("not_compliant").any(|one| one["Rule"]["name"].as_str().is_some_and(is_meant)) {
            return Some(Verdict::Fail);
        }
        if listed("compliant").any(|one| one.as_str().is_some_and(is_meant)) {
            return Some(Verdict::Pass);
        }
        if listed("not_applicable").any(|one| one.as_str().is_some_and(is_meant)) {
            return Some(Verdict::Skip);
        }
    }
    None
}
