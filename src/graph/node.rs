//! Nodes.

use super::edge::{EdgeKind, EdgeRef};
use super::{Eval, Graph, Origin, Resource, Text};
use petgraph::Direction;

/// A node of one graph.
pub type NodeId = petgraph::graph::NodeIndex<u32>;

/// What a node is, beyond any one resource type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum NodeKind {
    /// A function: of Lambda, or of another provider.
    Function,
    /// A published version of a function.
    Version,
    /// An alias of a function.
    Alias,
    /// A layer version.
    Layer,
    /// A REST API.
    RestApi,
    /// An HTTP API.
    HttpApi,
    /// A WebSocket API.
    WebSocketApi,
    /// A GraphQL API.
    GraphQlApi,
    /// One method or route of an API.
    Route,
    /// A stage of an API.
    Stage,
    /// An authorizer of an API.
    Authorizer,
    /// A queue.
    Queue,
    /// A topic.
    Topic,
    /// An event bus.
    Bus,
    /// An event rule.
    Rule,
    /// A schedule of `EventBridge` Scheduler.
    Schedule,
    /// A pipe.
    Pipe,
    /// A state machine.
    StateMachine,
    /// A table.
    Table,
    /// A data stream.
    Stream,
    /// A delivery stream.
    Firehose,
    /// A bucket.
    Bucket,
    /// A key.
    Key,
    /// A secret or a parameter.
    Secret,
    /// A role.
    Role,
    /// A log group.
    LogGroup,
    /// A metric or composite alarm.
    Alarm,
    /// A dashboard.
    Dashboard,
    /// A user pool.
    UserPool,
    /// VPC, subnet, security group, route, endpoint, …
    Network,
    /// A custom resource.
    Custom,
    /// A nested stack.
    Stack,
    /// A resource that connects two others: permission, mapping, subscription, policy.
    Connector,
    /// Something outside the template: an ARN, an import, a parameter.
    External,
    /// Any other resource.
    Other,
}

impl NodeKind {
    /// The kind of a resource type.
    pub fn of_type(ty: &str) -> Self {
        match ty {
            "AWS::Lambda::Function" | "Elsewhere::Function" => Self::Function,
            "AWS::Lambda::Version" => Self::Version,
            "AWS::Lambda::Alias" => Self::Alias,
            "AWS::Lambda::LayerVersion" => Self::Layer,
            "AWS::ApiGateway::RestApi" => Self::RestApi,
            "AWS::ApiGateway::Method" | "AWS::ApiGatewayV2::Route" | "Elsewhere::Route" => Self::Route,
            "AWS::ApiGateway::Stage" | "AWS::ApiGatewayV2::Stage" => Self::Stage,
            "AWS::ApiGateway::Authorizer" | "AWS::ApiGatewayV2::Authorizer" => Self::Authorizer,
            "AWS::ApiGatewayV2::Api" | "Elsewhere::Api" => Self::HttpApi,
            "AWS::AppSync::GraphQLApi" => Self::GraphQlApi,
            "AWS::SQS::Queue" | "Elsewhere::Queue" => Self::Queue,
            "AWS::SNS::Topic" | "Elsewhere::Topic" => Self::Topic,
            "AWS::Events::EventBus" => Self::Bus,
            "AWS::Events::Rule" => Self::Rule,
            "AWS::Scheduler::Schedule" | "Elsewhere::Schedule" => Self::Schedule,
            "AWS::Pipes::Pipe" => Self::Pipe,
            "AWS::StepFunctions::StateMachine" => Self::StateMachine,
            "AWS::DynamoDB::Table" | "AWS::DynamoDB::GlobalTable" | "Elsewhere::Table" => Self::Table,
            "AWS::Kinesis::Stream" | "Elsewhere::Stream" => Self::Stream,
            "AWS::KinesisFirehose::DeliveryStream" => Self::Firehose,
            "AWS::S3::Bucket" | "Elsewhere::Bucket" => Self::Bucket,
            "AWS::KMS::Key" => Self::Key,
            "AWS::SecretsManager::Secret" | "AWS::SSM::Parameter" => Self::Secret,
            "AWS::IAM::Role" => Self::Role,
            "AWS::Logs::LogGroup" => Self::LogGroup,
            "AWS::CloudWatch::Alarm" | "AWS::CloudWatch::CompositeAlarm" => Self::Alarm,
            "AWS::CloudWatch::Dashboard" => Self::Dashboard,
            "AWS::Cognito::UserPool" => Self::UserPool,
            "AWS::CloudFormation::Stack" | "AWS::Serverless::Application" | "Elsewhere::Service" => Self::Stack,
            "AWS::CloudFormation::CustomResource" => Self::Custom,
            _ if ty.starts_with("Custom::") => Self::Custom,
            "AWS::EC2::VPC"
            | "AWS::EC2::Subnet"
            | "AWS::EC2::SecurityGroup"
            | "AWS::EC2::RouteTable"
            | "AWS::EC2::Route"
            | "AWS::EC2::SubnetRouteTableAssociation"
            | "AWS::EC2::VPCEndpoint"
            | "AWS::EC2::NatGateway"
            | "AWS::EC2::InternetGateway" => Self::Network,
            "AWS::Lambda::EventSourceMapping"
            | "AWS::Lambda::Permission"
            | "AWS::Lambda::EventInvokeConfig"
            | "AWS::Lambda::Url"
            | "AWS::SNS::Subscription"
            | "AWS::SQS::QueuePolicy"
            | "AWS::SNS::TopicPolicy"
            | "AWS::S3::BucketPolicy"
            | "AWS::IAM::Policy"
            | "AWS::IAM::ManagedPolicy"
            | "AWS::Events::EventBusPolicy"
            | "AWS::Logs::SubscriptionFilter"
            | "AWS::Logs::MetricFilter"
            | "AWS::ApiGatewayV2::Integration"
            | "AWS::ApiGateway::Deployment"
            | "AWS::ApiGatewayV2::Deployment"
            | "AWS::ApiGateway::Resource" => Self::Connector,
            _ => Self::Other,
        }
    }

