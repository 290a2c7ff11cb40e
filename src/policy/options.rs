//! Parameters of policies, set in configuration under the policy's name.

use std::collections::BTreeMap;

/// A parameter a policy takes.
#[derive(Debug)]
pub struct OptionSpec {
    /// Its key, kebab-case.
    pub name: &'static str,
    /// What it does, with unit and range.
    pub help: &'static str,
    /// The value unless configured.
    pub default: OptionDefault,
}

/// The default of a parameter, which also fixes its type.
#[derive(Debug)]
pub enum OptionDefault {
    /// A whole number.
    Int(i64),
    /// A boolean.
    Bool(bool),
    /// Text.
    Text(&'static str),
    /// A list of texts.
    List(&'static [&'static str]),
}

impl OptionDefault {
    /// The default as JSON data.
    pub fn json(&self) -> serde_json::Value {
        match self {
            Self::Int(number) => (*number).into(),
            Self::Bool(value) => (*value).into(),
            Self::Text(text) => (*text).into(),
            Self::List(items) => items.iter().copied().collect(),
        }
    }
}

/// A configured value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OptionValue {
    /// A whole number.
    Int(i64),
    /// A boolean.
    Bool(bool),
    /// Text.
    Text(String),
    /// A list of texts.
    List(Vec<String>),
}

/// The configured parameters of one policy.
#[derive(Clone, Debug, Default)]
pub struct Options {
    values: BTreeMap<String, OptionValue>,
}

impl Options {
    /// Options from configured values, which the configuration has checked against the specs.
    pub fn new(values: BTreeMap<String, OptionValue>) -> Self {
        Self { values }
    }

    /// The number `name`, or the default of its spec.
    pub fn int(&self, specs: &[OptionSpec], name: &str) -> i64 {
        match (self.values.get(name), default(specs, name)) {
            (Some(OptionValue::Int(value)), _) => *value,
            (_, Some(OptionDefault::Int(value))) => *value,
            _ => 0,
        }
    }

    /// The boolean `name`, or the default of its spec.
    pub fn bool(&self, specs: &[OptionSpec], name: &str) -> bool {
        match (self.values.get(name), default(specs, name)) {
            (Some(OptionValue::Bool(value)), _) => *value,
            (_, Some(OptionDefault::Bool(value))) => *value,
            _ => false,
        }
    }

    /// The text `name`, or the default of its spec.
    pub fn text(&self, specs: &[OptionSpec], name: &str) -> String {
        match (self.values.get(name), default(specs, name)) {
            (Some(OptionValue::Text(value)), _) => value.clone(),
            (_, Some(OptionDefault::Text(value))) => (*value).to_owned(),
            _ => String::new(),
        }
    }

    /// The list `name`, or the default of its spec.
    pub fn list(&self, specs: &[OptionSpec], name: &str) -> Vec<String> {
        match (self.values.get(name), default(specs, name)) {
            (Some(OptionValue::List(values)), _) => values.clone(),
            (_, Some(OptionDefault::List(values))) => values.iter().map(|value| (*value).to_owned()).collect(),
            _ => Vec::new(),
        }
    }
}

fn default<'s>(specs: &'s [OptionSpec], name: &str) -> Option<&'s OptionDefault> {
    specs.iter().find(|spec| spec.name == name).map(|spec| &spec.default)
}
