//! Where the author of a template writes what the model holds: a property of a generated
//! resource belongs to the function, event or provider it was made for, under the name that the
//! dialect has for it.

mod sam;
mod service;

use super::dialect::Dialect;
use super::model::Resource;
use crate::document::{Document, Kind, NodeRef};
use crate::source::Span;
use serde_json::Value as Json;

/// The texts one template consists of: its own, then those it includes.
#[derive(Clone, Copy, Debug)]
pub struct Texts<'d> {
    own: &'d Document,
    included: &'d [Document],
}

/// A place where a value goes: keys below a map, of which the last ones may be missing.
pub struct Spot<'d> {
    /// The text it is in.
    pub document: &'d Document,
    /// The map that exists.
    pub map: NodeRef<'d>,
    /// The keys below it.
    pub path: Vec<String>,
    /// The value in the shape the dialect wants there.
    pub value: Json,
    /// The key of `map` that the first key goes behind when it is new.
    pub after: Option<&'static str>,
    /// The key under which a text goes that stands where the path needs a map
    /// (`sqs: arn` is short for `sqs: {arn: arn}`).
    pub short_for: Option<&'static str>,
}

impl<'d> Texts<'d> {
    /// The texts of a template.
    pub fn new(own: &'d Document, included: &'d [Document]) -> Self {
        Self { own, included }
    }

    /// The template's own text.
    pub fn own(self) -> &'d Document {
        self.own
    }

    /// The text that `span` is in.
    pub fn of(self, span: Span) -> Option<&'d Document> {
        std::iter::once(self.own).chain(self.included).find(|document| document.file() == span.file)
    }

    /// The node written as `span`, unless a loop writes it several times.
    pub fn node(self, span: Span) -> Option<(&'d Document, NodeRef<'d>)> {
        let document = self.of(span)?;
        let node = document.node_of(span)?;
        (!node.path().iter().any(|key| key.starts_with("Fn::ForEach"))).then_some((document, node))
    }

    /// Where the author writes the property `path` of `resource`, and `value` as it is written
    /// there. Numbers in the path count items. `None` where that is not known.
    pub fn spot(self, resource: Resource<'_>, path: &[&str], value: &Json) -> Option<Spot<'d>> {
        if let Some((document, body)) = self.body(resource) {
            let kind = body.get("Type").map(NodeRef::text).unwrap_or_default();
            let own = |path: Vec<String>, value: Json| plain(document, body, path, value);
            if kind == resource.ty() {
                let path = std::iter::once("Properties").chain(path.iter().copied());
                return own(path.map(str::to_owned).collect(), value.clone());
            }
            if let Some(shared) = sam::shared(document, kind, resource.ty(), path, value) {
                return Some(shared);
            }
            let (path, value) = sam::of_resource(kind, resource.ty(), path, value)?;
            return own(path, value);
        }
        let (document, node) = self.node(resource.origin().span())?;
        match resource.template().dialect {
            Dialect::Serverless => service::spot(document, node, resource, path, value),
            Dialect::Sam => sam::spot(document, node, resource, path, value),
            Dialect::CloudFormation => None,
        }
    }

    /// The map of a resource that the author names.
    pub fn body(self, resource: Resource<'_>) -> Option<(&'d Document, NodeRef<'d>)> {
        if resource.origin().is_generated() {
            return None;
        }
        let (document, node) = self.node(resource.origin().span())?;
        let (key, body) = node.entry()?;
        (key.id() == node.id() && is_map(body) && body.get("Type").is_some()).then_some((document, body))
    }

    /// The map that resources are added to, and the keys below it that may be missing.
    pub fn resources(self, dialect: Dialect) -> Option<Spot<'d>> {
        let root = self.own.root()?;
        let spot = |map, path: &[&str]| Spot {
            document: self.own,
            map,
            path: path.iter().map(|key| (*key).to_owned()).collect(),
            value: Json::Null,
            after: None,
            short_for: None,
        };
        if dialect != Dialect::Serverless {
            return is_map(root.get("Resources")?).then(|| spot(root, &["Resources"]));
        }
        match root.get("resources") {
            Some(list) if list.kind() == Kind::Seq => {
                let own = list.children().find(|item| item.get("Resources").is_some_and(is_map))?;
                Some(spot(own, &["Resources"]))
            }
            Some(section) if is_map(section) && section.get("Resources").is_some_and(|map| !is_map(map)) => None,
            Some(section) if !is_map(section) => None,
            _ => Some(spot(root, &["resources", "Resources"])),
        }
    }
}

/// A place below `map`, items counted away.
fn plain<'d>(document: &'d Document, map: NodeRef<'d>, path: Vec<String>, value: Json) -> Option<Spot<'d>> {
    let (mut at, mut start) = (map, 0);
    for (index, key) in path.iter().enumerate() {
        let next = match at.kind() {
            Kind::Seq => key.parse().ok().and_then(|item: usize| at.children().nth(item)),
            _ => at.get(key),
        };
        let Some(next) = next else { break };
        if next.kind() == Kind::Seq {
            start = usize::MAX;
        } else if start == usize::MAX {
            start = index + 1;
            if !is_map(next) {
                return None;
            }
            return plain(document, next, path.get(start..)?.to_vec(), value);
        }
        at = next;
    }
    // A list that does not exist has no items to be counted.
    let known = path.last().is_some() && !path.iter().any(|key| key.bytes().all(|byte| byte.is_ascii_digit()));
    known.then_some(Spot { document, map, path, value, after: None, short_for: None })
}

/// Whether `node` is a map of plain keys, not a function.
pub fn is_map(node: NodeRef<'_>) -> bool {
    let function = |key: &str| key.starts_with("Fn::") || key == "Ref";
    node.kind() == Kind::Map && node.tag().is_none() && !node.pairs().any(|(key, _)| function(key.text()))
}
