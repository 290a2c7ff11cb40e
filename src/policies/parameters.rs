//! Parameters of the template: which are hidden, and where values come from them.

use crate::graph::{Origin, Template, Value};
use crate::template::intrinsic::{Intrinsic, SubPart, sub_parts};

/// Values within values; what is nested deeper is left alone.
const MAX_DEPTH: u32 = 60;

/// A reference to a parameter.
pub(super) struct Reference<'t> {
    /// The parameter.
    pub name: &'t str,
    /// Where it is named.
    pub origin: Origin,
}

/// What the template says about the parameter `name`.
pub(super) fn declared<'t>(template: &'t Template, name: &str) -> Option<&'t Value> {
    template.section("Parameters")?.get(name)
}

/// Whether `name` is a parameter whose value CloudFormation hides.
pub(super) fn is_hidden(template: &Template, name: &str) -> bool {
    declared(template, name).and_then(|parameter| parameter.get("NoEcho")).is_some_and(|hidden| {
        hidden.as_bool() == Some(true) || hidden.as_str().is_some_and(|text| text.eq_ignore_ascii_case("true"))
    })
}

/// Every reference to a parameter in `value`, by `Ref` or `Fn::Sub`.
pub(super) fn references<'t>(template: &'t Template, value: &'t Value) -> Vec<Reference<'t>> {
    let mut found = Vec::new();
    collect(value, 0, &mut found);
    found.retain(|reference| declared(template, reference.name).is_some());
    found
}

fn collect<'t>(value: &'t Value, depth: u32, found: &mut Vec<Reference<'t>>) {
    if depth > MAX_DEPTH {
        return;
    }
    match value.intrinsic() {
        Some(Intrinsic::Ref(name)) => {
            let origin = value.single().map_or(value.origin, |(_, argument)| argument.origin);
            return found.push(Reference { name, origin });
        }
        Some(Intrinsic::Sub(text, names)) => {
            for part in sub_parts(text) {
                match part {
                    SubPart::Name(name, _) if names.is_none_or(|names| names.get(name).is_none()) => {
                        found.push(Reference { name, origin: value.origin });
                    }
                    _ => {}
                }
            }
        }
        _ => {}
    }
    match value.as_map() {
        Some(map) => map.iter().for_each(|entry| collect(&entry.value, depth + 1, found)),
        None => value.as_list().unwrap_or_default().iter().for_each(|item| collect(item, depth + 1, found)),
    }
}
