//! The resource graph: typed nodes and edges over one template.
//!
//! Every resource is a node. Resources that only connect others (event source mappings,
//! permissions, subscriptions, policies) are nodes of kind [`NodeKind::Connector`] and also
//! the `via` of the edges they declare. Edges point the way events and calls travel.

mod asl;
mod build;
mod coverage;
mod declared;
mod documents;
mod edge;
mod flow;
mod nested;
mod network;
mod node;
mod open;
mod part;
mod references;
mod resolve;
#[cfg(test)]
mod tests;
mod view;

pub use crate::template::value::{Map, Origin, Text, Value};
pub use crate::template::{Eval, Problem, ProblemKind, Repair, Resource, Template};
pub use asl::{Catcher, Defect, DefectKind, Definition, Limit, Pattern, Retrier, Scope, State, Task};
pub use coverage::{Coverage, Means, Signal, Watched, signals_of};
pub use declared::{Flow, Way};
pub use documents::PolicyDocument;
pub use edge::{Certainty, EdgeKind, EdgeRef, Qualifier};
pub use flow::path_text;
pub use network::Egress;
pub use node::{NodeId, NodeKind, NodeRef};
pub use part::{Part, Setting};
pub use references::ReferenceTo;
pub use resolve::Target;
pub use view::alarm::{Dimension, Metric, namespace_of};
pub use view::api::{Api, Auth, Authorizer, AuthorizerKind, EndpointType, IntegrationKind, Route};
pub use view::delivery::{Delivery, DeliveryKind};
pub use view::machine::StateMachine;
pub use view::mapping::{Mapping, SourceKind};
pub use view::permission::Permission;
pub use view::role::{ResourcePolicy, Role, RoleOf};
pub use view::statement::{Condition, Effect, Principal, Statement, Term, matches_pattern};

use edge::Edge;
use node::Node;
use petgraph::graph::DiGraph;
use std::collections::{BTreeMap, HashMap};

/// The graph of one template, which it owns.
#[derive(Debug)]
pub struct Graph {
    template: Template,
    net: DiGraph<Node, Edge>,
    by_id: HashMap<Text, NodeId>,
    /// Nodes by kind and physical name, where the name is at least partly known; REST APIs may
    /// share one.
    by_name: HashMap<(NodeKind, Text), Vec<NodeId>>,
    externals: HashMap<Text, NodeId>,
    /// The graphs of nested stacks, by the stack's logical id.
    children: BTreeMap<Text, Graph>,
    details: view::Details,
}

impl Graph {
    /// Builds the graph of `template`.
    pub fn new(template: Template) -> Self {
        build::graph(template)
    }

    /// The template the graph is of.
    pub fn template(&self) -> &Template {
        &self.template
    }

    /// The node of a logical id.
    pub fn node(&self, id: &str) -> Option<NodeRef<'_>> {
        self.by_id.get(id).map(|index| self.node_ref(*index))
    }

    /// The node of an index of this graph.
    pub fn at(&self, index: NodeId) -> NodeRef<'_> {
        self.node_ref(index)
    }

    /// All nodes, resources in template order first, then what lies outside the template.
    pub fn nodes(&self) -> impl Iterator<Item = NodeRef<'_>> {
        self.net.node_indices().map(|index| self.node_ref(index))
    }

    /// All nodes of `kind`, in template order.
    pub fn nodes_of(&self, kind: NodeKind) -> impl Iterator<Item = NodeRef<'_>> {
        self.nodes().filter(move |node| node.kind() == kind)
    }

    /// All edges, in the order they were declared.
    pub fn edges(&self) -> impl Iterator<Item = EdgeRef<'_>> {
        self.net.edge_indices().map(|index| EdgeRef::new(self, index))
    }

    /// All resources of a type, in template order.
    pub fn resources_of<'g>(&'g self, ty: &'static str) -> impl Iterator<Item = Resource<'g>> {
        self.template.resources_of(ty)
    }

    /// Those that are not known to be left out by their condition.
    pub fn existing<'g>(&'g self, ty: &'static str) -> impl Iterator<Item = Resource<'g>> {
        self.resources_of(ty).filter(|resource| resource.exists() != Some(false))
    }

    fn node_ref(&self, index: NodeId) -> NodeRef<'_> {
        NodeRef::new(self, index)
    }
}
