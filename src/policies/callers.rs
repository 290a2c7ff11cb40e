//! Who is to call a function, and by what right it would.

use super::flows::{self, Way};
use crate::graph::{EdgeKind, Graph, IntegrationKind, NodeKind, NodeRef, Origin, Resource};
use crate::policy::Context;

/// By what right something calls a function.
#[derive(Clone, Copy, Debug)]
pub(super) enum Right<'g> {
    /// A permission of the function for this service.
    Permission(&'static str),
    /// A role of the caller.
    Role(NodeRef<'g>),
}

/// One caller of a function whose right is missing.
#[derive(Debug)]
pub(super) struct Caller<'g> {
    /// What calls, as messages name it.
    pub name: String,
    /// The node that the permission would name.
    pub source: Option<NodeRef<'g>>,
    /// The resource that declares the call.
    pub owner: Option<Resource<'g>>,
    /// Where it is declared.
    pub origin: Origin,
    /// The function.
    pub function: NodeRef<'g>,
    /// The right that is missing.
    pub right: Right<'g>,
}

/// Callers that surely lack the right: through roles of rules, schedules and pipes, and through
/// permissions for APIs, user pools and log groups.
pub(super) fn without_right<'a>(cx: &Context<'a>) -> Vec<Caller<'a>> {
    let graph = cx.graph;
    let mut found = Vec::new();
    for flow in flows::flows(cx).iter().filter(|flow| flow.target.kind() == NodeKind::Function) {
        let role = match flow.way {
            Way::RuleTarget => flow.settings.get(&["RoleArn"]),
            Way::Schedule => flow.settings.get(&["Target", "RoleArn"]),
            Way::Pipe => flow.settings.get(&["RoleArn"]),
            Way::LogSubscription => {
                if flow.owner.exists() != Some(false) && may_logs_invoke(graph, flow.target) == Some(false) {
                    found.push(Caller {
                        name: flow.owner.id().to_owned(),
                        source: flow.source,
                        owner: Some(flow.owner),
                        origin: flow.origin,
                        function: flow.target,
                        right: Right::Permission("logs.amazonaws.com"),
                    });
                }
                continue;
            }
            _ => continue,
        };
        let Some(role) = graph.referred(&role).and_then(|node| graph.role(node)) else { continue };
        if role.allows("lambda:InvokeFunction", Some(flow.target)) == Some(false) {
            found.push(Caller {
                name: flow.owner.id().to_owned(),
                source: flow.source,
                owner: Some(flow.owner),
                origin: flow.origin,
                function: flow.target,
                right: Right::Role(role.node()),
            });
        }
    }
    let mut seen = Vec::new();
    for route in graph.routes().filter(|route| route.integration() == IntegrationKind::Function) {
        let (Some(function), Some(api)) = (route.target(), route.api()) else { continue };
        let (api, key) = (api.node(), (api.node().index(), function.index()));
        let holder = route.integration_resource();
        // A definition in a body may name credentials anywhere; only what is written out counts.
        let own = holder.filter(|one| {
            one.exists() == Some(true)
                && matches!(one.ty(), "AWS::ApiGateway::Method" | "AWS::ApiGatewayV2::Integration")
        });
        let Some(own) = own.filter(|own| is_without_credentials(*own)) else { continue };
        if seen.contains(&key) || graph.may_invoke("apigateway.amazonaws.com", function, None) != Some(false) {
            continue;
        }
        seen.push(key);
        found.push(Caller {
            name: route.name().to_string(),
            source: Some(api),
            owner: Some(own),
            origin: route.integration_origin(),
            function,
            right: Right::Permission("apigateway.amazonaws.com"),
        });
    }
    for pool in graph.nodes_of(NodeKind::UserPool) {
        for edge in pool.outgoing().filter(|edge| edge.kind() == EdgeKind::InvokesSync) {
            let function = edge.target();
            if function.kind() != NodeKind::Function
                || pool.resource().is_none_or(|pool| pool.exists() == Some(false))
                || graph.may_invoke("cognito-idp.amazonaws.com", function, None) != Some(false)
            {
                continue;
            }
            found.push(Caller {
                name: pool.name().to_owned(),
                source: Some(pool),
                owner: pool.resource(),
                origin: edge.origin(),
                function,
                right: Right::Permission("cognito-idp.amazonaws.com"),
            });
        }
    }
    found.retain(|caller| caller.function.resource().is_some_and(|function| function.exists() != Some(false)));
    found
}

fn is_without_credentials(holder: Resource<'_>) -> bool {
    holder.property(&["Integration", "Credentials"]).is_absent() && holder.property(&["CredentialsArn"]).is_absent()
}

/// Whether CloudWatch Logs may call `function`; its principal may name a region.
fn may_logs_invoke(graph: &Graph, function: NodeRef<'_>) -> Option<bool> {
    let named = graph
        .permissions_of(function)
        .any(|permission| permission.principal_text().is_none_or(|principal| principal.starts_with("logs.")));
    if named { Some(true) } else { graph.may_invoke("logs.amazonaws.com", function, None) }
}
