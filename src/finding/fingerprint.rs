//! Fingerprints: what makes two findings of different runs the same finding.

use sha2::{Digest, Sha256};
use std::fmt::Write;

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
