//! From what a policy wants changed in the model to edits of the author's text.
//!
//! A change that cannot be placed (a value that a transform makes, a function where a scalar is
//! expected, a map that others share by an anchor) makes the whole remedy unavailable.

mod data;
mod put;

use crate::document::edit::Edit as Replacement;
use crate::document::{Document, NodeRef};
use crate::finding::{Edit, Fix, Patch, Taken};
use crate::policy::{Change, Remedy};
use crate::source::Span;
use crate::template::authored::{Spot, Texts, is_map};
use crate::template::value::{Origin, Value};
use crate::template::{Resource, Template};
use data::Forms;
use std::cell::OnceCell;

type Edits<'a> = (&'a Document, Vec<Replacement>);

/// Finds the places of changes in one template.
pub struct Places<'a> {
    template: &'a Template,
    texts: Texts<'a>,
    /// How the template's own text writes functions.
    own: OnceCell<Forms>,
}

impl<'a> Places<'a> {
    /// For `template`, which is written in `texts`.
    pub fn new(template: &'a Template, texts: Texts<'a>) -> Self {
        Self { template, texts, own: OnceCell::new() }
    }

    /// The edits that make the changes of `remedy`; `None` when one of them cannot be made.
    pub fn fix(&self, remedy: &Remedy) -> Option<Fix> {
        let mut patch = Patch::default();
        let (added, others): (Vec<&Change>, Vec<&Change>) =
            remedy.changes.iter().partition(|change| matches!(change, Change::Add { .. }));
        let mut made = others.into_iter().map(|change| self.change(change)).collect::<Option<Vec<_>>>()?;
        made.extend(self.add(&added)?);
        for (document, edits) in made {
            let edits = edits
                .into_iter()
                .map(|edit| Edit { span: Span::new(document.file(), edit.start, edit.end), text: edit.text });
            let fix = Fix { safe: remedy.safe, title: String::new(), edits: edits.collect() };
            if patch.add(&fix) == Taken::Clashes {
                return None;
            }
        }
        let edits = patch.into_edits();
        let changes = |edit: &Edit| {
            let text = self.texts.of(edit.span).map(|document| document.source().text());
            text.and_then(|text| text.get(edit.span.range())) != Some(&edit.text)
        };
        edits.iter().any(changes).then(|| Fix { safe: remedy.safe, title: remedy.title.clone(), edits })
    }

