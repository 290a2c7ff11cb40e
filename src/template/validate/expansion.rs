//! What SAM resources expand to.

use super::Validation;
use super::call::is_macro_key;
use super::checker::Place;
use crate::template::value::{Map, Value};
use std::collections::BTreeSet;

impl Validation<'_, '_> {
    /// Checks the properties of resources that the SAM transform made. Values keep the place
    /// where the author wrote them; what was reported there already is not reported again.
    pub(super) fn expansion(&mut self) {
        if !self.index.sam || !self.index.expanded || self.index.open {
            return;
        }
        let written = self.root.get("Resources").and_then(Value::as_map);
        let told: BTreeSet<(u32, u32)> = self.problems.iter().map(|problem| place_of(problem.origin.span())).collect();
        let before = self.problems.len();
        self.expanding = true;
        for entry in self.expanded.get("Resources").and_then(Value::as_map).into_iter().flat_map(Map::iter) {
            let Some(kind) = entry.value.get("Type").and_then(Value::as_str) else { continue };
            let same = written.and_then(|written| written.get(&entry.key)?.get("Type")?.as_str()) == Some(kind);
            let (Some(resource_type), Some(body)) = (self.table.resource_type(kind), entry.value.as_map()) else {
                continue;
            };
            if same || is_macro_key(&entry.key) || entry.value.origin.is_incomplete() {
                continue;
            }
            let Some(properties) = body.entry("Properties") else { continue };
            self.resource = Some(&entry.key);
            self.properties(resource_type, &properties.value, Place::new(properties.key_origin, "Properties"));
            self.resource = None;
        }
        self.expanding = false;
        let mut seen = told;
        let made = self.problems.split_off(before);
        // A problem of a value that nobody wrote says nothing about the template.
        let new = made
            .into_iter()
            .filter(|problem| !problem.origin.is_generated() && seen.insert(place_of(problem.origin.span())));
        self.problems.extend(new.collect::<Vec<_>>());
    }
}

fn place_of(span: crate::source::Span) -> (u32, u32) {
    (u32::from(span.file.0), span.start)
}
