//! Roles with everything that is attached to them.

use super::super::node::NodeId;
use super::super::{Graph, NodeRef, Origin};
use super::managed;
use super::statement::{Effect, Statement, Term};

#[derive(Debug)]
pub(in crate::graph) struct RoleData {
    pub node: NodeId,
    pub trust: Vec<Statement>,
    pub statements: Vec<Statement>,
    pub managed: Vec<Term>,
    pub complete: bool,
}

/// Statements that guard resources: the policy of a queue, topic, bucket, bus or key.
#[derive(Debug)]
pub(in crate::graph) struct ResourcePolicyData {
    pub targets: Vec<NodeId>,
    pub statements: Vec<Statement>,
    pub holder: super::super::Text,
    /// Whether all resources it is for are known.
    pub complete: bool,
}

/// A role.
#[derive(Clone, Copy, Debug)]
pub struct Role<'g> {
    graph: &'g Graph,
    data: &'g RoleData,
}

/// A policy that guards resources.
#[derive(Clone, Copy, Debug)]
pub struct ResourcePolicy<'g> {
    graph: &'g Graph,
    data: &'g ResourcePolicyData,
}

impl<'g> Role<'g> {
    pub(in crate::graph) fn new(graph: &'g Graph, data: &'g RoleData) -> Self {
        Self { graph, data }
    }

    /// Its node.
    pub fn node(self) -> NodeRef<'g> {
        self.graph.node_ref(self.data.node)
    }

    /// Who may assume it.
    pub fn trust(self) -> &'g [Statement] {
        &self.data.trust
    }

    /// What it may do: inline policies, policies and managed policies of the template.
    pub fn statements(self) -> &'g [Statement] {
        &self.data.statements
    }

    /// ARNs of managed policies that are not of the template.
    pub fn managed_policies(self) -> &'g [Term] {
        &self.data.managed
    }

    /// Whether all of its statements are known: no managed policy outside the template whose
    /// contents are not a known fact.
    pub fn is_complete(self) -> bool {
        self.data.complete && !self.graph.is_open()
    }

    /// Whether it may do `action` on `target` (on anything, when none is given); `None` when
    /// that depends on what is not known.
    pub fn allows(self, action: &str, target: Option<NodeRef<'g>>) -> Option<bool> {
        let mut unknown = !self.is_complete();
        let mut allowed = false;
        for statement in &self.data.statements {
            let covered = match (statement.covers_action(action), target) {
                (Some(false), _) => Some(false),
                (action, None) => action,
                (action, Some(target)) => match (action, statement.covers_node(target)) {
                    (_, Some(false)) => Some(false),
                    (Some(true), Some(true)) => Some(true),
                    _ => None,
                },
            };
            match (statement.effect, covered) {
                (_, Some(false)) => {}
                (Effect::Allow, Some(true)) => allowed = true,
                // A denial may be narrowed by conditions.
                (Effect::Deny, Some(true)) if statement.conditions.is_empty() => return Some(false),
                _ => unknown = true,
            }
        }
        for policy in &self.data.managed {
            let Some(name) = policy.text.as_deref().and_then(|arn| arn.rsplit('/').next()) else { continue };
            allowed |= managed::allows(name, action) == Some(true);
        }
        if allowed {
            Some(true)
        } else if unknown {
            None
        } else {
            Some(false)
        }
    }

    /// The nodes that run under it.
    pub fn users(self) -> impl Iterator<Item = NodeRef<'g>> {
        self.node().sources(super::super::EdgeKind::Assumes)
    }
}

impl<'g> ResourcePolicy<'g> {
    /// The resources it guards.
    pub fn targets(self) -> impl Iterator<Item = NodeRef<'g>> {
        self.data.targets.iter().map(|node| self.graph.node_ref(*node))
    }

    /// Its statements.
    pub fn statements(self) -> &'g [Statement] {
        &self.data.statements
    }

    /// The resource that holds it.
    pub fn resource(self) -> Option<super::super::Resource<'g>> {
        self.graph.template().resource(&self.data.holder)
    }
}

/// What a node runs under.
#[derive(Clone, Copy, Debug)]
pub enum RoleOf<'g> {
    /// A role of the template.
    Role(Role<'g>),
    /// A role outside the template, or one that is not known.
    Unknown(Option<Origin>),
    /// None.
    Absent,
}

impl Graph {
    /// All roles, in template order.
    pub fn roles(&self) -> impl Iterator<Item = Role<'_>> {
        self.details.roles.iter().map(|data| Role::new(self, data))
    }

    /// The role of a role node.
    pub fn role(&self, node: NodeRef<'_>) -> Option<Role<'_>> {
        self.roles().find(|role| role.data.node == node.index())
    }

    /// The role `node` runs under.
    pub fn role_of<'g>(&'g self, node: NodeRef<'g>) -> RoleOf<'g> {
        let Some(edge) = node.outgoing().find(|edge| edge.kind() == super::super::EdgeKind::Assumes) else {
            return match node.property(&["Role"]).origin().or_else(|| node.property(&["RoleArn"]).origin()) {
                Some(origin) => RoleOf::Unknown(Some(origin)),
                None => RoleOf::Absent,
            };
        };
        self.role(edge.target()).map_or(RoleOf::Unknown(Some(edge.origin())), RoleOf::Role)
    }

    /// All policies that guard queues, topics, buckets, buses, keys, APIs and secrets.
    pub fn resource_policies(&self) -> impl Iterator<Item = ResourcePolicy<'_>> {
        self.details.resource_policies.iter().map(|data| ResourcePolicy { graph: self, data })
    }

    /// Whether the policies of `target` let `service` do `action` on it, for `source` where
    /// one is given; `None` when that depends on what is not known.
    pub fn lets_service<'g>(
        &'g self,
        target: NodeRef<'g>,
        service: &str,
        action: &str,
        source: Option<NodeRef<'g>>,
    ) -> Option<bool> {
        let mut unknown = self.is_open();
        for policy in &self.details.resource_policies {
            if !policy.targets.contains(&target.index()) {
                unknown |= !policy.complete;
                continue;
            }
            for statement in policy.statements.iter().filter(|one| one.effect != Effect::Deny) {
                match (statement.for_service(service), statement.covers_action(action)) {
                    (Some(false), _) | (_, Some(false)) => continue,
                    (Some(true), Some(true)) if statement.effect == Effect::Allow => {}
                    _ => {
                        unknown = true;
                        continue;
                    }
                }
                let mut sources =
                    statement.conditions.iter().filter(|one| one.key.eq_ignore_ascii_case("aws:SourceArn")).peekable();
                let (Some(source), true) = (source, sources.peek().is_some()) else { return Some(true) };
                let values: Vec<&Term> = sources.flat_map(|condition| &condition.values).collect();
                if values.iter().any(|term| term.target == Some(source.index())) {
                    return Some(true);
                }
                unknown |= values.iter().any(|term| term.target.is_none());
            }
        }
        (!unknown).then_some(false)
    }

    /// Whether `node` may do `action` on `target` by its role; see [`Role::allows`].
    pub fn may<'g>(&'g self, node: NodeRef<'g>, action: &str, target: Option<NodeRef<'g>>) -> Option<bool> {
        match self.role_of(node) {
            RoleOf::Role(role) => role.allows(action, target),
            RoleOf::Unknown(_) | RoleOf::Absent => None,
        }
    }
}

impl RoleOf<'_> {
    /// Whether nothing is known about it.
    pub fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown(_))
    }
}
