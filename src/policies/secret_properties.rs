//! Properties of resources that hold a password or the like.

use super::parameters::{Reference, references};
use crate::graph::{Graph, Resource, Template, Value};
use crate::schema::{ANY, Table, Types};
use crate::template::intrinsic::Intrinsic;

/// Endings of the names of properties that hold a secret, as the resource types of AWS have them.
const ENDINGS: [&str; 7] =
    ["Password", "PasswordParam", "AuthToken", "OauthToken", "AccessToken", "SecretToken", "ClientSecret"];
/// Values within values; what is nested deeper is left alone.
const MAX_DEPTH: usize = 60;

/// One value that such a property may have.
pub(super) struct SecretProperty<'t> {
    /// The resource.
    pub resource: Resource<'t>,
    /// The name of the property.
    pub name: &'t str,
    /// The value; a choice by a condition is several values.
    pub value: &'t Value,
}

impl<'t> SecretProperty<'t> {
    /// The parameters that the value is made of.
    pub fn parameters(&self) -> Vec<Reference<'t>> {
        references(self.resource.template(), self.value)
    }
}

/// All values of such properties, of resources that may exist, in template order.
pub(super) fn secret_properties(graph: &Graph) -> Vec<SecretProperty<'_>> {
    let template: &Template = graph.template();
    let mut found = Vec::new();
    for resource in template.resources().filter(|resource| resource.exists() != Some(false)) {
        if let Some(properties) = resource.properties() {
            collect(resource, properties, &mut Vec::new(), &mut found);
        }
    }
    found
}

fn collect<'t>(resource: Resource<'t>, value: &'t Value, path: &mut Vec<&'t str>, found: &mut Vec<SecretProperty<'t>>) {
    if path.len() > MAX_DEPTH {
        return;
    }
    match value.intrinsic() {
        Some(Intrinsic::If(_, yes, no)) => {
            collect(resource, yes, path, found);
            collect(resource, no, path, found);
            return;
        }
        Some(_) => return,
        None => {}
    }
    for item in value.as_list().unwrap_or_default() {
        path.push(ANY);
        collect(resource, item, path, found);
        path.pop();
    }
    for entry in value.as_map().into_iter().flat_map(|map| map.iter()) {
        let name = &*entry.key;
        if ENDINGS.iter().any(|ending| name.ends_with(ending)) && is_declared_text(resource.ty(), path, name) {
            choices(&entry.value, 0, &mut |value| found.push(SecretProperty { resource, name, value }));
            continue;
        }
        path.push(name);
        collect(resource, &entry.value, path, found);
        path.pop();
    }
}

/// Whether the resource type itself, and not only a map of free keys in it, has the property, and it
/// is a text.
fn is_declared_text(ty: &str, path: &[&str], name: &str) -> bool {
    let place = Table::embedded().resource_type(ty).and_then(|kind| kind.at(path.iter().copied()));
    let property = place.and_then(|place| place.properties().into_iter().find(|property| property.name == name));
    property.is_some_and(|property| {
        let types = property.place.types();
        // A choice among words, such as the unit of a token's validity, is no secret.
        let free = property.place.allowed().is_none();
        free && (types.is_any() || types.any(Types::STRING) && !types.any(Types::BOOLEAN))
    })
}

fn choices<'t>(value: &'t Value, depth: usize, each: &mut impl FnMut(&'t Value)) {
    match value.intrinsic() {
        Some(Intrinsic::If(_, yes, no)) if depth < MAX_DEPTH => {
            choices(yes, depth + 1, each);
            choices(no, depth + 1, each);
        }
        _ => each(value),
    }
}
