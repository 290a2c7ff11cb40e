//! Which resources a resource refers to, read on demand.

use super::{Graph, NodeRef, Origin, Resource, Value};
use crate::template::intrinsic::{Intrinsic, SubPart, sub_parts};

/// Nesting deeper than any template's.
const MAX_DEPTH: u16 = 200;

/// One reference from one resource to another.
#[derive(Clone, Copy, Debug)]
pub struct ReferenceTo<'g> {
    /// What it refers to.
    pub target: NodeRef<'g>,
    /// The attribute asked for; `None` for `Ref` and `DependsOn`.
    pub attribute: Option<&'g str>,
    /// Whether it is only an order of creation (`DependsOn`).
    pub order_only: bool,
    /// Where it is written.
    pub origin: Origin,
}

impl Graph {
    /// All references of `resource` to resources of the template, `DependsOn` first. Branches
    /// of conditions that are decided otherwise are left out.
    pub fn references<'g>(&'g self, resource: Resource<'g>) -> Vec<ReferenceTo<'g>> {
        let mut found = Vec::new();
        for value in resource.depends_on() {
            if let Some(target) = value.as_str().and_then(|id| self.node(id)) {
                found.push(ReferenceTo { target, attribute: None, order_only: true, origin: value.origin });
            }
        }
        for section in ["Properties", "Metadata", "UpdatePolicy", "CreationPolicy"] {
            // What is below `Metadata` is not evaluated by the service unless it is a function,
            // which it then is.
            if let Some(value) = resource.body().get(section) {
                self.collect_references(value, 0, &mut found);
            }
        }
        found
    }

    /// All references below `value`, as [`Graph::references`] finds them.
    pub fn references_in<'g>(&'g self, value: &'g Value) -> Vec<ReferenceTo<'g>> {
        let mut found = Vec::new();
        self.collect_references(value, 0, &mut found);
        found
    }

    fn collect_references<'g>(&'g self, value: &'g Value, depth: u16, found: &mut Vec<ReferenceTo<'g>>) {
        if depth > MAX_DEPTH {
            return;
        }
        let mut add = |id: &str, attribute: Option<&'g str>, origin| {
            if let Some(target) = self.node(id) {
                found.push(ReferenceTo { target, attribute, order_only: false, origin });
            }
        };
        match value.intrinsic() {
            Some(Intrinsic::Ref(id)) => add(id, None, value.origin),
            Some(Intrinsic::GetAttText(id, attribute)) => add(id, Some(attribute), value.origin),
            Some(Intrinsic::GetAtt(id, attribute)) => {
                if let Some(id) = id.as_str() {
                    add(id, attribute.as_str().or(Some("")), value.origin);
                }
            }
            Some(Intrinsic::Sub(text, names)) => {
                for part in sub_parts(text) {
                    let SubPart::Name(name, _) = part else { continue };
                    if names.is_some_and(|names| names.get(name).is_some()) {
                        continue;
                    }
                    match name.split_once('.') {
                        Some((id, attribute)) => add(id, Some(attribute), value.origin),
                        None => add(name, None, value.origin),
                    }
                }
                if let Some(names) = names {
                    self.collect_below(names, depth, found);
                }
            }
            Some(Intrinsic::If(condition, then, other)) => {
                let decided = self.template.condition(condition);
                if decided != Some(false) {
                    self.collect_references(then, depth + 1, found);
                }
                if decided != Some(true) {
                    self.collect_references(other, depth + 1, found);
                }
            }
            _ => self.collect_below(value, depth, found),
        }
    }

    fn collect_below<'g>(&'g self, value: &'g Value, depth: u16, found: &mut Vec<ReferenceTo<'g>>) {
        if let Some(map) = value.as_map() {
            for below in map.values() {
                self.collect_references(below, depth + 1, found);
            }
        } else if let Some(items) = value.as_list() {
            for item in items {
                self.collect_references(item, depth + 1, found);
            }
        }
    }
}
