//! State machines.

use super::super::asl::Definition;
use super::super::node::NodeId;
use super::super::{Graph, NodeRef, Resource, Setting};

#[derive(Debug)]
pub(in crate::graph) struct MachineData {
    pub node: NodeId,
    pub express: Setting<bool>,
    pub definition: Definition,
}

/// A state machine with its definition.
#[derive(Clone, Copy, Debug)]
pub struct StateMachine<'g> {
    graph: &'g Graph,
    data: &'g MachineData,
}

impl<'g> StateMachine<'g> {
    /// Its node.
    pub fn node(self) -> NodeRef<'g> {
        self.graph.node_ref(self.data.node)
    }

    /// The resource.
    pub fn resource(self) -> Option<Resource<'g>> {
        self.node().resource()
    }

    /// Whether it is an express workflow; a standard one by default.
    pub fn express(self) -> Setting<bool> {
        self.data.express
    }

    /// Its definition.
    pub fn definition(self) -> &'g Definition {
        &self.data.definition
    }
}

impl Graph {
    /// All state machines, in template order.
    pub fn state_machines(&self) -> impl Iterator<Item = StateMachine<'_>> {
        self.details.machines.iter().map(|data| StateMachine { graph: self, data })
    }

    /// The state machine of a node.
    pub fn state_machine(&self, node: NodeRef<'_>) -> Option<StateMachine<'_>> {
        self.state_machines().find(|machine| machine.data.node == node.index())
    }
}
