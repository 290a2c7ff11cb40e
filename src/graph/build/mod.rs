//! Template to graph: one file for each family of resources.

mod alarms;
mod apis;
mod deliveries;
mod elsewhere;
mod event_sources;
mod functions;
mod hints;
mod integrations;
mod machines;
mod openapi;
mod roles;
mod schedules;
mod traces;
mod triggers;

use super::edge::{Certainty, Edge, EdgeKind, Qualifier};
use super::node::{Node, NodeId, NodeKind};
use super::resolve::Found;
use super::view::Details;
use super::{Eval, Graph, Origin, Resource, Template, Text};
use crate::template::unknown;
use petgraph::graph::DiGraph;
use std::collections::HashMap;

/// Builds the graph of `template`.
pub(super) fn graph(mut template: Template) -> Graph {
    let children = template.take_children().into_iter().map(|(id, child)| (id, graph(child))).collect();
    let mut graph = Graph {
        template,
        net: DiGraph::new(),
        by_id: HashMap::new(),
        by_name: HashMap::new(),
        externals: HashMap::new(),
        children,
        details: Details::default(),
    };
    graph.add_resources();
    // Aliases and versions first: resolving any reference to them follows these edges.
    graph.link(functions::qualifiers);
    graph.link(functions::functions);
    graph.link(event_sources::event_source_mappings);
    graph.link(apis::apis);
    graph.link(elsewhere::triggers);
    for builder in [
        deliveries::queues,
        deliveries::topics,
        deliveries::buckets,
        deliveries::logs,
        schedules::rules,
        schedules::schedules,
        schedules::pipes,
        triggers::triggers,
        machines::machines,
        hints::environment,
        traces::traces,
    ] {
        graph.link(builder);
    }
    graph.link(roles::roles);
    graph.link(roles::grants);
    graph.link(roles::guards);
    graph.link(alarms::alarms);
    graph.link(alarms::of_nested_stacks);
    graph.details.open = graph.find_open();
    graph
}

/// An edge to be added, found while the graph was only read.
pub(super) struct Link {
    pub from: NodeId,
    pub to: NodeId,
    pub edge: Edge,
}

/// Collects links over a graph that is only read.
pub(super) struct Links<'g> {
    pub graph: &'g Graph,
    found: Vec<Link>,
    outside: Vec<(NodeId, Text, bool, Edge)>,
    nodes: Vec<Node>,
    /// What views read, beside nodes and edges.
    pub details: Details,
}

impl<'g> Links<'g> {
    /// Adds an edge between two nodes.
    pub fn add(&mut self, from: NodeId, kind: EdgeKind, to: NodeId, origin: Origin, via: Option<Resource<'g>>) {
        self.add_edge(from, to, edge(kind, Qualifier::None, origin, via));
    }

    /// Adds a node that no resource stands for.
    pub fn node(&mut self, kind: NodeKind, name: Text, origin: Origin) -> NodeId {
        self.nodes.push(Node { kind, id: None, resource: None, name, origin });
        NodeId::new(self.graph.net.node_count() + self.nodes.len() - 1)
    }

    /// Adds an edge with all its properties.
    pub fn add_edge(&mut self, from: NodeId, to: NodeId, edge: Edge) {
        self.found.push(Link { from, to, edge });
    }

    /// Adds an edge from `from` to whatever `value` refers to; things outside the template
    /// become external nodes. Answers the node of the template, if it is one.
    pub fn to(
        &mut self,
        from: NodeId,
        kind: EdgeKind,
        value: &Eval<'_>,
        hint: Option<NodeKind>,
        via: Option<Resource<'g>>,
    ) -> Option<NodeId> {
        self.directed(from, kind, value, hint, via, false)
    }

    /// Adds an edge from `from` to something outside the template that has no text of its own.
    pub fn outside(&mut self, from: NodeId, kind: EdgeKind, name: &str, origin: Origin) {
        self.outside.push((from, name.into(), false, edge(kind, Qualifier::None, origin, None)));
    }

    /// Adds an edge to `to` from whatever `value` refers to.
    pub fn from(
        &mut self,
        value: &Eval<'_>,
        kind: EdgeKind,
        to: NodeId,
        hint: Option<NodeKind>,
        via: Option<Resource<'g>>,
    ) -> Option<NodeId> {
        self.directed(to, kind, value, hint, via, true)
    }

    fn directed(
        &mut self,
        known: NodeId,
        kind: EdgeKind,
        value: &Eval<'_>,
        hint: Option<NodeKind>,
        via: Option<Resource<'g>>,
        reversed: bool,
    ) -> Option<NodeId> {
        let origin = value.origin()?;
        match self.graph.find(value, hint) {
            Found::Node(node, qualifier) => {
                let (from, to) = if reversed { (node, known) } else { (known, node) };
                self.add_edge(from, to, edge(kind, qualifier, origin, via));
                Some(node)
            }
            Found::Outside(text) => {
                self.outside.push((known, text, reversed, edge(kind, Qualifier::None, origin, via)));
                None
            }
            // A parameter without value or an import is a thing outside, too.
            Found::Unknown => {
                let text = value.symbolic()?;
                self.outside.push((known, text, reversed, edge(kind, Qualifier::None, origin, via)));
                None
            }
            Found::Absent => None,
        }
    }
}

