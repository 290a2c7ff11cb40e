//! Statements of IAM and resource policies.

use super::super::node::NodeId;
use super::super::part::Part;
use super::super::{Graph, NodeRef, Origin, Text};
use crate::template::unknown;

/// What a statement does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Allows.
    Allow,
    /// Denies.
    Deny,
    /// Not known.
    Unknown,
}

/// One action, resource or value of a condition.
#[derive(Clone, Debug)]
pub struct Term {
    /// The text, unknown parts marked; `None` when nothing is known.
    pub text: Option<Text>,
    /// Where it is written.
    pub origin: Origin,
    pub(in crate::graph) target: Option<NodeId>,
}

/// One principal.
#[derive(Clone, Debug)]
pub struct Principal {
    /// `AWS`, `Service`, `Federated`, `CanonicalUser`, or `*` for anybody.
    pub kind: Text,
    /// Who; unknown parts marked.
    pub who: Term,
}

/// One line of a condition block.
#[derive(Clone, Debug)]
pub struct Condition {
    /// `ArnEquals`, `StringLike`, …; empty when the block is not known.
    pub operator: Text,
    /// `aws:SourceArn`, …; empty when the block is not known.
    pub key: Text,
    /// What it is compared with.
    pub values: Vec<Term>,
    /// Where the key is written.
    pub origin: Origin,
}

/// One statement of a policy document.
#[derive(Clone, Debug)]
pub struct Statement {
    /// Allow or deny.
    pub effect: Effect,
    /// `Action`
    pub actions: Vec<Term>,
    /// `NotAction`
    pub not_actions: Vec<Term>,
    /// `Resource`
    pub resources: Vec<Term>,
    /// `NotResource`
    pub not_resources: Vec<Term>,
    /// `Principal`
    pub principals: Vec<Principal>,
    /// `NotPrincipal`
    pub not_principals: Vec<Principal>,
    /// `Condition`
    pub conditions: Vec<Condition>,
    /// Where the statement is written.
    pub origin: Origin,
    /// The resource that holds it.
    pub holder: Text,
    /// Whether the whole statement is known only in part.
    pub unknown: bool,
}

impl Term {
    /// The resource of the template it refers to.
    pub fn target<'g>(&self, graph: &'g Graph) -> Option<NodeRef<'g>> {
        self.target.map(|node| graph.node_ref(node))
    }

    /// Whether it is `*`.
    pub fn is_wildcard(&self) -> bool {
        self.text.as_deref() == Some("*")
    }

    /// Whether a part is not known.
    pub fn is_unknown(&self) -> bool {
        self.text.as_deref().is_none_or(unknown::is_unknown)
    }
}

impl Statement {
    /// Whether the statement covers `action` (any letter case, `*` and `?` as IAM reads them).
    pub fn covers_action(&self, action: &str) -> Option<bool> {
        if !self.not_actions.is_empty() {
            return matched(&self.not_actions, action).map(|covered| !covered);
        }
        if self.actions.is_empty() {
            return (!self.unknown).then_some(false);
        }
        matched(&self.actions, action)
    }

    /// Whether the statement covers a resource of the template, wholly or in part.
    pub fn covers_node(&self, node: NodeRef<'_>) -> Option<bool> {
        let list = if self.not_resources.is_empty() { &self.resources } else { return None };
        let mut unknown = false;
        for term in list {
            if term.is_wildcard() || term.target == Some(node.index()) {
                return Some(true);
            }
            // A literal or partly known pattern may still match the name it will get.
            unknown |= term.target.is_none();
        }
        (!unknown && !self.unknown).then_some(false)
    }

    /// Whether a condition narrows by one of `keys` (`aws:SourceArn`; any letter case).
    pub fn narrowed_by(&self, keys: &[&str]) -> Option<bool> {
        let known = |condition: &Condition| keys.iter().any(|key| key.eq_ignore_ascii_case(&condition.key));
        if self.conditions.iter().any(known) {
            return Some(true);
        }
        let unknown = self.unknown || self.conditions.iter().any(|condition| condition.key.is_empty());
        (!unknown).then_some(false)
    }

    /// The principal that stands for anybody, if there is one: `*` or `{AWS: *}`.
    pub fn anybody(&self) -> Option<&Principal> {
        self.principals.iter().find(|one| one.who.is_wildcard() && matches!(&*one.kind, "*" | "AWS"))
    }

