//! Nested stacks: graphs within graphs.

use super::resolve::Found;
use super::{Graph, NodeKind, NodeRef, Value};
use crate::template::unknown;

impl Graph {
    /// The graph of a nested stack whose template is at hand.
    pub fn child(&self, stack: &str) -> Option<&Graph> {
        self.children.get(stack)
    }

    /// The graphs of nested stacks with the logical ids of their stacks.
    pub fn children(&self) -> impl Iterator<Item = (&str, &Graph)> {
        self.children.iter().map(|(id, child)| (id.as_str(), child))
    }

    /// The resource inside a nested stack that an output of it stands for, with that stack's
    /// graph. `text` is what [`Eval::symbolic`](super::Eval::symbolic) gives for the output.
    pub fn inside(&self, text: &str) -> Option<NodeRef<'_>> {
        let (mark, _) = unknown::marks(text).next()?;
        let (stack, output) = mark.split_once(".Outputs.")?;
        let child = self.children.get(stack)?;
        let value = child.template().section("Outputs")?.get(output)?.get("Value")?;
        child.node_behind(value)
    }

    /// The resource that `value` names, here or in a stack nested here.
    fn node_behind(&self, value: &Value) -> Option<NodeRef<'_>> {
        let text = self.template().eval(value).symbolic()?;
        match self.find_text(&text, None) {
            Found::Node(node, _) => Some(self.node_ref(node)),
            _ => self.inside(&text),
        }
    }

    /// Whether a nested stack surely adds nothing to the resources of this template: its
    /// template is known, nothing of it is left open, and it was told of no resource here.
    pub(super) fn is_closed_stack(&self, stack: NodeRef<'_>) -> bool {
        let Some(child) = stack.logical_id().and_then(|id| self.children.get(id)) else { return false };
        !child.is_open() && !child.template().inputs().parameters.values().any(|text| self.names_resource(text))
    }

    /// Whether a text that was passed to a nested stack holds the name of a resource here.
    fn names_resource(&self, passed: &str) -> bool {
        unknown::marks(passed).any(|(mark, _)| {
            let name = mark.trim_start_matches("../").split('.').next().unwrap_or(mark);
            self.by_id.contains_key(name)
        }) || self.by_name.keys().any(|(_, name)| name == passed)
    }
}

impl NodeRef<'_> {
    /// The resource inside a nested stack, where this stands for an output of one; else itself.
    /// What is found may belong to another graph than this node.
    #[must_use]
    pub fn through_stacks(self) -> Self {
        if self.kind() != NodeKind::External {
            return self;
        }
        self.graph().inside(&unknown::mark(self.name())).unwrap_or(self)
    }
}
