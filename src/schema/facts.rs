//! Small tables beside the resource types: attributes, packaging, lifecycles, rules.

use super::table::{List, NodeId, StringId, Table, u32_at};

/// What `Fn::GetAtt` may read beside the read-only properties.
#[derive(Clone, Copy, Debug)]
pub enum Attributes {
    /// Every property is an attribute.
    All,
    /// These properties are attributes as well.
    More(List),
    /// Only the read-only properties.
    ReadOnly,
}

/// Where a service stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lifecycle {
    /// `shutdown`, `sunset` or `maintenance`.
    pub status: &'static str,
    /// Since or until when, `YYYY-MM-DD`; may be empty.
    pub date: &'static str,
}

/// The dates of a Lambda runtime, `YYYY-MM-DD`; empty when there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RuntimeDates {
    /// No more security updates from here on.
    pub deprecated: &'static str,
    /// No new functions from here on.
    pub create_blocked: &'static str,
    /// No updates of functions from here on.
    pub update_blocked: &'static str,
    /// The runtime to move to.
    pub successor: &'static str,
}

/// A rule between properties of a type.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// Where below `Properties` it holds: keys joined with `/`, `*` for any item.
    pub path: &'static str,
    /// The number it has where it comes from, e.g. `E3677`.
    pub source: &'static str,
    /// What holds there.
    pub node: NodeId,
}

/// The facts of the table by kind.
#[derive(Debug)]
pub(super) struct Facts(Vec<(&'static str, Vec<Fact>)>);

/// Values that are known about a name. Facts of one kind are sorted by it.
#[derive(Debug)]
struct Fact {
    name: &'static str,
    values: Box<[&'static str]>,
}

impl Facts {
    /// Reads the section of facts, which are sorted by kind and name.
    pub(super) fn read(table: Table, bytes: &[u8]) -> Self {
        let mut kinds: Vec<(&'static str, Vec<Fact>)> = Vec::new();
        for index in 0..bytes.len() / (FACT_WORDS * 4) {
            let word = |word: usize| u32_at(bytes, index * FACT_WORDS + word);
            let text = |at: usize| table.text(StringId(word(at)));
            let fact = Fact { name: text(1), values: table.list(word(2)) };
            match kinds.last_mut() {
                Some((kind, facts)) if *kind == text(0) => facts.push(fact),
                _ => kinds.push((text(0), vec![fact])),
            }
        }
        Self(kinds)
    }

    /// The facts of a kind.
    fn of(&self, kind: &str) -> &[Fact] {
        self.0.iter().find(|(known, _)| *known == kind).map_or(&[], |(_, facts)| facts)
    }
}

/// 32-bit words of a rule's record.
const RULE_WORDS: usize = 4;
/// 32-bit words of a fact's record.
const FACT_WORDS: usize = 3;

impl Table {
    /// The rules of a resource type.
    pub fn rules(self, resource_type: &str) -> impl Iterator<Item = Rule> {
        let name = self.find(resource_type).map(|id| id.0);
        let rules = self.rule_bytes();
        let word = move |index: usize, word: usize| u32_at(rules, index * RULE_WORDS + word);
        let count = rules.len() / (RULE_WORDS * 4);
        let start = name.map_or(count, |name| partition(count, |index| word(index, 0) < name));
        (start..count).take_while(move |index| Some(word(*index, 0)) == name).map(move |index| Rule {
            path: self.text(StringId(word(index, 1))),
            source: self.text(StringId(word(index, 2))),
            node: NodeId(word(index, 3)),
        })
    }

    /// The values of the fact `kind` about `name`.
    fn fact(self, kind: &str, name: &str) -> Option<List> {
        let facts = self.facts().of(kind);
        let at = facts.binary_search_by(|fact| fact.name.cmp(name)).ok()?;
        facts.get(at).map(|fact| List(&fact.values))
    }

    /// The names the fact `kind` is known about.
    fn names(self, kind: &'static str) -> impl Iterator<Item = &'static str> {
        self.facts().of(kind).iter().map(|fact| fact.name)
    }

    /// What `Fn::GetAtt` may read of a type beside its read-only properties.
    pub fn attributes(self, resource_type: &str) -> Attributes {
        if self.fact("attributes-all", resource_type).is_some() {
            return Attributes::All;
        }
        self.fact("attributes-more", resource_type).map_or(Attributes::ReadOnly, Attributes::More)
    }

    /// The properties of a type (paths joined with `/`) that may hold a local path, which
    /// packaging replaces.
    pub fn packaged(self, resource_type: &str) -> Option<List> {
        self.fact("packaged", resource_type)
    }

    /// Whether a resource of the type can leave a snapshot behind.
    pub fn takes_snapshots(self, resource_type: &str) -> bool {
        self.fact("snapshot", resource_type).is_some()
    }

    /// Whether a resource of the type holds data that is lost with it.
    pub fn is_stateful(self, resource_type: &str) -> bool {
        self.fact("stateful", resource_type).is_some()
    }

    /// Where the service of a type stands, when it is on its way out.
    pub fn lifecycle(self, resource_type: &str) -> Option<Lifecycle> {
        let mut values = self.fact("lifecycle", resource_type)?.texts();
        Some(Lifecycle { status: values.next().unwrap_or(""), date: values.next().unwrap_or("") })
    }

    /// The dates of a Lambda runtime.
    pub fn runtime(self, name: &str) -> Option<RuntimeDates> {
        let mut values = self.fact("runtime", name)?.texts();
        let mut next = || values.next().unwrap_or("");
        Some(RuntimeDates { deprecated: next(), create_blocked: next(), update_blocked: next(), successor: next() })
    }

    /// Whether a parameter of the type `name` is a list; `None` when there is no such type.
    pub fn parameter_type(self, name: &str) -> Option<bool> {
        self.fact("parameter-type", name).map(|values| values.has("list"))
    }

    /// All parameter types.
    pub fn parameter_types(self) -> impl Iterator<Item = &'static str> {
        self.names("parameter-type")
    }
}

/// The first index below `count` for which `before` does not hold.
fn partition(count: usize, before: impl Fn(usize) -> bool) -> usize {
    let (mut low, mut high) = (0, count);
    while low < high {
        let middle = low + (high - low) / 2;
        if before(middle) { low = middle + 1 } else { high = middle }
    }
    low
}
