//! Where in a document something stands: the path of keys to it, and what the resource table
//! says of that path.

use crate::document::{Document, Kind, NodeRef};
use crate::schema::{ANY, Place, Table};

/// One step from a collection to what it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// An entry of a map.
    Key(String),
    /// An item of a list.
    Item(usize),
}

impl Step {
    pub fn key(&self) -> Option<&str> {
        if let Self::Key(key) = self { Some(key) } else { None }
    }
}

/// A node with the path to it. The path of a key ends with the key itself.
pub(super) struct Spot<'d> {
    pub node: NodeRef<'d>,
    pub steps: Vec<Step>,
    pub is_key: bool,
}

/// The innermost scalar or empty collection at an offset.
pub(super) fn spot(document: &Document, offset: u32) -> Option<Spot<'_>> {
    let node = document.node_at(offset)?;
    let mut steps = Vec::new();
    let is_key = is_key(node);
    let mut at = node;
    while let Some(parent) = at.parent() {
        match parent.kind() {
            Kind::Map => {
                let entry = parent.pairs().find(|(key, value)| key.id() == at.id() || value.id() == at.id());
                steps.push(Step::Key(entry?.0.text().to_owned()));
            }
            Kind::Seq => steps.push(Step::Item(parent.children().position(|item| item.id() == at.id())?)),
            _ => return None,
        }
        at = parent;
    }
    steps.reverse();
    Some(Spot { node, steps, is_key })
}

fn is_key(node: NodeRef<'_>) -> bool {
    node.parent().is_some_and(|parent| parent.pairs().any(|(key, _)| key.id() == node.id()))
}

/// The path below a CloudFormation template: a service holds one under `resources`.
pub(super) fn in_template(steps: &[Step], is_service: bool) -> Option<&[Step]> {
    if !is_service {
        return Some(steps);
    }
    match steps {
        [Step::Key(first), rest @ ..] if first == "resources" => match rest {
            [Step::Item(_), rest @ ..] => Some(rest),
            rest => Some(rest),
        },
        _ => None,
    }
}

/// The node at a path from the root of a document.
pub(super) fn node<'d>(document: &'d Document, steps: &[Step]) -> Option<NodeRef<'d>> {
    steps.iter().try_fold(document.root()?, |node, step| {
        let node = node.target().unwrap_or(node);
        match step {
            Step::Key(key) => node.get(key),
            Step::Item(index) => node.children().nth(*index),
        }
    })
}

/// What the resource table says of a path below a template. `base` is the path of the template
/// within the document.
pub(super) fn schema(document: &Document, base: &[Step], steps: &[Step]) -> Option<Place> {
    let table = Table::embedded();
    let text = |below: &[&str]| {
        let path: Vec<Step> =
            base.iter().cloned().chain(below.iter().map(|key| Step::Key((*key).to_owned()))).collect();
        node(document, &path).map(|node| node.target().unwrap_or(node).text().to_owned())
    };
    let (kind, depth) = match steps {
        [Step::Key(section), Step::Key(id), Step::Key(part), ..] if section == "Resources" && part == "Properties" => {
            (text(&["Resources", id, "Type"])?, 3)
        }
        [Step::Key(section), Step::Key(part), ..] if section == "Globals" => (format!("AWS::Serverless::{part}"), 2),
        _ => return None,
    };
    let mut place = table.resource_type(&kind)?.place();
    let mut at: Vec<Step> = base.iter().chain(&steps[..depth]).cloned().collect();
    let mut rest = &steps[depth..];
    loop {
        place = narrowed(document, &at, place);
        let Some((step, more)) = rest.split_first() else { return Some(place) };
        at.push(step.clone());
        rest = more;
        match step {
            // A choice stands for what is chosen.
            Step::Key(key) if key == "Fn::If" => {
                if let Some((item, more)) = rest.split_first() {
                    at.push(item.clone());
                    rest = more;
                }
            }
            Step::Key(key) => place = place.step(key)?,
            Step::Item(index) => {
                let is_choice = node(document, &at[..at.len() - 1]).and_then(NodeRef::tag) == Some("!If");
                if is_choice && *index > 0 {
                    continue;
                }
                place = place.step(ANY)?;
            }
        }
    }
}

/// The place with the forms that its neighbours leave open.
fn narrowed(document: &Document, at: &[Step], place: Place) -> Place {
    let Some(map) = node(document, at).map(|node| node.target().unwrap_or(node)) else { return place };
    let given: Vec<(&str, &str)> = map
        .pairs()
        .filter(|(_, value)| value.kind() == Kind::Scalar && value.tag().is_none() && !value.text().is_empty())
        .map(|(key, value)| (key.text(), value.text()))
        .collect();
    if given.is_empty() {
        return place;
    }
    let narrowed = place.given(&given);
    // A value that is half typed excludes every form.
    if narrowed.properties().is_empty() { place } else { narrowed }
}
