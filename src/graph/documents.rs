//! IAM policy documents, wherever in a template they stand: in roles and policies, in the policies
//! of resources, in trust policies, in the bodies of APIs.

use super::{Graph, Part, Resource, Value};

/// Values within values; what is nested deeper is no policy.
const MAX_DEPTH: u32 = 60;

/// A policy document.
#[derive(Clone, Debug)]
pub struct PolicyDocument<'t> {
    /// The resource it stands in.
    pub resource: Resource<'t>,
    /// The document.
    pub part: Part<'t>,
    /// The document as it is written.
    pub value: &'t Value,
}

impl Graph {
    /// All policy documents of resources that may exist, in template order.
    pub fn policy_documents(&self) -> Vec<PolicyDocument<'_>> {
        let mut found = Vec::new();
        for resource in self.template().resources().filter(|resource| resource.exists() != Some(false)) {
            if let Some(properties) = resource.properties() {
                collect(resource, properties, 0, &mut found);
            }
        }
        found
    }
}

fn collect<'t>(resource: Resource<'t>, value: &'t Value, depth: u32, found: &mut Vec<PolicyDocument<'t>>) {
    if depth > MAX_DEPTH {
        return;
    }
    if value.get("Statement").is_some() {
        let part = Part::new(resource.template(), value);
        let effect = |statement: &Part<'_>| statement.has(&["Effect"]) == Some(true);
        if part.each(&["Statement"]).iter().any(effect) {
            found.push(PolicyDocument { resource, part, value });
            return;
        }
    }
    match value.as_map() {
        Some(map) => map.iter().for_each(|entry| collect(resource, &entry.value, depth + 1, found)),
        None => value.as_list().unwrap_or_default().iter().for_each(|item| collect(resource, item, depth + 1, found)),
    }
}