    fn change(&self, change: &Change) -> Option<Edits<'a>> {
        match change {
            Change::Put { resource, path, value, own } => {
                let resource = self.template.resource(resource)?;
                let keys: Vec<&str> = path.iter().map(String::as_str).collect();
                if let Some((written, document, node)) = self.property(resource, &keys)
                    && (!own || self.belongs(node, resource))
                    && let Some(edits) = put::replace(document, node, value, &put::text_of(written))
                {
                    return Some((document, edits));
                }
                let spot = self.texts.spot(resource, &keys, value)?;
                put::put(&spot, self.forms(spot.document)).map(|edits| (spot.document, edits))
            }
            Change::Drop { resource, path } => {
                let resource = self.template.resource(resource)?;
                let keys: Vec<&str> = path.iter().map(String::as_str).collect();
                let (document, node) = match self.property(resource, &keys) {
                    Some((_, document, node)) => (document, node),
                    None => {
                        let spot = self.texts.spot(resource, &keys, &serde_json::Value::Null)?;
                        let node = spot.path.iter().try_fold(spot.map, |map, key| map.get(key))?;
                        (spot.document, node)
                    }
                };
                self.belongs(node, resource).then_some(())?;
                put::remove(document, node).map(|edits| (document, edits))
            }
            Change::PutWithin { place, path, value } => {
                let (document, map) = self.node(*place).filter(|(_, map)| is_map(*map))?;
                let (path, value) = (path.clone(), value.clone());
                let spot = Spot { document, map, path, value, after: None, short_for: None };
                put::put(&spot, self.forms(document)).map(|edits| (document, edits))
            }
            Change::Append { place, item } => {
                let (document, list) = self.node(*place)?;
                put::is_own(list).then_some(())?;
                document.append(list, &self.forms(document).tree(item)?).map(|edits| (document, edits))
            }
            Change::Replace { place, old, value } => {
                let (document, node) = self.node(*place)?;
                put::replace(document, node, value, old).map(|edits| (document, edits))
            }
            Change::Rewrite { place, value } => {
                let (document, node) = self.node(*place)?;
                let tree = self.forms(document).tree(value)?;
                put::rewrite(document, node, &tree).map(|edits| (document, edits))
            }
            Change::Respell { place, old, new } => {
                let document = self.texts.of(place.span()).filter(|_| !place.is_generated())?;
                put::respell(document, place.span(), old, new).map(|edits| (document, edits))
            }
            Change::Wrap { place, value } => {
                let (document, node) = self.node(*place)?;
                put::wrap(document, node, &self.forms(document).tree(value)?).map(|edits| (document, edits))
            }
            Change::Unwrap { place, text } => {
                let (document, node) = self.node(*place)?;
                put::unwrap(document, node, text).map(|edits| (document, edits))
            }
            Change::Remove { place } => {
                let (document, node) = self.node(*place)?;
                put::remove(document, node).map(|edits| (document, edits))
            }
            Change::Attribute { resource, name, value } => {
                let (document, map) = self.texts.body(self.template.resource(resource)?)?;
                let path = vec![(*name).to_owned()];
                let spot = Spot { document, map, path, value: value.clone(), after: Some("Type"), short_for: None };
                put::put(&spot, self.forms(document)).map(|edits| (document, edits))
            }
            Change::Add { .. } => None,
        }
    }

    /// New resources, one by one where the template has others.
    fn add(&self, changes: &[&Change]) -> Option<Vec<Edits<'a>>> {
        let mut bodies = serde_json::Map::new();
        for change in changes {
            let Change::Add { id, body } = change else { continue };
            if self.template.resource(id).is_some() || bodies.insert(id.clone(), body.clone()).is_some() {
                return None;
            }
        }
        if bodies.is_empty() {
            return Some(Vec::new());
        }
        let mut spot = self.texts.resources(self.template.dialect)?;
        let forms = self.forms(spot.document);
        if spot.path.iter().try_fold(spot.map, |map, key| map.get(key)).is_none() {
            spot.value = bodies.into();
            return Some(vec![(spot.document, put::put(&spot, forms)?)]);
        }
        let mut made = Vec::new();
        for (id, body) in bodies {
            let mut spot = self.texts.resources(self.template.dialect)?;
            spot.path.push(id);
            spot.value = body;
            made.push((spot.document, put::put(&spot, forms)?));
        }
        Some(made)
    }

    /// The property as the author writes it.
    fn property(&self, resource: Resource<'a>, path: &[&str]) -> Option<(&'a Value, &'a Document, NodeRef<'a>)> {
        let written = resource.properties()?.at(path)?;
        let (document, node) = self.node(written.origin)?;
        Some((written, document, node))
    }

    /// Whether `node` is a part of what the author writes for `resource` alone.
    fn belongs(&self, node: NodeRef<'_>, resource: Resource<'_>) -> bool {
        let Some((_, cause)) = self.texts.node(resource.origin().span()) else { return false };
        let span = cause.entry().map_or(cause.span(), |(_, value)| value.span());
        span.encloses(node.span())
    }

    /// The node that is written at a place.
    fn node(&self, place: Origin) -> Option<(&'a Document, NodeRef<'a>)> {
        self.texts.node(place.span()).filter(|_| !place.is_generated())
    }

    fn forms(&self, document: &Document) -> Forms {
        let forms = || Forms::of(document, !self.template.is_service());
        if document.file() == self.texts.own().file() { *self.own.get_or_init(forms) } else { forms() }
    }
}
