//! What a property that names another resource refers to.

use super::edge::Qualifier;
use super::node::{NodeId, NodeKind, NodeRef};
use super::{Eval, Graph, Text, Value};
use crate::template::unknown;

/// What a reference leads to.
#[derive(Clone, Debug)]
pub enum Target<'g> {
    /// A resource of the template; for a function also which version.
    Node(NodeRef<'g>, Qualifier),
    /// Text that names something outside the template: an ARN, a URL, a name.
    Outside(Text),
    /// Nothing can be said.
    Unknown,
    /// The property is not there.
    Absent,
}

impl<'g> Target<'g> {
    /// The node, if it is one of the template.
    pub fn node(&self) -> Option<NodeRef<'g>> {
        if let Self::Node(node, _) = self { Some(*node) } else { None }
    }
}

/// Index form of [`Target`], for building.
#[derive(Clone, Debug)]
pub(super) enum Found {
    Node(NodeId, Qualifier),
    Outside(Text),
    Unknown,
    Absent,
}

impl Found {
    /// The node, if it is one of the template.
    pub fn node(&self) -> Option<NodeId> {
        if let Self::Node(node, _) = self { Some(*node) } else { None }
    }
}

impl Graph {
    /// What `value` refers to: `Ref`, `Fn::GetAtt`, an ARN built around either, or the
    /// physical name of a resource of this template. Aliases and versions lead to their
    /// function, with the qualifier told apart.
    pub fn resolve<'g>(&'g self, value: &'g Value) -> Target<'g> {
        self.target(self.find(&self.template.eval(value), None))
    }

    /// What the evaluated `value` refers to; a bare name is looked up among nodes of `kind`.
    pub fn resolve_eval<'g>(&'g self, value: &Eval<'g>, kind: Option<NodeKind>) -> Target<'g> {
        self.target(self.find(value, kind))
    }

    /// The node that `value` refers to.
    pub fn referred<'g>(&'g self, value: &Eval<'g>) -> Option<NodeRef<'g>> {
        self.resolve_eval(value, None).node()
    }

    /// As [`Graph::resolve_eval`], for a value that does not live as long as the answer.
    pub fn target_of(&self, value: &Eval<'_>, kind: Option<NodeKind>) -> Target<'_> {
        self.target(self.find(value, kind))
    }

    fn target(&self, found: Found) -> Target<'_> {
        match found {
            Found::Node(node, qualifier) => Target::Node(self.node_ref(node), qualifier),
            Found::Outside(text) => Target::Outside(text),
            Found::Unknown => Target::Unknown,
            Found::Absent => Target::Absent,
        }
    }

    pub(super) fn find(&self, value: &Eval<'_>, kind: Option<NodeKind>) -> Found {
        match value {
            Eval::Absent => Found::Absent,
            Eval::Unknown(_) => Found::Unknown,
            _ => match value.symbolic() {
                Some(text) => self.find_text(&text, kind),
                None => Found::Unknown,
            },
        }
    }

    /// `text` may hold unknown parts, each of which may be a reference to a resource.
    pub(super) fn find_text(&self, text: &str, kind: Option<NodeKind>) -> Found {
        let mut marks = unknown::marks(text).peekable();
        if marks.peek().is_none() {
            return self.find_name(text, kind);
        }
        for (mark, rest) in marks {
            let (id, attribute) = mark.split_once('.').map_or((mark, None), |(id, attribute)| (id, Some(attribute)));
            let Some(&node) = self.by_id.get(id) else { continue };
            // `Outputs.X` of a nested stack names something inside it, not the stack.
            if attribute.is_some_and(|attribute| attribute.starts_with("Outputs.")) {
                continue;
            }
            return self.qualified(node, rest);
        }
        self.find_name(text, kind)
    }

    /// The resources of one of `kinds` that the unknown parts of `text` refer to.
    pub(super) fn mentioned(&self, text: &str, kinds: &[NodeKind]) -> Vec<NodeId> {
        let mut found = Vec::new();
        for (mark, rest) in unknown::marks(text) {
            let id = mark.split('.').next().unwrap_or(mark);
            let Some(&node) = self.by_id.get(id) else { continue };
            if let Found::Node(node, _) = self.qualified(node, rest)
                && (kinds.is_empty() || kinds.contains(&self.net[node].kind))
                && !found.contains(&node)
            {
                found.push(node);
            }
        }
        found
    }

