//! What policies ask about whole concepts: routes, statements, alarms, state machines, …

pub mod alarm;
pub mod api;
pub mod delivery;
pub mod machine;
pub(super) mod managed;
pub mod mapping;
pub mod permission;
pub mod role;
pub mod statement;

use super::{Graph, NodeRef};

/// What builders read once and views answer from, in template order.
#[derive(Debug, Default)]
pub(super) struct Details {
    /// Whether resources may exist that the template does not show.
    pub open: bool,
    pub apis: Vec<api::ApiData>,
    pub routes: Vec<api::RouteData>,
    pub authorizers: Vec<api::AuthorizerData>,
    pub roles: Vec<role::RoleData>,
    pub resource_policies: Vec<role::ResourcePolicyData>,
    pub deliveries: Vec<delivery::DeliveryData>,
    pub machines: Vec<machine::MachineData>,
    pub metrics: Vec<alarm::MetricData>,
}

impl Details {
    /// Adds what one builder found.
    pub fn append(&mut self, mut more: Self) {
        self.apis.append(&mut more.apis);
        self.routes.append(&mut more.routes);
        self.authorizers.append(&mut more.authorizers);
        self.roles.append(&mut more.roles);
        self.resource_policies.append(&mut more.resource_policies);
        self.deliveries.append(&mut more.deliveries);
        self.machines.append(&mut more.machines);
        self.metrics.append(&mut more.metrics);
    }
}

impl Graph {
    /// All APIs of API Gateway, in template order.
    pub fn apis(&self) -> impl Iterator<Item = api::Api<'_>> {
        self.details.apis.iter().map(|data| api::Api::new(self, data))
    }

    /// All routes: methods of REST APIs, routes of HTTP and WebSocket APIs, operations of
    /// `OpenAPI` bodies.
    pub fn routes(&self) -> impl Iterator<Item = api::Route<'_>> {
        self.details.routes.iter().map(|data| api::Route::new(self, data))
    }

    /// All authorizers, also those of `OpenAPI` bodies.
    pub fn authorizers(&self) -> impl Iterator<Item = api::Authorizer<'_>> {
        self.details.authorizers.iter().map(|data| api::Authorizer::new(self, data))
    }

    /// The routes that lead to `function`.
    pub fn routes_to<'g>(&'g self, function: NodeRef<'g>) -> impl Iterator<Item = api::Route<'g>> {
        self.routes().filter(move |route| route.target() == Some(function))
    }
}
