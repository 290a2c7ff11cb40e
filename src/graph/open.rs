//! Whether the template is all there is.

use super::{Graph, NodeKind, ProblemKind};

impl Graph {
    /// Whether resources may exist that the template does not show: in nested stacks, made by
    /// macros, loops or plugins that are not run, in a part of the text that is broken, or with
    /// a provider whose resources are not in the template.
    /// Queries for something missing answer "unknown" then.
    pub fn is_open(&self) -> bool {
        self.details.open
    }

    pub(super) fn find_open(&self) -> bool {
        let template = self.template();
        if template.root.origin.is_incomplete() || template.elsewhere().is_some() {
            return true;
        }
        if template.root.get("Resources").is_some_and(|resources| {
            resources.origin.is_incomplete()
                || resources
                    .as_map()
                    .is_some_and(|map| map.keys().any(|key| key == "Fn::Transform" || key.starts_with("Fn::ForEach")))
        }) {
            return true;
        }
        let kinds = [ProblemKind::UnknownTransform, ProblemKind::UnknownPlugin];
        template.problems.iter().any(|problem| kinds.contains(&problem.kind))
            || self.nodes_of(NodeKind::Stack).any(|stack| !self.is_closed_stack(stack))
    }
}
