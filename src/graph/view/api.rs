//! APIs of API Gateway with their routes and authorizers.

use super::super::node::NodeId;
use super::super::{Graph, NodeKind, NodeRef, Origin, Qualifier, Resource, Setting, Text};

/// How callers prove who they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Auth {
    /// Anybody may call.
    None,
    /// Signed with AWS credentials.
    Iam,
    /// A token of a user pool.
    Cognito,
    /// A JSON Web Token.
    Jwt,
    /// A Lambda authorizer.
    Custom,
}

/// Where an API's endpoint stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndpointType {
    /// Behind the CDN (the default of REST APIs).
    Edge,
    /// In its region.
    Regional,
    /// Inside VPCs only.
    Private,
}

/// What a route does with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IntegrationKind {
    /// Calls a function.
    Function,
    /// Calls an action of an AWS service.
    Service,
    /// Calls an HTTP endpoint.
    Http,
    /// Answers by itself.
    Mock,
    /// Has no integration.
    Missing,
    /// Not known.
    Unknown,
}

/// What sort of authorizer it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuthorizerKind {
    /// A function that gets the token.
    Token,
    /// A function that gets the request.
    Request,
    /// A user pool.
    Cognito,
    /// Tokens of an issuer.
    Jwt,
    /// Not known.
    Unknown,
}

#[derive(Debug)]
pub(in crate::graph) struct ApiData {
    pub node: NodeId,
    pub endpoint: Setting<EndpointType>,
    /// Whether all its routes are known.
    pub complete: bool,
}

#[derive(Clone, Debug)]
pub(in crate::graph) struct IntegrationData {
    pub kind: IntegrationKind,
    pub origin: Origin,
    pub timeout: Setting<i64>,
    pub target: Option<NodeId>,
    pub qualifier: Qualifier,
    /// `sqs:SendMessage`, `states:StartSyncExecution`
    pub action: Option<Text>,
    pub streaming: Setting<bool>,
    /// The caller gets its answer before the function ends.
    pub asynchronous: Option<bool>,
    /// The resource that holds the integration, when it is not the route.
    pub via: Option<Text>,
}

#[derive(Debug)]
pub(in crate::graph) struct RouteData {
    pub node: NodeId,
    pub api: Option<NodeId>,
    pub method: Option<Text>,
    pub path: Option<Text>,
    pub auth: Setting<Auth>,
    pub authorizer: Option<NodeId>,
    pub api_key: Setting<bool>,
    pub integration: IntegrationData,
    /// The resource that declares the route: its own, or the API with the `OpenAPI` body.
    pub owner: Text,
}

#[derive(Debug)]
pub(in crate::graph) struct AuthorizerData {
    pub node: NodeId,
    pub api: Option<NodeId>,
    pub kind: AuthorizerKind,
    pub function: Option<NodeId>,
    pub qualifier: Qualifier,
    pub ttl: Setting<i64>,
    pub owner: Text,
}

/// An API of API Gateway.
#[derive(Clone, Copy, Debug)]
pub struct Api<'g> {
    graph: &'g Graph,
    data: &'g ApiData,
}

impl<'g> Api<'g> {
    pub(in crate::graph) fn new(graph: &'g Graph, data: &'g ApiData) -> Self {
        Self { graph, data }
    }

    /// Its node; the kind tells REST, HTTP and WebSocket APIs apart.
    pub fn node(self) -> NodeRef<'g> {
        self.graph.node_ref(self.data.node)
    }

    /// Where its endpoint stands. Other APIs than REST ones are regional.
    pub fn endpoint(self) -> Setting<EndpointType> {
        self.data.endpoint
    }

    /// Its routes, in template order.
    pub fn routes(self) -> impl Iterator<Item = Route<'g>> {
        let node = self.data.node;
        self.graph.routes().filter(move |route| route.data.api == Some(node))
    }

    /// Its stages.
    pub fn stages(self) -> impl Iterator<Item = NodeRef<'g>> {
        self.node().targets(super::super::EdgeKind::Contains).filter(|node| node.kind() == NodeKind::Stage)
    }

    /// Whether all its routes are known; not so with a definition in a file that is not read.
    pub fn is_complete(self) -> bool {
        self.data.complete
    }
}

/// One route of an API.
#[derive(Clone, Copy, Debug)]
pub struct Route<'g> {
    graph: &'g Graph,
    data: &'g RouteData,
}

impl<'g> Route<'g> {
    pub(in crate::graph) fn new(graph: &'g Graph, data: &'g RouteData) -> Self {
        Self { graph, data }
    }

