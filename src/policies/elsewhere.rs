//! Which policies hold for services that are not deployed to AWS: those that need no fact
//! about AWS.

/// Their names, sorted.
const NAMES: [&str; 19] = [
    "anonymous-trigger",
    "circular-dependency",
    "cors-any-origin",
    "default-memory",
    "default-timeout",
    "deprecated-runtime",
    "duplicate-key",
    "env-plaintext-secret",
    "invalid-framework-configuration",
    "invalid-variable",
    "malformed-suppression",
    "nested-stack-output",
    "path-outside-project",
    "syntax-error",
    "unreadable-include",
    "unresolved-reference",
    "unresolved-variable",
    "unsupported-provider",
    "unused-suppression",
];

/// Whether the policy `name` holds for other providers, too.
pub fn holds(name: &str) -> bool {
    NAMES.binary_search(&name).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_are_those_of_policies() {
        assert!(NAMES.is_sorted());
        for name in NAMES {
            assert!(super::super::find(name).is_some(), "{name}");
        }
    }
}