pub(super) fn edge(kind: EdgeKind, qualifier: Qualifier, origin: Origin, via: Option<Resource<'_>>) -> Edge {
    Edge { kind, certainty: Certainty::Declared, qualifier, origin, via: via.map(|resource| resource.id().into()) }
}

impl Graph {
    fn add_resources(&mut self) {
        let nodes: Vec<(Node, Option<Text>)> = self
            .template
            .numbered()
            .map(|(index, resource)| {
                let kind = kind_of(resource);
                let node = Node {
                    kind,
                    id: Some(resource.id().into()),
                    resource: Some(index),
                    name: resource.id().into(),
                    origin: resource.origin(),
                };
                (node, physical_name(resource, kind))
            })
            .collect();
        for (node, name) in nodes {
            let (kind, id) = (node.kind, node.id.clone().unwrap_or_default());
            let index = self.net.add_node(node);
            self.by_id.insert(id, index);
            if let Some(name) = name {
                self.by_name.entry((kind, name)).or_default().push(index);
            }
        }
    }

    /// Runs one builder over the graph as it is, then adds what it found.
    fn link(&mut self, builder: fn(&mut Links<'_>)) {
        let mut links = Links {
            graph: self,
            found: Vec::new(),
            outside: Vec::new(),
            nodes: Vec::new(),
            details: Details::default(),
        };
        builder(&mut links);
        let Links { found, outside, nodes, details, .. } = links;
        for node in nodes {
            self.net.add_node(node);
        }
        self.details.append(details);
        for link in found.into_iter().filter(|link| self.can_exist(link)).collect::<Vec<_>>() {
            self.net.add_edge(link.from, link.to, link.edge);
        }
        for (known, text, reversed, edge) in outside {
            let external = self.external(text, edge.origin);
            let (from, to) = if reversed { (external, known) } else { (known, external) };
            self.net.add_edge(from, to, edge);
        }
    }

    /// Whether some deployment has both ends and what declares the edge.
    fn can_exist(&self, link: &Link) -> bool {
        let ends = [link.from, link.to].map(|end| self.net.node_weight(end).and_then(|node| node.id.as_deref()));
        let parts: Vec<Resource<'_>> = ends
            .into_iter()
            .chain([link.edge.via.as_deref()])
            .filter_map(|id| self.template.resource(id?).filter(|resource| resource.condition().is_some()))
            .collect();
        parts.iter().enumerate().all(|(at, one)| parts[at + 1..].iter().all(|other| one.can_coexist(*other)))
    }

    fn external(&mut self, text: Text, origin: Origin) -> NodeId {
        if let Some(node) = self.externals.get(&text) {
            return *node;
        }
        let mark = unknown::marks(&text).next().filter(|(mark, _)| unknown::mark(mark) == text);
        let name = mark.map_or_else(|| unknown::shown(&text).into_owned().into(), |(mark, _)| mark.into());
        let index = self.net.add_node(Node { kind: NodeKind::External, id: None, resource: None, name, origin });
        self.externals.insert(text, index);
        index
    }
}

fn kind_of(resource: Resource<'_>) -> NodeKind {
    match NodeKind::of_type(resource.ty()) {
        NodeKind::HttpApi if resource.property(&["ProtocolType"]).text().is_some_and(|text| text == "WEBSOCKET") => {
            NodeKind::WebSocketApi
        }
        kind => kind,
    }
}

/// The name a resource gets in the account, as far as it is written in the template.
fn physical_name(resource: Resource<'_>, kind: NodeKind) -> Option<Text> {
    let property = match kind {
        NodeKind::Function => "FunctionName",
        NodeKind::Queue => "QueueName",
        NodeKind::Topic => "TopicName",
        NodeKind::Bucket => "BucketName",
        NodeKind::Table => "TableName",
        NodeKind::StateMachine => "StateMachineName",
        NodeKind::Role => "RoleName",
        NodeKind::LogGroup => "LogGroupName",
        NodeKind::Layer => "LayerName",
        NodeKind::Alarm => "AlarmName",
        NodeKind::Stream
        | NodeKind::Bus
        | NodeKind::Rule
        | NodeKind::Schedule
        | NodeKind::Pipe
        | NodeKind::Secret
        | NodeKind::RestApi
        | NodeKind::HttpApi
        | NodeKind::WebSocketApi
        | NodeKind::GraphQlApi => "Name",
        _ => return None,
    };
    let name = resource.property(&[property]);
    if kind == NodeKind::RestApi && name.is_absent() {
        return resource.property(&["Body", "info", "title"]).symbolic();
    }
    name.symbolic()
}
