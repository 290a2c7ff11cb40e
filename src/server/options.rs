//! What the client asks for: `initializationOptions` and the section `dewline` of its settings.

use serde::Deserialize;
use std::collections::BTreeMap;

/// The client's wishes. Everything is optional, and what the client says counts before
/// `dewline.yaml`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Options {
    /// The configuration file to read in place of the nearest `dewline.yaml`.
    pub config: Option<String>,
    /// Whether no configuration file is read.
    pub isolated: bool,
    /// The profile: `recommended`, `strict` or `all`.
    pub profile: Option<String>,
    /// Run only these.
    pub select: Vec<String>,
    /// Run these besides.
    pub extend_select: Vec<String>,
    /// Do not run these.
    pub ignore: Vec<String>,
    /// The severity from which on findings are shown.
    pub min_severity: Option<String>,
    /// The region that is deployed to.
    pub region: Option<String>,
    /// The stage of a Serverless Framework service.
    pub stage: Option<String>,
    /// Values of template parameters.
    pub parameters: BTreeMap<String, String>,
    /// Which inlay hints are shown.
    pub inlay_hints: InlayHints,
    /// Which code lenses are shown.
    pub code_lens: CodeLens,
}

/// Which inlay hints are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct InlayHints {
    /// Whether an alarm watches the resource.
    pub alarms: bool,
    /// The longest a caller may wait on the path.
    pub timeouts: bool,
    /// What the resource costs.
    pub cost: bool,
    /// How often and how long it starts cold.
    pub cold_starts: bool,
}

impl Default for InlayHints {
    fn default() -> Self {
        Self { alarms: true, timeouts: true, cost: true, cold_starts: true }
    }
}

/// Which code lenses are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CodeLens {
    /// Triggers and targets of a resource.
    pub flow: bool,
    /// How often a resource, parameter or condition is referred to.
    pub references: bool,
    /// What a request costs with everything it causes, where traffic enters.
    pub cost: bool,
}

impl Default for CodeLens {
    fn default() -> Self {
        Self { flow: true, references: true, cost: true }
    }
}

impl Options {
    /// Reads settings, either the section itself or an object that holds it as `dewline`.
    ///
    /// # Errors
    /// What is wrong with the first setting that cannot be read.
    pub fn read(value: &serde_json::Value) -> Result<Self, String> {
        let section = value.get("dewline").unwrap_or(value);
        if section.is_null() {
            return Ok(Self::default());
        }
        Self::deserialize(section).map_err(|error| error.to_string())
    }
}
