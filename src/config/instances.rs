//! Policies set up under names of one's own.
//!
//! ```yaml
//! instances:
//!   payment-logs:
//!     policy: log-group-no-retention
//!     severity: high
//!     reason: Payment law asks for it.
//!     paths: [payments]
//! ```

use super::read::{Reader, text};
use super::{Instance, Rules};
use crate::document::{Kind, NodeRef};
use crate::finding::Severity;
use crate::policy::own;
use globset::GlobMatcher;

const KEYS: [&str; 5] = ["policy", "severity", "reason", "parameters", "paths"];

impl Reader {
    /// Reads `instances`; severities and parameters go to the rules, as for any policy.
    pub(super) fn instances(&mut self, value: NodeRef<'_>, rules: &mut Rules) -> Vec<Instance> {
        let mut found = Vec::new();
        let help = "write a name of your own and below it `policy: NAME`";
        for (name, value) in self.map(value, "`instances`", help).unwrap_or_default() {
            found.extend(self.instance(name, value, rules));
        }
        found
    }

    fn instance(&mut self, name: NodeRef<'_>, value: NodeRef<'_>, rules: &mut Rules) -> Option<Instance> {
        let shown = name.text();
        if !is_name(shown) {
            let help = "write at least two words of small letters and digits with dashes between them".to_owned();
            self.problems.add(name.span(), format!("`{shown}` is no name for a policy"), help);
            return None;
        }
        if self.policies.iter().any(|meta| meta.name == shown) {
            let help = "choose another name; `policies` sets the parameters of a policy under its own".to_owned();
            self.problems.add(name.span(), format!("there is a policy named `{shown}` already"), help);
            return None;
        }
        let pairs = self.map(value, &format!("`{shown}`"), "write `policy: NAME` below it")?;
        for (key, _) in &pairs {
            if !KEYS.contains(&key.text()) {
                self.unknown(key.span(), "key", key.text(), key.text(), &KEYS);
            }
        }
        let get = |wanted: &str| pairs.iter().find(|(key, _)| key.text() == wanted).map(|(_, value)| *value);
        let Some(policy) = get("policy") else {
            let help = "add `policy: NAME`; `dewline explain --all` lists the policies".to_owned();
            self.problems.add(name.span(), format!("`{shown}` names no policy"), help);
            return None;
        };
        let wanted = self.text(policy, "policy")?;
        let built_in: Vec<_> = self.policies.iter().copied().filter(|meta| meta.base() == Some(meta.name)).collect();
        let Some(of) = built_in.iter().copied().find(|meta| meta.name == wanted) else {
            let names: Vec<&str> = built_in.iter().map(|meta| meta.name).collect();
            self.unknown(policy.span(), "policy", &wanted, &wanted, &names);
            return None;
        };
        let severity: Option<Severity> = get("severity").and_then(|value| self.severity(value, "severity"));
        let reason = get("reason").and_then(|value| self.text(value, "reason"));
        let parameters = get("parameters").map(|value| self.parameters(of, value)).unwrap_or_default();
        let paths = get("paths").map(|value| self.instance_paths(value)).unwrap_or_default();
        let meta = own::instance(of, shown, severity, reason.as_deref());
        self.policies.push(meta);
        if let Some(severity) = severity {
            rules.severity.insert(shown.to_owned(), severity);
        }
        rules.options.insert(shown.to_owned(), parameters);
        Some(Instance { meta, paths })
    }

    fn instance_paths(&mut self, value: NodeRef<'_>) -> Vec<GlobMatcher> {
        let items: Vec<NodeRef<'_>> = if value.kind() == Kind::Seq { value.children().collect() } else { vec![value] };
        let mut globs = Vec::new();
        for item in items {
            match text(item) {
                Some(pattern) => globs.extend(self.glob(&pattern, item.span())),
                None => self.wrong(item, "an entry of `paths`", "text", "write a glob, e.g. `payments/**`"),
            }
        }
        globs
    }
}

/// Two words at least, so that no name is that of a category.
fn is_name(text: &str) -> bool {
    let word = |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    text.contains('-') && text.split('-').all(word)
}
