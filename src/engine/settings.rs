//! What a run is asked to do.

use super::selection::Selection;
use crate::facts::date::Date;
use crate::guard::RuleFile;
use crate::template::Inputs;

/// Settings of one run, after configuration and command line are merged.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The policies to run, with their severities and options.
    pub selection: Selection,
    /// The day the check is for: lifecycle dates are compared with it.
    pub today: Date,
    /// What the user says about the deployment.
    pub inputs: Inputs,
    /// Organisation rules.
    pub guard: Vec<RuleFile>,
    /// Whether a suppression must give a reason.
    pub require_reason: bool,
}
