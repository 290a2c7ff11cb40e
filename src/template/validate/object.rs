//! Checks of maps: which properties may, must and must not be there.

use super::call::{Presence, is_macro_key, presence};
use super::checker::{Checker, Place};
use super::words::{listed, nearest};
use crate::schema::{Field, Node};
use crate::template::value::{Map, Value};
use crate::template::{ProblemKind, Repair, sam};

impl<'v> Checker<'_, 'v> {
    /// Checks a map; answers whether something was not known.
    pub(super) fn object(&mut self, node: &'static Node, map: &'v Map, value: &'v Value, place: Place<'v>) -> bool {
        let partial = value.origin.is_incomplete();
        let open = partial || map.keys().any(|key| key.starts_with("Fn::") && (is_macro_key(key) || key == "Fn::If"));
        let mut unknown = open;
        let asks_entries =
            [Field::Properties, Field::PatternProperties, Field::Closed, Field::Additional, Field::Names];
        if node.has_any(&asks_entries) {
            for entry in map {
                if is_macro_key(&entry.key) || entry.key == "Fn::If" && map.len() > 1 {
                    continue;
                }
                let below = Place::new(entry.key_origin, &entry.key);
                let mut known = false;
                if let Some(child) = node.property(&entry.key) {
                    known = true;
                    if presence(&entry.value) != Presence::Never {
                        unknown |= self.check(child, &entry.value, below);
                    }
                }
                if node.has(Field::PatternProperties) {
                    for (pattern, child) in node.named(Field::PatternProperties) {
                        if self.patterns.matches(self.table, pattern, &entry.key) {
                            known = true;
                            unknown |= self.check(child, &entry.value, below);
                        }
                    }
                }
                if !known && node.has(Field::Closed) && !partial && presence(&entry.value) != Presence::Never {
                    self.unknown_property(node, map, &entry.key, place, below);
                }
                if let Some(child) = node.child(Field::Additional).filter(|_| !known) {
                    unknown |= self.check(child, &entry.value, below);
                }
                if let Some(child) = node.child(Field::Names) {
                    self.name(child, &entry.key, below);
                }
            }
        }
        if open {
            return true;
        }
        let sure = |name: &str| map.get(name).map_or(Presence::Never, presence);
        if let Some(required) = node.list(Field::Required) {
            for name in required.texts() {
                match sure(name) {
                    Presence::Never if !self.is_global(place, name) => self.missing(name, place),
                    Presence::Maybe => {
                        unknown = true;
                        if let Some(value) = map.get(name).filter(|_| !self.is_global(place, name)) {
                            self.left_out(name, value, place);
                        }
                    }
                    _ => {}
                }
            }
        }
        unknown |= self.dependents(node, &sure, map, place);
        unknown |= self.choices(node, &sure, map, place);
        let count = |least: Presence| map.iter().filter(|entry| presence(&entry.value) >= least).count();
        if let Some(most) = node.number(Field::MaxProperties).filter(|most| count(Presence::Sure) as f64 > *most) {
            self.report(ProblemKind::OutOfRange, place.origin, || {
                (
                    format!("{} has {} entries; at most {most} are allowed", place.words(), map.len()),
                    "remove some".into(),
                )
            });
        }
        if let Some(least) = node.number(Field::MinProperties).filter(|least| (count(Presence::Maybe) as f64) < *least)
        {
            self.report(ProblemKind::OutOfRange, place.origin, || {
                (format!("{} has {} entries; at least {least} are needed", place.words(), map.len()), "add some".into())
            });
        }
        for (name, child) in node.by_name(Field::Dependencies) {
            match sure(name) {
                Presence::Sure => unknown |= self.check(child, value, place),
                Presence::Maybe => unknown = true,
                Presence::Never => {}
            }
        }
        unknown
    }

    /// Whether SAM's `Globals` give the property `name` to the resource at `place`.
    fn is_global(&self, place: Place<'v>, name: &str) -> bool {
        if place.name != "Properties" {
            return false;
        }
        let section = self.owner.strip_prefix("AWS::Serverless::");
        let globals = self.index.globals.zip(section).and_then(|(globals, section)| globals.get(section));
        globals.is_some_and(|globals| globals.get(name).is_some())
    }

    pub(super) fn whole(&self, place: Place<'v>) -> String {
        if place.name == "Properties" { self.owner.to_owned() } else { place.words() }
    }

    fn unknown_property(
        &mut self,
        node: &'static Node,
        map: &'v Map,
        key: &'v str,
        place: Place<'v>,
        below: Place<'v>,
    ) {
        if self.only == Some(ProblemKind::SamConfiguration) && sam::supports_global(place.name, key) {
            return;
        }
        let whole = self.whole(place);
        let before = self.count();
        let mut likely = None;
        self.report(ProblemKind::UnknownProperty, below.origin, || {
            let all: Vec<&str> = node.by_name(Field::Properties).map(|(name, _)| name).collect();
            let free = all.iter().copied().filter(|name| !map.contains_key(name));
            likely = nearest(key, free);
            let help = match likely {
                Some(meant) => format!("did you mean `{meant}`?"),
                None if all.is_empty() => "remove it, or correct the name".to_owned(),
                None => format!("it has {}", listed(all, "and")),
            };
            (format!("`{key}` is not a property of {whole}"), help)
        });
        // A name that its value does not fit would trade one mistake for another.
        let fits = |name: &&str| {
            let child = node.property(name);
            child.zip(map.get(key)).is_some_and(|(child, value)| self.attempt(child, value, below).0 == 0)
        };
        let meant = likely.filter(fits);
        self.repair(before, Repair::respell(below.origin, key, meant));
    }

    fn missing(&mut self, name: &str, place: Place<'v>) {
        let whole = self.whole(place);
        self.report(ProblemKind::RequiredProperty, place.origin, || {
            (format!("{whole} lacks the required property `{name}`"), format!("add `{name}`"))
        });
    }

    /// The name of an entry against a node for names.
    fn name(&mut self, node: crate::schema::NodeId, key: &'v str, place: Place<'v>) {
        let node = self.table.node(node);
        let forbidden = node.child(Field::Not).and_then(|not| self.table.node(not).list(Field::Enum));
        let allowed = node.list(Field::Enum);
        let bad = forbidden.is_some_and(|list| list.has(key)) || allowed.is_some_and(|list| !list.has(key));
        let length = key.chars().count() as f64;
        let long = node.number(Field::MaxLength).is_some_and(|most| length > most);
        let form = node.string(Field::Pattern).is_some_and(|pattern| !self.patterns.matches(self.table, pattern, key));
        if bad || long || form {
            self.report(ProblemKind::InvalidName, place.origin, || {
                (format!("`{key}` cannot be used as a name here"), "choose another name".into())
            });
        }
    }

    fn dependents(
        &mut self,
        node: &'static Node,
        sure: &dyn Fn(&str) -> Presence,
        map: &'v Map,
        place: Place<'v>,
    ) -> bool {
        let mut unknown = false;
        for (field, excluded) in [(Field::DependentRequired, false), (Field::DependentExcluded, true)] {
            if !node.has(field) {
                continue;
            }
            for (cause, others) in node.dependents(field) {
                match sure(cause) {
                    Presence::Never => continue,
                    Presence::Maybe => unknown = true,
                    Presence::Sure => {}
                }
                let certain = sure(cause) == Presence::Sure;
                for other in others.texts() {
                    let there = sure(other);
                    unknown |= there == Presence::Maybe;
                    if certain && excluded && there == Presence::Sure {
                        let origin = map.entry(other).map_or(place.origin, |entry| entry.key_origin);
                        self.report(ProblemKind::MutuallyExclusiveProperties, origin, || {
                            (
                                format!("`{other}` cannot stand beside `{cause}`"),
                                format!("remove `{other}` or `{cause}`"),
                            )
                        });
                    } else if certain && !excluded && there == Presence::Never {
                        self.report(ProblemKind::DependentProperty, place.origin, || {
                            (
                                format!("`{cause}` needs `{other}` beside it"),
                                format!("add `{other}` or remove `{cause}`"),
                            )
                        });
                    }
                }
            }
        }
        unknown
    }

    fn choices(
        &mut self,
        node: &'static Node,
        sure: &dyn Fn(&str) -> Presence,
        map: &'v Map,
        place: Place<'v>,
    ) -> bool {
        let mut unknown = false;
        for (field, exactly) in [(Field::RequiredXor, true), (Field::RequiredOr, false)] {
            let Some(list) = node.list(field) else { continue };
            let given: Vec<&str> = list.texts().filter(|name| sure(name) == Presence::Sure).collect();
            let possible = list.texts().filter(|name| sure(name) >= Presence::Maybe).count();
            unknown |= possible != given.len();
            if possible == 0 {
                let whole = self.whole(place);
                let words = if exactly { "exactly one" } else { "at least one" };
                self.report(ProblemKind::RequiredProperty, place.origin, || {
                    (format!("{whole} needs {words} of {}", listed(list.texts(), "and")), "add one of them".into())
                });
            } else if exactly && given.len() > 1 {
                for name in &given {
                    let origin = map.entry(name).map_or(place.origin, |entry| entry.key_origin);
                    let others = listed(given.iter().copied().filter(|other| other != name), "and");
                    self.report(ProblemKind::MutuallyExclusiveProperties, origin, || {
                        (
                            format!("`{name}` cannot stand beside {others}: only one of them may be there"),
                            "keep one of them".into(),
                        )
                    });
                }
            }
        }
        unknown
    }
}

/// The value of a property below `value`, both branches of `Fn::If`; `*` is any list item.
pub(super) fn each_at<'v>(value: &'v Value, place: Place<'v>, path: &str, visit: &mut dyn FnMut(&'v Value, Place<'v>)) {
    if let Some(("Fn::If", argument)) = value.single() {
        for branch in argument.as_list().unwrap_or_default().iter().skip(1) {
            each_at(branch, Place { origin: branch.origin, ..place }, path, visit);
        }
        return;
    }
    if path.is_empty() {
        return visit(value, place);
    }
    let (step, rest) = path.split_once('/').unwrap_or((path, ""));
    if step == "*" {
        for (at, item) in value.as_list().unwrap_or_default().iter().enumerate() {
            each_at(item, Place { origin: item.origin, item: Some(at + 1), ..place }, rest, visit);
        }
    } else if let Some(entry) = value.as_map().and_then(|map| map.entry(step)) {
        each_at(&entry.value, Place::new(entry.key_origin, &entry.key), rest, visit);
    }
}