    /// Its node. Operations of an `OpenAPI` body have no logical id.
    pub fn node(self) -> NodeRef<'g> {
        self.graph.node_ref(self.data.node)
    }

    /// Where it is written.
    pub fn origin(self) -> Origin {
        self.node().origin()
    }

    /// The resource that declares it: its own, or the API whose body holds it.
    pub fn resource(self) -> Option<Resource<'g>> {
        self.graph.template().resource(&self.data.owner)
    }

    /// Its API.
    pub fn api(self) -> Option<Api<'g>> {
        let api = self.data.api?;
        self.graph.apis().find(|known| known.data.node == api)
    }

    /// What sort of API it belongs to: REST, HTTP or WebSocket.
    pub fn api_kind(self) -> Option<NodeKind> {
        Some(self.graph.node_ref(self.data.api?).kind())
    }

    /// The HTTP method in upper case, `ANY` for all; `None` for WebSocket routes and where
    /// it is not known.
    pub fn method(self) -> Option<&'g str> {
        self.data.method.as_deref()
    }

    /// The path, `/orders/{id}`; for WebSocket routes the route key.
    pub fn path(self) -> Option<&'g str> {
        self.data.path.as_deref()
    }

    /// How messages call it: `GET /orders`.
    pub fn name(self) -> Text {
        match (self.method(), self.path()) {
            (Some(method), Some(path)) => format!("{method} {path}").into(),
            (None, Some(path)) => path.into(),
            _ => self.node().name().into(),
        }
    }

    /// How callers prove who they are.
    pub fn auth(self) -> Setting<Auth> {
        self.data.auth
    }

    /// The authorizer it uses.
    pub fn authorizer(self) -> Option<NodeRef<'g>> {
        self.data.authorizer.map(|node| self.graph.node_ref(node))
    }

    /// Whether callers need an API key.
    pub fn api_key_required(self) -> Setting<bool> {
        self.data.api_key
    }

    /// What it does with a request.
    pub fn integration(self) -> IntegrationKind {
        self.data.integration.kind
    }

    /// Where the integration is written.
    pub fn integration_origin(self) -> Origin {
        self.data.integration.origin
    }

    /// The resource that holds the integration: the route's, the API's, or one of its own.
    pub fn integration_resource(self) -> Option<Resource<'g>> {
        let own = self.data.integration.via.as_deref().unwrap_or(&self.data.owner);
        self.graph.template().resource(own)
    }

    /// How long the API waits for the integration, in milliseconds.
    pub fn timeout_ms(self) -> Setting<i64> {
        self.data.integration.timeout
    }

    /// The function or other resource it leads to.
    pub fn target(self) -> Option<NodeRef<'g>> {
        self.data.integration.target.map(|node| self.graph.node_ref(node))
    }

    /// Which version of the function it calls.
    pub fn qualifier(self) -> Qualifier {
        self.data.integration.qualifier
    }

    /// The action of the AWS service it calls, as IAM writes it: `states:StartSyncExecution`.
    pub fn action(self) -> Option<&'g str> {
        self.data.integration.action.as_deref()
    }

    /// Whether the response is streamed (`ResponseTransferMode: STREAM`).
    pub fn streams(self) -> Setting<bool> {
        self.data.integration.streaming
    }

    /// Whether the caller waits for the function.
    pub fn waits(self) -> Option<bool> {
        self.data.integration.asynchronous.map(|asynchronous| !asynchronous)
    }
}

/// An authorizer of an API.
#[derive(Clone, Copy, Debug)]
pub struct Authorizer<'g> {
    graph: &'g Graph,
    data: &'g AuthorizerData,
}

impl<'g> Authorizer<'g> {
    pub(in crate::graph) fn new(graph: &'g Graph, data: &'g AuthorizerData) -> Self {
        Self { graph, data }
    }

    /// Its node. Authorizers of an `OpenAPI` body have no logical id.
    pub fn node(self) -> NodeRef<'g> {
        self.graph.node_ref(self.data.node)
    }

    /// The resource that declares it: its own, or the API whose body holds it.
    pub fn resource(self) -> Option<Resource<'g>> {
        self.graph.template().resource(&self.data.owner)
    }

    /// Its API.
    pub fn api(self) -> Option<NodeRef<'g>> {
        self.data.api.map(|node| self.graph.node_ref(node))
    }

    /// What sort it is.
    pub fn kind(self) -> AuthorizerKind {
        self.data.kind
    }

    /// The function it calls.
    pub fn function(self) -> Option<NodeRef<'g>> {
        self.data.function.map(|node| self.graph.node_ref(node))
    }

    /// Which version of the function it calls.
    pub fn qualifier(self) -> Qualifier {
        self.data.qualifier
    }

    /// How many seconds its answers are kept: 300 by default for REST APIs, 0 for HTTP APIs.
    pub fn ttl_seconds(self) -> Setting<i64> {
        self.data.ttl
    }
}
