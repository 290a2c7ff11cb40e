//! Intrinsic functions as they stand in a value tree.

use crate::template::intrinsic::{Intrinsic, SubPart, sub_parts};
use crate::template::value::{Entry, Value};

/// Functions within functions; deeper ones are not looked at.
const MAX_DEPTH: u32 = 50;

/// One call of an intrinsic function: a map of one entry.
#[derive(Clone, Copy, Debug)]
pub(super) struct Call<'v> {
    /// `Ref`, `Fn::Sub`, …
    pub name: &'v str,
    /// The entry that is the call.
    pub entry: &'v Entry,
}

impl<'v> Call<'v> {
    /// What the function is given.
    pub fn argument(self) -> &'v Value {
        &self.entry.value
    }
}

/// Functions that may stand where a value may.
const VALUE_FUNCTIONS: [&str; 16] = [
    "Ref",
    "Fn::Base64",
    "Fn::Cidr",
    "Fn::FindInMap",
    "Fn::GetAtt",
    "Fn::GetAZs",
    "Fn::GetStackOutput",
    "Fn::If",
    "Fn::ImportValue",
    "Fn::Join",
    "Fn::Length",
    "Fn::Select",
    "Fn::Split",
    "Fn::Sub",
    "Fn::ToJsonString",
    "Fn::Transform",
];

/// Functions that may stand where a condition may.
pub(super) const CONDITION_FUNCTIONS: [&str; 5] = ["Condition", "Fn::And", "Fn::Equals", "Fn::Not", "Fn::Or"];

/// The only entry of a map.
fn only_entry(value: &Value) -> Option<&Entry> {
    let map = value.as_map().filter(|map| map.len() == 1)?;
    map.iter().next()
}

/// The call that `value` is, if it is one.
pub(super) fn value_call(value: &Value) -> Option<Call<'_>> {
    let entry = only_entry(value)?;
    let name = &*entry.key;
    // Most maps of one entry are data.
    if name != "Ref" && !name.as_bytes().windows(2).any(|pair| pair == b"::") {
        return None;
    }
    // Preprocessors have functions of their own, as `Rain::Embed`.
    let foreign =
        || name.contains("::") && !name.starts_with("AWS::") && name.trim_start_matches("Fn::").contains("::");
    (name == "Ref" || VALUE_FUNCTIONS.contains(&name) || foreign()).then_some(Call { name, entry })
}

/// The condition function that `value` is, if it is one.
pub(super) fn condition_call(value: &Value) -> Option<Call<'_>> {
    let entry = only_entry(value)?;
    let name = &*entry.key;
    CONDITION_FUNCTIONS.contains(&name).then_some(Call { name, entry })
}

/// Whether `value` is `AWS::NoValue`.
pub(super) fn is_no_value(value: &Value) -> bool {
    value.single().is_some_and(|(name, id)| name == "Ref" && id.as_str() == Some("AWS::NoValue"))
}

/// Whether a property with some value is there in the deployed template.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Presence {
    /// It is left out in every case.
    Never,
    /// It is left out in some cases.
    Maybe,
    /// It is always there.
    Sure,
}

/// Whether `value` survives evaluation.
pub(super) fn presence(value: &Value) -> Presence {
    if is_no_value(value) {
        return Presence::Never;
    }
    let Some(("Fn::If", argument)) = value.single() else { return Presence::Sure };
    match argument.as_list() {
        Some([_, yes, no]) => match (presence(yes), presence(no)) {
            (yes, no) if yes == no => yes,
            _ => Presence::Maybe,
        },
        _ => Presence::Maybe,
    }
}

/// Whether nothing can be said of what `value` gives before the deployment, whatever the template
/// declares. No parameter has a value that is the same in every deployment.
pub(super) fn is_open(value: &Value, depth: u32) -> bool {
    let Some(function) = value.intrinsic().filter(|_| depth < MAX_DEPTH) else { return false };
    let is_open = |value: &Value| is_open(value, depth + 1);
    match function {
        Intrinsic::Ref(name) => name != "AWS::NoValue",
        Intrinsic::GetAtt(..) | Intrinsic::GetAttText(..) | Intrinsic::ImportValue(_) | Intrinsic::ToJsonString(_) => {
            true
        }
        Intrinsic::Sub(text, locals) => sub_parts(text).any(|part| match part {
            SubPart::Name(name, _) => locals.and_then(|locals| locals.get(name)).is_none_or(is_open),
            _ => false,
        }),
        Intrinsic::Join(_, parts) => is_open(parts) || parts.as_list().unwrap_or_default().iter().any(is_open),
        Intrinsic::Split(_, text) => is_open(text),
        Intrinsic::Select(index, items) => is_open(index) || is_open(items),
        Intrinsic::FindInMap(map, first, second, _) => [map, first, second].into_iter().any(is_open),
        _ => false,
    }
}

/// Whether a key stands for entries that are not known here.
pub(super) fn is_macro_key(key: &str) -> bool {
    key.starts_with("Fn::") && (key == "Fn::Transform" || key.starts_with("Fn::ForEach::"))
}
