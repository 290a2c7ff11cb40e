//! Baselines: findings that are known and not reported again.

use crate::finding::Finding;
use serde::{Deserialize, Serialize};

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
    pub fn fingerprints(&self) -> impl Iterator<Item = &str> {
        self.findings.iter().map(|known| known.fingerprint.as_str())
    }

    /// For finding out which findings of a run are known.
    pub fn matching(&self) -> Matching<'_> {
        Matching { entries: self.findings.iter().map(|known| (known, false)).collect() }
    }
}

/// The entries of a baseline, each of which answers for one finding.
#[derive(Debug)]
pub struct Matching<'b> {
    entries: Vec<(&'b Known, bool)>,
}

impl<'b> Matching<'b> {
    /// Whether an entry of the same path answers for a finding; it is used up.
    pub fn at(&mut self, path: &str, fingerprint: &str) -> bool {
        self.take(|known| known.path == path && known.fingerprint == fingerprint)
    }

    /// Whether an entry of another path answers for a finding, where what that path held
    /// `may_have_moved`; it is used up. Ask when all paths have had their own.
    pub fn elsewhere(&mut self, fingerprint: &str, may_have_moved: impl Fn(&str) -> bool) -> bool {
        self.take(|known| known.fingerprint == fingerprint && may_have_moved(&known.path))
    }

    /// The entries that have answered for nothing.
    pub fn unused(&self) -> impl Iterator<Item = &'b Known> {
        self.entries.iter().filter(|(_, used)| !used).map(|(known, _)| *known)
    }

    fn take(&mut self, wanted: impl Fn(&Known) -> bool) -> bool {
        let found = self.entries.iter_mut().find(|(known, used)| !used && wanted(known));
        found.is_some_and(|(_, used)| {
            *used = true;
            true
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(path: &str, fingerprint: &str) -> Known {
        let text = |text: &str| text.to_owned();
        Known { path: text(path), policy: text("p"), message: text("m"), fingerprint: text(fingerprint) }
    }

    #[test]
    fn every_entry_answers_once_and_moves_only_where_its_file_is_gone() {
        let findings = vec![known("a.yaml", "1"), known("a.yaml", "1"), known("b.yaml", "2"), known("c.yaml", "3")];
        let baseline = Baseline { version: VERSION, findings };
        let mut matching = baseline.matching();
        assert!(matching.at("a.yaml", "1") && matching.at("a.yaml", "1") && !matching.at("a.yaml", "1"));
        // A copy of a file that is still there is not known.
        assert!(!matching.elsewhere("2", |path| path != "b.yaml"));
        assert!(matching.elsewhere("2", |path| path == "b.yaml"));
        assert_eq!(matching.unused().map(|known| &*known.path).collect::<Vec<_>>(), ["c.yaml"]);
    }

    #[test]
    fn what_was_written_is_read_again() {
        let baseline = Baseline { version: VERSION, findings: vec![known("a.yaml", "1")] };
        assert_eq!(Baseline::read(&baseline.text()).map(|read| read.findings).ok(), Some(baseline.findings));
        assert!(matches!(Baseline::read("{\"version\": 2, \"findings\": []}"), Err(BaselineError::Version(2))));
        assert!(matches!(Baseline::read("[]"), Err(BaselineError::Shape(_))));
    }
}
