//! What is written and changes nothing.

use super::Validation;
use super::call::is_macro_key;
use crate::template::value::{Kind, Map, Value};
use crate::template::{ProblemKind, Repair};
use std::collections::BTreeSet;

/// Names something refers to.
#[derive(Debug, Default)]
pub(super) struct Used<'v> {
    /// Parameters and resources.
    pub names: BTreeSet<&'v str>,
    /// Conditions.
    pub conditions: BTreeSet<&'v str>,
    /// Mappings.
    pub mappings: BTreeSet<&'v str>,
    /// Whether a mapping is chosen by a value that is not known.
    pub any_mapping: bool,
}

impl Validation<'_, '_> {
    /// Reports declarations nothing refers to.
    pub(super) fn unused(&mut self) {
        // Loops have been unrolled, and macros may use anything.
        if self.index.open || self.index.extensions || self.root.origin.is_incomplete() {
            return;
        }
        let declared = |section: &str| self.root.get(section).and_then(Value::as_map).into_iter().flat_map(Map::iter);
        let mut found = Vec::new();
        let used = &self.used;
        for entry in declared("Parameters").filter(|entry| !used.names.contains(&*entry.key)) {
            found.push((entry, ProblemKind::UnusedParameter, "parameter"));
        }
        for entry in declared("Conditions").filter(|entry| !used.conditions.contains(&*entry.key)) {
            found.push((entry, ProblemKind::UnusedCondition, "condition"));
        }
        for entry in declared("Mappings").filter(|entry| !used.any_mapping && !used.mappings.contains(&*entry.key)) {
            found.push((entry, ProblemKind::UnusedMapping, "mapping"));
        }
        for (entry, kind, what) in found.into_iter().filter(|(entry, ..)| !is_macro_key(&entry.key)) {
            let message = format!("nothing uses the {what} `{}`", entry.key);
            let before = self.problems.len();
            self.report(kind, entry.key_origin, message, "remove it, or use it where it was meant to be used");
            self.repair(before, Some(Repair::Remove { place: entry.key_origin }));
        }
    }

    /// Reports entries of `DependsOn` that a reference implies.
    pub(super) fn redundant_dependencies(&mut self) {
        let resources = self.root.get("Resources").and_then(Value::as_map).into_iter().flatten();
        for entry in resources {
            let Some(given) = entry.value.get("DependsOn") else { continue };
            let mut targets = Vec::new();
            for part in ["Properties", "Metadata", "UpdatePolicy", "CreationPolicy"] {
                if let Some(part) = entry.value.get(part) {
                    self.targets(part, &mut targets, 0);
                }
            }
            let listed =
                if let Kind::List(items) = &given.kind { items.as_slice() } else { std::slice::from_ref(given) };
            for item in listed {
                let Some(id) = item.as_str().filter(|id| targets.contains(id)) else { continue };
                let message = format!("`{}` refers to `{id}` already, which makes it wait for it", entry.key);
                self.resource = Some(&entry.key);
                let before = self.problems.len();
                self.report(ProblemKind::RedundantDependsOn, item.origin, message, "remove the entry");
                self.repair(before, Some(Repair::Remove { place: item.origin }));
                self.resource = None;
            }
        }
    }
}
