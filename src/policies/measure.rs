//! Numbers and facts about functions that hold whatever undecided conditions choose.

use super::read;
use crate::graph::{NodeKind, NodeRef, Resource};

/// The bounds of a number over all branches that conditions leave open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Bounds {
    /// The least it may be.
    pub min: i64,
    /// The most it may be.
    pub max: i64,
}

/// The bounds of the number at `path`, `default` where it is not written; `None` when some
/// branch is not known.
pub(super) fn bounds(resource: Resource<'_>, path: &[&str], default: i64) -> Option<Bounds> {
    let mut found: Option<Bounds> = None;
    for value in read::values(resource, path) {
        let number = if value.is_absent() { default } else { value.int()? };
        found = Some(match found {
            Some(Bounds { min, max }) => Bounds { min: min.min(number), max: max.max(number) },
            None => Bounds { min: number, max: number },
        });
    }
    found
}

/// How long a function may run, in seconds: 3 unless it says so.
pub(super) fn timeout(function: Resource<'_>) -> Option<Bounds> {
    bounds(function, &["Timeout"], 3)
}

/// The resource behind a node of the template that is a function and may exist.
pub(super) fn function(node: NodeRef<'_>) -> Option<Resource<'_>> {
    let resource = node.resource().filter(|_| node.kind() == NodeKind::Function)?;
    (resource.exists() != Some(false)).then_some(resource)
}

/// Milliseconds as seconds, without a fraction where there is none.
pub(super) fn seconds(milliseconds: i64) -> String {
    if milliseconds % 1000 == 0 {
        format!("{}", milliseconds / 1000)
    } else {
        format!("{}", milliseconds as f64 / 1000.0)
    }
}
