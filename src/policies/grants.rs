//! What functions may do by their roles, with the place that lets them.

use crate::graph::{Effect, Graph, NodeKind, NodeRef, Origin, Role, RoleOf, Statement, Term};

/// One entry of a statement that lets a function act on a resource.
#[derive(Clone, Copy, Debug)]
pub(super) struct Grant<'g> {
    /// The action, of those asked for.
    pub action: &'static str,
    /// The entry of `Resource`.
    pub term: &'g Term,
    /// The role.
    pub role: Role<'g>,
}

impl Grant<'_> {
    /// Where it is written.
    pub fn origin(&self) -> Origin {
        self.term.origin
    }
}

/// How the role of `function` surely lets it do any of `actions` on `target`. A wildcard counts
/// where `target` is the only resource of its kind: nothing else can be meant.
pub(super) fn grants<'g>(function: NodeRef<'g>, target: NodeRef<'g>, actions: &[&'static str]) -> Vec<Grant<'g>> {
    match function.graph().role_of(function) {
        RoleOf::Role(role) => of_role(role, target, actions),
        _ => Vec::new(),
    }
}

/// How `role` surely allows any of `actions` on `target`, as [`grants`] has it.
pub(super) fn of_role<'g>(role: Role<'g>, target: NodeRef<'g>, actions: &[&'static str]) -> Vec<Grant<'g>> {
    let graph = target.graph();
    let alone = graph.nodes_of(target.kind()).take(2).count() == 1;
    let mut found = Vec::new();
    for statement in role.statements().iter().filter(|one| one.effect == Effect::Allow) {
        // A wildcard over all actions says nothing about what the function does.
        let everything = statement.actions.iter().any(Term::is_wildcard);
        for term in &statement.resources {
            let named = term.target(graph).is_some_and(|node| node == target);
            if !named && !(term.is_wildcard() && alone && !everything) {
                continue;
            }
            let allowed = |action: &&&'static str| {
                statement.covers_action(action) == Some(true) && role.allows(action, Some(target)) == Some(true)
            };
            if let Some(action) = actions.iter().find(allowed) {
                found.push(Grant { action, term, role });
            }
        }
    }
    found
}

/// Whether another function under the role, one that `consumes` says is no consumer, may be
/// the reason for the grant.
pub(super) fn is_explained_elsewhere<'g>(role: Role<'g>, consumes: impl Fn(NodeRef<'g>) -> bool) -> bool {
    role.users().any(|user| user.kind() == NodeKind::Function && !consumes(user))
}

/// Roles that functions run under, each with the functions; roles that only Lambda may assume
/// count too, with none.
pub(super) fn function_roles(graph: &Graph) -> Vec<(Role<'_>, Vec<NodeRef<'_>>)> {
    let mut found = Vec::new();
    for role in graph.roles() {
        if role.node().resource().is_some_and(|resource| resource.exists() == Some(false)) {
            continue;
        }
        let users: Vec<NodeRef<'_>> = role.users().filter(|user| user.kind() == NodeKind::Function).collect();
        let lambda = |one: &Statement| one.effect == Effect::Allow && trusts(one, "lambda.amazonaws.com");
        if !users.is_empty() || role.trust().iter().any(lambda) {
            found.push((role, users));
        }
    }
    found
}

/// Whether `service` may surely assume the role.
pub(super) fn serves(role: Role<'_>, service: &str) -> bool {
    role.trust().iter().any(|one| one.effect == Effect::Allow && trusts(one, service))
}

fn trusts(statement: &Statement, service: &str) -> bool {
    statement.principals.iter().any(|one| &*one.kind == "Service" && one.who.text.as_deref() == Some(service))
}

/// `Orders`, `Orders and Refunds`, `Orders, Refunds and 3 more`: who a role is for.
pub(super) fn names(functions: &[NodeRef<'_>]) -> String {
    match functions {
        [] => "functions".to_owned(),
        [one] => one.name().to_owned(),
        [first, second] => format!("{} and {}", first.name(), second.name()),
        [first, second, more @ ..] => format!("{}, {} and {} more", first.name(), second.name(), more.len()),
    }
}
