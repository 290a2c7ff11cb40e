//! The order in which the reference goes through resources and events.
//!
//! In templates with a REST API it keeps names in the order in which Python 2 kept the keys of
//! its dictionaries. Of two routes that exclude each other it refuses the later one by that
//! order, so refusals depend on it.

use crate::template::sam::python::Lookup;
use crate::template::value::{Map, Text, Value};

/// Names in the slots of a hash table.
#[derive(Debug)]
struct Slots {
    slots: Vec<Slot>,
    /// Slots that hold a name or held one.
    filled: usize,
    /// Slots that hold a name.
    used: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Slot {
    Free,
    Removed,
    Name(Text),
}

const SMALLEST: usize = 8;

fn hash(text: &str) -> u64 {
    let mut chars = text.chars().map(|c| u64::from(u32::from(c))).peekable();
    let Some(first) = chars.peek() else { return 0 };
    let start = first << 7;
    chars.fold(start, |hash, c| hash.wrapping_mul(1_000_003) ^ c) ^ text.chars().count() as u64
}

impl Slots {
    fn new() -> Self {
        Self { slots: vec![Slot::Free; SMALLEST], filled: 0, used: 0 }
    }

    fn slot(&self, name: &str) -> usize {
        let mask = self.slots.len() as u64 - 1;
        let at = |index: u64| &self.slots[usize::try_from(index & mask).unwrap_or_default()];
        let is_name = |slot: &Slot| matches!(slot, Slot::Name(known) if known == name);
        let hash = hash(name);
        let mut walker = hash & mask;
        let mut index = walker;
        let mut perturb = hash;
        let mut removed = None;
        loop {
            match at(index) {
                Slot::Free => return usize::try_from(removed.unwrap_or(index)).unwrap_or_default(),
                slot if is_name(slot) => return usize::try_from(index).unwrap_or_default(),
                Slot::Removed => {
                    removed.get_or_insert(index);
                }
                Slot::Name(_) => {}
            }
            walker = walker.wrapping_mul(5).wrapping_add(perturb).wrapping_add(1);
            index = walker & mask;
            perturb >>= 5;
        }
    }

    fn add(&mut self, name: &str) {
        let index = self.slot(name);
        let old = std::mem::replace(&mut self.slots[index], Slot::Name(name.into()));
        match old {
            Slot::Name(_) => return,
            Slot::Free => self.filled += 1,
            Slot::Removed => {}
        }
        self.used += 1;
        if self.filled * 3 >= self.slots.len() * 2 {
            let size = (self.used * 4 + 1).next_power_of_two().max(SMALLEST);
            let names = std::mem::replace(self, Self { slots: vec![Slot::Free; size], filled: 0, used: 0 });
            names.into_names().for_each(|name| self.add(&name));
        }
    }

    fn remove(&mut self, name: &str) {
        let index = self.slot(name);
        if matches!(self.slots[index], Slot::Name(_)) {
            self.slots[index] = Slot::Removed;
            self.used -= 1;
        }
    }

    fn into_names(self) -> impl Iterator<Item = Text> {
        self.slots.into_iter().filter_map(|slot| if let Slot::Name(name) = slot { Some(name) } else { None })
    }
}

/// `names` in the order of the reference.
pub fn of_names<'a>(names: impl IntoIterator<Item = &'a str>) -> Vec<Text> {
    let mut slots = Slots::new();
    names.into_iter().for_each(|name| slots.add(name));
    slots.into_names().collect()
}

/// The names of `resources` in the order of the reference, where it has one of its own.
/// `implied` are the logical ids of implied APIs that were tried so far.
pub fn of_resources(resources: &Map, implied: &[&str], is_kept: bool) -> Vec<Text> {
    if !is_kept {
        return resources.keys().map(Text::from).collect();
    }
    let mut slots = Slots::new();
    let is_connector = |value: &Value| value.is("Type", "AWS::Serverless::Connector");
    let (connectors, written): (Vec<_>, Vec<_>) =
        resources.iter().filter(|entry| !implied.contains(&&*entry.key)).partition(|entry| is_connector(&entry.value));
    written.iter().for_each(|entry| slots.add(&entry.key));
    for name in implied {
        slots.add(name);
        if !resources.contains_key(name) {
            slots.remove(name);
        }
    }
    connectors.iter().for_each(|entry| slots.add(&entry.key));
    slots.into_names().collect()
}

/// Whether the reference keeps names that way in the template `root`: it has a REST API, or an
/// HTTP API with a default authorizer.
pub fn is_kept(root: &Value) -> bool {
    let has_default = |holder: Option<&Value>| {
        holder.and_then(|holder| holder.get("Auth")).is_some_and(|auth| auth.truthy("DefaultAuthorizer").is_some())
    };
    let everywhere = has_default(root.at(&["Globals", "HttpApi"]));
    let has_event = |resource: &Value, kind: &str| {
        let events = resource.at(&["Properties", "Events"]).and_then(Value::as_map);
        events.is_some_and(|events| events.values().any(|event| event.is("Type", kind)))
    };
    let resources = root.get("Resources").and_then(Value::as_map);
    resources.into_iter().flat_map(Map::values).any(|resource| match resource.text("Type") {
        Some("AWS::Serverless::Api") => true,
        Some("AWS::Serverless::HttpApi") => everywhere || has_default(resource.get("Properties")),
        Some("AWS::Serverless::Function") => has_event(resource, "Api") || everywhere && has_event(resource, "HttpApi"),
        Some("AWS::Serverless::StateMachine") => has_event(resource, "Api"),
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_those_of_python_2() {
        assert_eq!(hash(""), 0);
        assert_eq!(hash("a"), 12_416_037_344);
        assert_eq!(hash("abc").cast_signed(), 1_453_079_729_188_098_211);
    }

    #[test]
    fn removed_names_leave_their_slot_to_later_ones() {
        let mut slots = Slots::new();
        for name in ["one", "two", "three", "four", "five", "six", "seven"] {
            slots.add(name);
        }
        slots.remove("two");
        slots.remove("two");
        slots.add("two");
        assert_eq!(slots.used, 7);
        assert_eq!(slots.slots.len(), 32);
        let mut names: Vec<Text> = slots.into_names().collect();
        names.sort();
        assert_eq!(names, ["five", "four", "one", "seven", "six", "three", "two"]);
    }
}
