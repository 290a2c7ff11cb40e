//! What is said of rule files that do not run.

use crate::finding::{Category, Severity};
use crate::policy::Meta;
use crate::policy::own::{self, OwnRule};

/// The file cannot be read.
pub const UNREADABLE: &str = "guard-rules-unreadable";
/// The engine broke down.
pub const FAILED: &str = "guard-rules-failed";
/// The rules took too long.
pub const SLOW: &str = "guard-rules-slow";

/// Their descriptions.
pub fn metas() -> [&'static Meta; 3] {
    let describe = |name: &str, summary: &str, fix: &str| {
        own::rule(&OwnRule {
            name: name.to_owned(),
            category: Category::Validity,
            severity: Severity::High,
            docs: format!(
                "{summary}\n\n## Why it matters\n\nWhat a rule cannot check is not checked. The run fails, so that nobody \
                 takes silence for consent.\n\n## How to fix\n\n{fix}\n"
            ),
            file: "docs/guard.md".to_owned(),
            parameters: Vec::new(),
        })
    };
    [
        describe(
            UNREADABLE,
            "A file with organisation rules has a syntax error, or a header with a value that does not exist.",
            "Mend the file at the place that is shown. None of its rules runs until then.",
        ),
        describe(
            FAILED,
            "The Guard engine broke down on the rules of one file and one template.",
            "Run the rules with the cfn-guard command on the output of `dewline expand` to see why.",
        ),
        describe(
            SLOW,
            "The rules of one file took too long on one template, and were given up.",
            "Narrow the queries of the rules: select resources by type once, in a `let` at the top.",
        ),
    ]
}
