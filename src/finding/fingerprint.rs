//! Fingerprints: what makes two findings of different runs the same finding.

use super::Finding;
use crate::source::{FileId, Sources};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::fmt::Write;

/// Gives the findings of one analysis their fingerprints.
pub fn assign_fingerprints(findings: &mut [Finding], sources: &Sources) {
    let mut seen: HashMap<(FileId, String, Option<String>, String), usize> = HashMap::new();
    for finding in findings {
        let text = sources.text(finding.span).trim().to_owned();
        let key = (finding.span.file, finding.policy.clone(), finding.resource.clone(), text);
        let occurrence = seen.entry(key.clone()).and_modify(|count| *count += 1).or_insert(0);
        finding.fingerprint = fingerprint(&key.1, key.2.as_deref(), &key.3, *occurrence);
    }
}

/// 32 hex digits from what stays when lines move and files are renamed: policy, resource, the
/// text at the place, and how many equal findings stand before it in the file. Two copies of a
/// file have the same fingerprints: who compares findings of several files counts them.
pub fn fingerprint(policy: &str, resource: Option<&str>, text: &str, occurrence: usize) -> String {
    digest(&[policy, resource.unwrap_or_default(), text.trim(), &occurrence.to_string()])
}

/// 32 hex digits that are one finding's alone in all files of a run.
pub fn located_fingerprint(path: &str, fingerprint: &str) -> String {
    digest(&[path, fingerprint])
}

fn digest(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    hash.finalize().iter().take(16).fold(String::with_capacity(32), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}
