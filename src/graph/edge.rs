//! Edges.

use super::node::{NodeId, NodeRef};
use super::{Graph, Origin, Resource, Text};
use petgraph::graph::EdgeIndex;

/// What an edge means. Edges point the way the event or call travels; an observer points at
/// what it observes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum EdgeKind {
    /// The source calls the target and waits.
    InvokesSync,
    /// The source hands the target an event and goes on.
    InvokesAsync,
    /// The target takes records from the source through an event source mapping or a pipe.
    Polls,
    /// The source sends messages or events to the target.
    Publishes,
    /// The source reads from the target.
    Reads,
    /// The source writes to the target.
    Writes,
    /// The source runs under the target role.
    Assumes,
    /// The source writes its log to the target.
    LogsTo,
    /// The source sends traces to the target.
    TracesTo,
    /// The alarm watches a metric of the target.
    AlarmsOn,
    /// The alarm or notification tells the target.
    Notifies,
    /// What the source cannot deliver or process goes to the target.
    DeadLettersTo,
    /// The source (a policy, an authorizer) guards the target.
    Protects,
    /// The alias or version stands for the target.
    Qualifies,
    /// The source contains the target: an API its routes and stages.
    Contains,
    /// The source refers to the target in some other way.
    DependsOn,
}

impl EdgeKind {
    /// The stable name.
    pub fn name(self) -> &'static str {
        match self {
            Self::InvokesSync => "invokes-synchronously",
            Self::InvokesAsync => "invokes-asynchronously",
            Self::Polls => "polls",
            Self::Publishes => "publishes",
            Self::Reads => "reads",
            Self::Writes => "writes",
            Self::Assumes => "assumes",
            Self::LogsTo => "logs-to",
            Self::TracesTo => "traces-to",
            Self::AlarmsOn => "alarms-on",
            Self::Notifies => "notifies",
            Self::DeadLettersTo => "dead-letters-to",
            Self::Protects => "protects",
            Self::Qualifies => "qualifies",
            Self::Contains => "contains",
            Self::DependsOn => "depends-on",
        }
    }

    /// The verb for messages and pictures.
    pub fn verb(self) -> &'static str {
        match self {
            Self::InvokesSync => "invokes",
            Self::InvokesAsync => "triggers",
            Self::Polls => "feeds",
            Self::Publishes => "publishes to",
            Self::Reads => "reads",
            Self::Writes => "writes",
            Self::Assumes => "assumes",
            Self::LogsTo => "logs to",
            Self::TracesTo => "is traced by",
            Self::AlarmsOn => "watches",
            Self::Notifies => "notifies",
            Self::DeadLettersTo => "dead-letters to",
            Self::Protects => "protects",
            Self::Qualifies => "stands for",
            Self::Contains => "contains",
            Self::DependsOn => "depends on",
        }
    }
}

/// How an edge is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Certainty {
    /// By an event source, a target, an integration.
    Declared,
    /// By an IAM statement that allows it.
    Granted,
    /// By a name in an environment variable.
    Hinted,
}

/// Which version of a function an edge reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Qualifier {
    /// Not a function, or no qualifier is needed.
    None,
    /// The unqualified function, which is `$LATEST`.
    Unqualified,
    /// A published version.
    Version(Option<NodeId>),
    /// An alias, with its node where the template has it.
    Alias(Option<NodeId>),
    /// The qualifier is not known.
    Unknown,
}

#[derive(Debug)]
pub(super) struct Edge {
    pub kind: EdgeKind,
    pub certainty: Certainty,
    pub qualifier: Qualifier,
    pub origin: Origin,
    /// The resource that declares the edge, when it is neither end.
    pub via: Option<Text>,
}

/// An edge with its graph.
#[derive(Clone, Copy, Debug)]
pub struct EdgeRef<'g> {
    graph: &'g Graph,
    index: EdgeIndex<u32>,
}

impl<'g> EdgeRef<'g> {
    pub(super) fn new(graph: &'g Graph, index: EdgeIndex<u32>) -> Self {
        Self { graph, index }
    }

    fn edge(self) -> &'g Edge {
        &self.graph.net[self.index]
    }

    /// What the edge means.
    pub fn kind(self) -> EdgeKind {
        self.edge().kind
    }

    /// How it is known.
    pub fn certainty(self) -> Certainty {
        self.edge().certainty
    }

    /// Which version of a target function it reaches.
    pub fn qualifier(self) -> Qualifier {
        self.edge().qualifier
    }

    /// Where it is written.
    pub fn origin(self) -> Origin {
        self.edge().origin
    }

    /// The resource that declares it (mapping, permission, subscription, role), when it is
    /// neither end.
    pub fn via(self) -> Option<Resource<'g>> {
        self.graph.template().resource(self.edge().via.as_deref()?)
    }

    /// Where it starts.
    pub fn source(self) -> NodeRef<'g> {
        self.graph.node_ref(self.ends().0)
    }

    /// Where it ends.
    pub fn target(self) -> NodeRef<'g> {
        self.graph.node_ref(self.ends().1)
    }

    fn ends(self) -> (NodeId, NodeId) {
        // The index comes from this graph, which never removes edges.
        self.graph.net.edge_endpoints(self.index).unwrap_or_default()
    }
}
