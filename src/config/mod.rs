//! `dewline.yaml`: what a project asks for.
//!
//! Reading never touches the file system: a file's text comes in, a [`Config`] or located
//! problems come out. One table of keys makes the reader, the JSON schema and the
//! documentation.

pub mod baseline;
mod instances;
mod keys;
mod parameters;
mod read;
mod samconfig;
mod schema;

pub use keys::{KEYS, Key, KeyKind};
pub use parameters::read_parameters;
pub use read::{guard_entries, read};
pub use samconfig::{SAM_CONFIG, SamEnvironment, read_sam_config};
pub use schema::json_schema;

use crate::finding::Severity;
use crate::policy::{Meta, OptionValue, Profile};
use crate::source::Span;
use globset::GlobMatcher;
use std::collections::BTreeMap;

/// Names a configuration file may have, the preferred one first.
pub const FILE_NAMES: [&str; 4] = ["dewline.yaml", ".dewline.yaml", "dewline.yml", ".dewline.yml"];

/// One configuration file, read and checked.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// The profile that is run.
    pub profile: Option<Profile>,
    /// Selectors to run in place of the profile's policies.
    pub select: Vec<String>,
    /// Selectors to run besides.
    pub extend_select: Vec<String>,
    /// What holds for every file.
    pub rules: Rules,
    /// What holds for some files, in the order of the file.
    pub paths: Vec<PathRules>,
    /// Files and folders that are not checked.
    pub exclude: Vec<GlobMatcher>,
    /// The severity from which on findings fail the run.
    pub fail_on: Option<Severity>,
    /// The severity from which on findings are shown.
    pub min_severity: Option<Severity>,
    /// The region templates are deployed to.
    pub region: Option<String>,
    /// The stage services are deployed to.
    pub stage: Option<String>,
    /// Parameter values by name.
    pub parameters: BTreeMap<String, String>,
    /// Guard rule files and folders, relative to the configuration file, and packs; with the
    /// bytes that name them.
    pub guard: Vec<(String, Span)>,
    /// Policies set up under names of their own.
    pub instances: Vec<Instance>,
    /// Whether a suppression must give a reason.
    pub require_suppression_reason: bool,
    /// The baseline file, relative to the configuration file.
    pub baseline: Option<String>,
}

/// A policy set up under a name of its own.
#[derive(Clone, Debug)]
pub struct Instance {
    /// Its description.
    pub meta: &'static Meta,
    /// What it is for; every file when empty.
    pub paths: Vec<GlobMatcher>,
}

/// What is ignored, and how policies are set.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    /// Selectors that do not run.
    pub ignore: Vec<String>,
    /// Severities by policy.
    pub severity: BTreeMap<String, Severity>,
    /// Parameters by policy.
    pub options: BTreeMap<String, BTreeMap<String, OptionValue>>,
}

/// Rules for the files a glob matches.
#[derive(Clone, Debug)]
pub struct PathRules {
    /// Matches paths relative to the configuration file.
    pub glob: GlobMatcher,
    /// The rules.
    pub rules: Rules,
}

impl Config {
    /// Whether the file at `path`, relative to the configuration file, is not to be checked.
    pub fn excludes(&self, path: &str) -> bool {
        let mut ends = path.match_indices('/').map(|(at, _)| at).chain([path.len()]);
        ends.any(|end| self.exclude.iter().any(|glob| glob.is_match(&path[..end])))
    }

    /// The rules for the file at `path`, relative to the configuration file: the general ones
    /// and over them those of every matching glob.
    pub fn rules_for(&self, path: &str) -> Rules {
        let mut rules = self.rules.clone();
        for part in self.paths.iter().filter(|part| part.glob.is_match(path)) {
            rules.ignore.extend(part.rules.ignore.iter().cloned());
            rules.severity.extend(part.rules.severity.iter().map(|(name, severity)| (name.clone(), *severity)));
            for (name, options) in &part.rules.options {
                rules.options.entry(name.clone()).or_default().extend(options.clone());
            }
        }
        let elsewhere = |one: &&Instance| !one.paths.is_empty() && !one.paths.iter().any(|glob| glob.is_match(path));
        rules.ignore.extend(self.instances.iter().filter(elsewhere).map(|one| one.meta.name.to_owned()));
        rules
    }
}
