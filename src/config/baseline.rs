//! Baselines: findings that are known and not reported again.

use crate::finding::Finding;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The only version there is.
const VERSION: u32 = 1;

/// The findings of one earlier run.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Baseline {
    version: u32,
    findings: Vec<Known>,
}

/// One known finding. Only the fingerprint counts; the rest is for people who read the file.
#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
pub struct Known {
    /// Path relative to the repository's root.
    pub path: String,
    /// The policy.
    pub policy: String,
    /// What was found.
    pub message: String,
    /// What identifies the finding, whatever line it moves to.
    pub fingerprint: String,
}

/// Why a baseline could not be read.
#[derive(Debug, thiserror::Error)]
pub enum BaselineError {
    /// Not JSON, or not of this shape.
    #[error("it is not a baseline: {0}")]
    Shape(#[from] serde_json::Error),
    /// Written by a later dewline.
    #[error("it is a baseline of version {0}, and this dewline reads version {VERSION}")]
    Version(u32),
}

impl Baseline {
    /// A baseline of findings, each with its path relative to the repository's root.
    pub fn new<'f>(findings: impl IntoIterator<Item = (String, &'f Finding)>) -> Self {
        let known = |(path, finding): (String, &Finding)| Known {
            path,
            policy: finding.policy.clone(),
            message: finding.message.clone(),
            fingerprint: finding.fingerprint.clone(),
        };
        let mut findings: Vec<Known> = findings.into_iter().map(known).collect();
        findings.sort();
        Self { version: VERSION, findings }
    }

    /// Reads what [`text`](Self::text) wrote.
    pub fn read(text: &str) -> Result<Self, BaselineError> {
        let baseline: Self = serde_json::from_str(text)?;
        if baseline.version == VERSION { Ok(baseline) } else { Err(BaselineError::Version(baseline.version)) }
    }

    /// The baseline as text.
    pub fn text(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }

    /// How many findings it holds.
    pub fn len(&self) -> usize {
        self.findings.len()
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.findings.is_empty()
    }

    /// The fingerprints it holds.
    pub fn fingerprints(&self) -> BTreeSet<&str> {
        self.findings.iter().map(|known| known.fingerprint.as_str()).collect()
    }

    /// Entries of checked files (`paths`, relative to the repository's root) that no finding
    /// has matched: what they stood for is gone.
    pub fn stale<'b>(
        &'b self,
        paths: &'b BTreeSet<String>,
        matched: &'b BTreeSet<String>,
    ) -> impl Iterator<Item = &'b Known> {
        self.findings.iter().filter(|known| paths.contains(&known.path) && !matched.contains(&known.fingerprint))
    }
}