    /// Whether the service (`lambda.amazonaws.com`) is among the principals.
    pub fn for_service(&self, service: &str) -> Option<bool> {
        let mut unknown = self.unknown;
        for one in &self.principals {
            if one.who.text.as_deref().is_some_and(|who| who == service || who == "*") {
                return Some(true);
            }
            unknown |= one.who.is_unknown() && matches!(&*one.kind, "Service" | "*");
        }
        (!unknown).then_some(false)
    }
}

fn matched(terms: &[Term], action: &str) -> Option<bool> {
    let mut unknown = false;
    for term in terms {
        match term.text.as_deref() {
            Some(pattern) if !unknown::is_unknown(pattern) => {
                if matches_pattern(pattern, action) {
                    return Some(true);
                }
            }
            _ => unknown = true,
        }
    }
    (!unknown).then_some(false)
}

/// Whether an action matches a pattern of IAM: letter case does not count, `*` is any text,
/// `?` any character.
pub fn matches_pattern(pattern: &str, action: &str) -> bool {
    let (pattern, action) = (pattern.as_bytes(), action.as_bytes());
    let (mut p, mut a) = (0, 0);
    let mut retry: Option<(usize, usize)> = None;
    while a < action.len() {
        match pattern.get(p) {
            Some(b'*') => {
                retry = Some((p, a));
                p += 1;
            }
            Some(&c) if c == b'?' || c.eq_ignore_ascii_case(&action[a]) => (p, a) = (p + 1, a + 1),
            _ => match retry {
                Some((star, from)) => {
                    retry = Some((star, from + 1));
                    (p, a) = (star + 1, from + 1);
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|&c| c == b'*')
}

/// The statements of the document at `path` below `part`; one unknown statement stands for
/// what cannot be read.
pub(in crate::graph) fn read(graph: &Graph, part: &Part<'_>, path: &[&str], holder: &str) -> Vec<Statement> {
    let mut found = Vec::new();
    for document in part.all(path) {
        if document.is_known() {
            let statements = document.each(&["Statement"]);
            found.extend(statements.iter().map(|one| statement(graph, one, holder)));
        } else {
            found.push(statement(graph, &document, holder));
        }
    }
    found
}

fn statement(graph: &Graph, part: &Part<'_>, holder: &str) -> Statement {
    let effect = match part.text(&["Effect"]).as_deref() {
        Some("Allow") => Effect::Allow,
        Some("Deny") => Effect::Deny,
        _ => Effect::Unknown,
    };
    let terms = |name: &str| part.each(&[name]).iter().map(|item| term(graph, item)).collect::<Vec<_>>();
    let mut conditions = Vec::new();
    if part.has(&["Condition"]).is_none() {
        conditions.push(Condition {
            operator: Text::default(),
            key: Text::default(),
            values: Vec::new(),
            origin: part.origin(),
        });
    }
    for (operator, _, block) in part.entries(&["Condition"]) {
        for (key, origin, values) in block.entries(&[]) {
            let values = values.each(&[]).iter().map(|item| term(graph, item)).collect();
            conditions.push(Condition { operator: operator.into(), key: key.into(), values, origin });
        }
    }
    Statement {
        effect,
        actions: terms("Action"),
        not_actions: terms("NotAction"),
        resources: terms("Resource"),
        not_resources: terms("NotResource"),
        principals: principals(graph, part, "Principal"),
        not_principals: principals(graph, part, "NotPrincipal"),
        conditions,
        origin: part.origin(),
        holder: holder.into(),
        unknown: !part.is_known() || part.origin().is_incomplete(),
    }
}

fn term(graph: &Graph, item: &Part<'_>) -> Term {
    let text = item.eval().symbolic();
    let target = match &text {
        Some(text) if text.contains("arn:") || unknown::is_unknown(text) => graph.find(item.eval(), None).node(),
        _ => None,
    };
    Term { text, origin: item.origin(), target }
}

fn principals(graph: &Graph, part: &Part<'_>, name: &str) -> Vec<Principal> {
    let mut found = Vec::new();
    for principal in part.all(&[name]) {
        if principal.eval().borrowed().is_some_and(|value| value.as_map().is_some()) {
            for (kind, _, values) in principal.entries(&[]) {
                for item in values.each(&[]) {
                    found.push(Principal { kind: kind.into(), who: term(graph, &item) });
                }
            }
        } else {
            found.push(Principal { kind: "*".into(), who: term(graph, &principal) });
        }
    }
    found
}