    /// Follows aliases and versions to their function; `rest` is the text behind the reference.
    fn qualified(&self, node: NodeId, rest: &str) -> Found {
        let followed = |node: NodeId| {
            let mut at = node;
            for _ in 0..3 {
                let next = self.net.edges(at).find(|edge| edge.weight().kind == super::EdgeKind::Qualifies);
                match next {
                    Some(edge) => at = petgraph::visit::EdgeRef::target(&edge),
                    None => break,
                }
            }
            at
        };
        match self.net[node].kind {
            NodeKind::Function => {
                let name: String = rest
                    .strip_prefix(':')
                    .unwrap_or_default()
                    .chars()
                    .take_while(|c| !matches!(c, '/' | ':' | '}'))
                    .collect();
                let qualifier = if name.is_empty() || name == "$LATEST" {
                    Qualifier::Unqualified
                } else if unknown::is_unknown(&name) || name.starts_with("${") {
                    Qualifier::Unknown
                } else if name.bytes().all(|byte| byte.is_ascii_digit()) {
                    Qualifier::Version(None)
                } else {
                    Qualifier::Alias(self.alias_named(node, &name))
                };
                Found::Node(node, qualifier)
            }
            NodeKind::Alias => match followed(node) {
                function if function == node => Found::Node(node, Qualifier::Alias(Some(node))),
                function => Found::Node(function, Qualifier::Alias(Some(node))),
            },
            NodeKind::Version => match followed(node) {
                function if function == node => Found::Node(node, Qualifier::Version(Some(node))),
                function => Found::Node(function, Qualifier::Version(Some(node))),
            },
            _ => Found::Node(node, Qualifier::None),
        }
    }

    fn alias_named(&self, function: NodeId, name: &str) -> Option<NodeId> {
        let aliases = self.nodes_of(NodeKind::Alias);
        let mut named = aliases.filter(|alias| alias.property(&["Name"]).text().is_some_and(|text| text == name));
        named
            .find(|alias| matches!(self.qualified(alias.index(), ""), Found::Node(found, _) if found == function))
            .map(NodeRef::index)
    }

    /// The resources of `kind` that carry the physical name, in template order.
    pub(super) fn named(&self, kind: NodeKind, name: &str) -> &[NodeId] {
        self.by_name.get(&(kind, name.into())).map_or(&[], Vec::as_slice)
    }

    /// A literal (or partly known) name or ARN.
    fn find_name(&self, text: &str, kind: Option<NodeKind>) -> Found {
        if let Some(arn) = Arn::parse(text) {
            let known = arn.kind().and_then(|kind| self.named(kind, arn.name).first());
            return match known {
                Some(&node) => self.qualified(node, arn.rest),
                None if unknown::is_unknown(arn.name) => Found::Unknown,
                None => Found::Outside(text.into()),
            };
        }
        let (kind, name) = match text.strip_prefix("https://sqs.").and_then(|url| url.rsplit_once('/')) {
            Some((_, name)) => (Some(NodeKind::Queue), name),
            None => (kind, text),
        };
        let known = kind.and_then(|kind| self.named(kind, name).first());
        match known {
            Some(&node) => self.qualified(node, ""),
            None if unknown::is_unknown(text) => Found::Unknown,
            None => Found::Outside(text.into()),
        }
    }
}

/// The parts of an ARN that identify a resource.
struct Arn<'t> {
    service: &'t str,
    sort: &'t str,
    name: &'t str,
    rest: &'t str,
}

impl<'t> Arn<'t> {
    fn parse(text: &'t str) -> Option<Self> {
        // Unknown parts such as the region's may hold colons of their own.
        let mut parts = [""; 5];
        let mut resource = text;
        for part in &mut parts {
            let at = unknown::find_outside(resource, |c| c == ':')?;
            (*part, resource) = (&resource[..at], &resource[at + 1..]);
        }
        let [first, _partition, service, _region, _account] = parts;
        if first != "arn" {
            return None;
        }
        let (sort, name) = match unknown::find_outside(resource, |c| matches!(c, ':' | '/')) {
            Some(at) if !matches!(service, "sqs" | "sns" | "s3") => (&resource[..at], &resource[at + 1..]),
            _ => ("", resource),
        };
        // Objects of a bucket and indexes of a table belong to it.
        let name = match service {
            "s3" | "dynamodb" => &name[..unknown::find_outside(name, |c| c == '/').unwrap_or(name.len())],
            _ => name,
        };
        // `function:name:alias`; other services put nothing behind the name.
        let (name, rest) = match unknown::find_outside(name, |c| c == ':') {
            Some(at) if service == "lambda" => name.split_at(at),
            _ => (name, ""),
        };
        Some(Self { service, sort, name, rest })
    }

    fn kind(&self) -> Option<NodeKind> {
        Some(match (self.service, self.sort) {
            ("lambda", "function") => NodeKind::Function,
            ("sqs", _) => NodeKind::Queue,
            ("sns", _) => NodeKind::Topic,
            ("s3", _) => NodeKind::Bucket,
            ("dynamodb", "table") => NodeKind::Table,
            ("kinesis", "stream") => NodeKind::Stream,
            ("states", "stateMachine") => NodeKind::StateMachine,
            ("events", "event-bus") => NodeKind::Bus,
            ("iam", "role") => NodeKind::Role,
            ("logs", "log-group") => NodeKind::LogGroup,
            ("events", "rule") => NodeKind::Rule,
            ("cloudwatch", "alarm") => NodeKind::Alarm,
            ("firehose", "deliverystream") => NodeKind::Firehose,
            ("secretsmanager", "secret") => NodeKind::Secret,
            _ => return None,
        })
    }
}
