//! What the routes of one API have in common, and what they set in it.

use crate::template::sam::api::document;
use crate::template::sam::intrinsics;
use crate::template::sam::property::{Expect, Owner};
use crate::template::sam::python::Lookup;
use crate::template::sam::refusal::Outcome;
use crate::template::value::{Maker, Map, Text, Value};

/// The conditions of several routes, all of which have one.
pub struct Common(Vec<String>);

/// The condition that `conditions` have in common; `None` when one of them is none.
pub fn common_condition<'a>(conditions: impl Iterator<Item = Option<&'a Text>>) -> Option<Common> {
    let mut names = Vec::new();
    for condition in conditions {
        names.push(condition?.to_string());
    }
    names.sort();
    names.dedup();
    (!names.is_empty()).then_some(Common(names))
}

impl Common {
    /// Its name; `combined` when there are several.
    pub fn name<'a>(&'a self, combined: &'a str) -> &'a str {
        match self.0.as_slice() {
            [one] => one,
            _ => combined,
        }
    }

    /// What is to be defined for it under the name `combined`.
    pub fn definitions(&self, make: Maker, combined: &str) -> Vec<(String, Value)> {
        intrinsics::combine(make, &self.0, combined)
    }
}

/// Writes the route settings of an event into its API.
pub fn add_route_settings(
    event: &str,
    api: &str,
    properties: &Map,
    route: document::Route<'_>,
    owner: &Value,
    api_properties: &mut Map,
) -> Outcome<()> {
    let Some(given) = properties.get("RouteSettings") else { return Ok(()) };
    let make = Maker::new(given.origin);
    let name = if route.method == document::ANY_METHOD {
        route.path.to_owned()
    } else {
        format!("{} {}", route.method.to_uppercase(), route.path)
    };
    let settings = api_properties.get_or_insert_with("RouteSettings", || make.map::<Text>([]));
    settings.expect_map(Owner::Resource(api), "RouteSettings")?;
    let given = match owner.truthy("Condition") {
        Some(condition) => intrinsics::conditional(make, condition.clone(), given.clone()),
        None => given.clone(),
    };
    let given = given.expect_map(Owner::Event(event), "RouteSettings")?;
    let Some(settings) = settings.as_map_mut() else { return Ok(()) };
    if let Some(known) = settings.get_or_insert_with(&name, || make.map::<Text>([])).as_map_mut() {
        for entry in given {
            known.insert_at(entry.key.clone(), entry.key_origin, entry.value.clone());
        }
    }
    Ok(())
}
