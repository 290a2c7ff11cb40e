//! Fingerprints: what makes two findings of different runs the same finding.

use super::Finding;
use crate::source::Sources;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::fmt::Write;

/// Gives the findings of one analysis their fingerprints; `path` says what a file is called,
/// which should not depend on where the command runs.
pub fn assign_fingerprints(findings: &mut [Finding], sources: &Sources, path: impl Fn(&str) -> String) {
    let mut seen: HashMap<(String, String, Option<String>, String), usize> = HashMap::new();
    for finding in findings {
        let path = path(sources.get(finding.span.file).path());
        let text = sources.text(finding.span).trim().to_owned();
        let key = (finding.policy.clone(), path, finding.resource.clone(), text);
        let occurrence = seen.entry(key.clone()).and_modify(|count| *count += 1).or_insert(0);
        finding.fingerprint = fingerprint(&key.0, &key.1, key.2.as_deref(), &key.3, *occurrence);
    }
}

/// 32 hex digits from what stays when lines move: policy, path, resource, the text at the
/// place, and how many equal findings stand before it in the file.
pub fn fingerprint(policy: &str, path: &str, resource: Option<&str>, text: &str, occurrence: usize) -> String {
    let mut hash = Sha256::new();
    let occurrence = occurrence.to_string();
    for part in [policy, path, resource.unwrap_or_default(), text.trim(), &occurrence] {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    hash.finalize().iter().take(16).fold(String::with_capacity(32), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}