    /// The noun for messages.
    pub fn noun(self) -> &'static str {
        match self {
            Self::Function => "function",
            Self::Version => "version",
            Self::Alias => "alias",
            Self::Layer => "layer",
            Self::RestApi => "REST API",
            Self::HttpApi => "HTTP API",
            Self::WebSocketApi => "WebSocket API",
            Self::GraphQlApi => "GraphQL API",
            Self::Route => "route",
            Self::Stage => "stage",
            Self::Authorizer => "authorizer",
            Self::Queue => "queue",
            Self::Topic => "topic",
            Self::Bus => "event bus",
            Self::Rule => "rule",
            Self::Schedule => "schedule",
            Self::Pipe => "pipe",
            Self::StateMachine => "state machine",
            Self::Table => "table",
            Self::Stream => "stream",
            Self::Firehose => "delivery stream",
            Self::Bucket => "bucket",
            Self::Key => "key",
            Self::Secret => "secret",
            Self::Role => "role",
            Self::LogGroup => "log group",
            Self::Alarm => "alarm",
            Self::Dashboard => "dashboard",
            Self::UserPool => "user pool",
            Self::Network => "network part",
            Self::Custom => "custom resource",
            Self::Stack => "nested stack",
            Self::Connector => "connection",
            Self::External => "outside resource",
            Self::Other => "resource",
        }
    }
}

#[derive(Debug)]
pub(super) struct Node {
    pub kind: NodeKind,
    /// Logical id; none for what lies outside.
    pub id: Option<Text>,
    /// Its place among the resources of the template.
    pub resource: Option<usize>,
    /// What messages call it.
    pub name: Text,
    pub origin: Origin,
}

/// A node with its graph.
#[derive(Clone, Copy, Debug)]
pub struct NodeRef<'g> {
    graph: &'g Graph,
    index: NodeId,
}

impl PartialEq for NodeRef<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.index == other.index
    }
}

impl<'g> NodeRef<'g> {
    pub(super) fn new(graph: &'g Graph, index: NodeId) -> Self {
        Self { graph, index }
    }

    fn node(self) -> &'g Node {
        &self.graph.net[self.index]
    }

    /// The graph it belongs to.
    pub fn graph(self) -> &'g Graph {
        self.graph
    }

    /// Its index.
    pub fn index(self) -> NodeId {
        self.index
    }

    /// What it is.
    pub fn kind(self) -> NodeKind {
        self.node().kind
    }

    /// Its logical id; none for what lies outside the template.
    pub fn logical_id(self) -> Option<&'g str> {
        self.node().id.as_deref()
    }

    /// What messages call it: the logical id, or the outside name.
    pub fn name(self) -> &'g str {
        &self.node().name
    }

    /// Where it is named, or what caused it.
    pub fn origin(self) -> Origin {
        self.node().origin
    }

    /// The resource behind it.
    pub fn resource(self) -> Option<Resource<'g>> {
        self.graph.template().resource_at(self.node().resource?)
    }

    /// The property at `path`; absent for what lies outside.
    pub fn property(self, path: &[&str]) -> Eval<'g> {
        self.resource().map_or(Eval::Absent, |resource| resource.property(path))
    }

    /// Edges that leave it, in the order they were declared.
    pub fn outgoing(self) -> impl Iterator<Item = EdgeRef<'g>> {
        self.directed(Direction::Outgoing)
    }

    /// Edges that reach it, in the order they were declared.
    pub fn incoming(self) -> impl Iterator<Item = EdgeRef<'g>> {
        self.directed(Direction::Incoming)
    }

    /// Nodes that edges of `kind` lead to.
    pub fn targets(self, kind: EdgeKind) -> impl Iterator<Item = NodeRef<'g>> {
        self.outgoing().filter(move |edge| edge.kind() == kind).map(EdgeRef::target)
    }

    /// Nodes that edges of `kind` come from.
    pub fn sources(self, kind: EdgeKind) -> impl Iterator<Item = NodeRef<'g>> {
        self.incoming().filter(move |edge| edge.kind() == kind).map(EdgeRef::source)
    }

    fn directed(self, direction: Direction) -> impl Iterator<Item = EdgeRef<'g>> {
        let edges = self.graph.net.edges_directed(self.index, direction);
        let mut indices: Vec<_> = edges.map(|edge| petgraph::visit::EdgeRef::id(&edge)).collect();
        indices.sort_unstable();
        let graph = self.graph;
        indices.into_iter().map(move |index| EdgeRef::new(graph, index))
    }
}
