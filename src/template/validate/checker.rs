//! Checks a value against a node of the schema table, three-valued: what is not known before
//! deployment is never an error.

use super::call::{Presence, presence, value_call};
use super::index::Index;
use super::words::{listed, shown};
use crate::schema::{Field, Node, NodeId, Patterns, Table, Types};
use crate::template::unknown;
use crate::template::value::{Kind, Origin, Value};
use crate::template::{Problem, ProblemKind, Repair};

/// Nodes within nodes; deeper schemas are left unchecked.
const MAX_DEPTH: u32 = 120;

/// Where a value stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place<'v> {
    /// The key or list item: where problems of the value are shown.
    pub origin: Origin,
    /// The nearest property name.
    pub name: &'v str,
    /// The item of the list `name`, from 1.
    pub item: Option<usize>,
}

impl<'v> Place<'v> {
    pub fn new(origin: Origin, name: &'v str) -> Self {
        Self { origin, name, item: None }
    }

    /// Where problems of `value` at this place are shown: scalars at themselves, the rest at
    /// the key, whose line says what it is about.
    pub fn of(self, value: &Value) -> Origin {
        match value.kind {
            Kind::List(_) | Kind::Map(_) | Kind::Null => self.origin,
            _ => value.origin,
        }
    }

    /// The place in words.
    pub fn words(self) -> String {
        match self.item {
            Some(item) => format!("item {item} of `{}`", self.name),
            None => format!("`{}`", self.name),
        }
    }
}

/// One check of a value and everything below it.
pub(super) struct Checker<'a, 'v> {
    pub table: Table,
    pub patterns: &'a Patterns,
    pub index: &'a Index<'v>,
    /// Logical id of the resource, for reports.
    pub resource: Option<&'v str>,
    /// The type whose properties are checked, for messages.
    pub owner: &'v str,
    pub problems: &'a mut Vec<Problem>,
    /// Whether the value was made by the SAM transform, which passes nulls on or drops them.
    pub expanded: bool,
    /// Conditions that hold, or do not, where the value is.
    pub given: Vec<(&'v str, bool)>,
    /// Texts that packaging replaces before CloudFormation sees them.
    pub packaged: Vec<Origin>,
    /// Whether text does not stand for numbers and booleans, nor they for text.
    pub strict: bool,
    /// Whether the policy of a resource is checked: services take equal names of statements there,
    /// and IAM alone asks for different ones.
    pub resource_policy: bool,
    /// The kind every problem gets, when all are of one policy.
    pub only: Option<ProblemKind>,
    /// In alternatives problems are counted, not reported.
    quiet: bool,
    found: usize,
    depth: u32,
}

impl<'a, 'v> Checker<'a, 'v> {
    pub fn new(table: Table, patterns: &'a Patterns, index: &'a Index<'v>, problems: &'a mut Vec<Problem>) -> Self {
        Self {
            table,
            patterns,
            index,
            resource: None,
            owner: "",
            problems,
            expanded: false,
            given: Vec::new(),
            packaged: Vec::new(),
            strict: false,
            resource_policy: false,
            only: None,
            quiet: false,
            found: 0,
            depth: 0,
        }
    }

    pub fn report(&mut self, kind: ProblemKind, origin: Origin, write: impl FnOnce() -> (String, String)) {
        self.found += 1;
        if self.quiet || origin.is_incomplete() {
            return;
        }
        let (message, help) = write();
        let mut problem = Problem::new(self.only.unwrap_or(kind), origin, message).help(help);
        if let Some(id) = self.resource {
            problem = problem.resource(id);
        }
        self.problems.push(problem);
    }

    /// Says what would mend the problem reported since there were `before`.
    pub fn repair(&mut self, before: usize, repair: Option<Repair>) {
        // Of parts that exclude each other, nobody knows which one is meant.
        if self.only == Some(ProblemKind::PropertyConflict) {
            return;
        }
        if let Some(problem) = self.problems.get_mut(before) {
            problem.repair = repair;
        }
    }

    /// How many problems there are.
    pub fn count(&self) -> usize {
        self.problems.len()
    }

    /// Whether problems are counted, and not reported.
    pub fn is_quiet(&self) -> bool {
        self.quiet
    }

    /// Checks in silence: the number of problems, and whether something was not known.
    pub fn attempt(&mut self, node: NodeId, value: &'v Value, place: Place<'v>) -> (usize, bool) {
        let quiet = std::mem::replace(&mut self.quiet, true);
        let found = std::mem::take(&mut self.found);
        let unknown = self.check(node, value, place);
        self.quiet = quiet;
        (std::mem::replace(&mut self.found, found), unknown)
    }

    /// Checks `value` against `node`; answers whether something was not known.
    pub fn check(&mut self, node: NodeId, value: &'v Value, place: Place<'v>) -> bool {
        if self.depth > MAX_DEPTH {
            return true;
        }
        self.depth += 1;
        let unknown = self.check_node(node, value, place);
        self.depth -= 1;
        unknown
    }

    fn check_node(&mut self, id: NodeId, value: &'v Value, place: Place<'v>) -> bool {
        let node = self.table.node(id);
        if node.is_free() {
            return false;
        }
        if let Some(call) = value_call(value) {
            return self.call(id, node, call, value, place);
        }
        if let Some(name) =
            value.as_str().filter(|text| text.starts_with("AWS::") && super::index::is_pseudo_parameter(text))
        {
            self.plain_pseudo_parameter(name, value.origin, place);
            return true;
        }
        if value.as_str().is_some_and(is_replaced)
            || value.origin.is_secret()
            || self.packaged.contains(&value.origin)
            || value.is_null()
                && (value.origin.is_incomplete() || self.expanded || self.owner.starts_with("AWS::Serverless::"))
        {
            return true;
        }
        let mut unknown = false;
        if let Some(other) = node.child(Field::Ref) {
            unknown |= self.check(other, value, place);
        }
        if node.has(Field::Never) {
            self.report(ProblemKind::MutuallyExclusiveProperties, place.of(value), || {
                (
                    format!("{} cannot stand here together with the properties beside it", place.words()),
                    "remove it".into(),
                )
            });
            return unknown;
        }
        if node.has(Field::Type)
            && !(has_type(value, node.types()) && (!self.strict || is_exactly(value, node.types())))
        {
            let types = node.types();
            self.report(ProblemKind::WrongType, place.of(value), || {
                (
                    format!("{} must be {}, and is {}", place.words(), types.words(), described(value)),
                    format!("write {} there", types.words()),
                )
            });
            return unknown;
        }
        match &value.kind {
            Kind::List(items) => unknown |= self.list(node, items, value, place),
            Kind::Map(map) => unknown |= self.object(node, map, value, place),
            Kind::Null => {}
            _ => self.scalar(node, value, place),
        }
        self.compose(node, value, place) || unknown
    }

    fn list(&mut self, node: &'static Node, items: &'v [Value], value: &'v Value, place: Place<'v>) -> bool {
        let open = value.origin.is_incomplete()
            || items.iter().any(|item| item.single().is_some_and(|(key, _)| super::call::is_macro_key(key)));
        if !open && node.has_any(&[Field::MinItems, Field::MaxItems, Field::MaxUniqueItems]) {
            self.list_size(node, items, place);
        }
        if node.has(Field::Unique) {
            let again = items
                .iter()
                .enumerate()
                .find(|(at, item)| presence(item) == Presence::Sure && items[..*at].contains(item));
            if let Some((at, item)) = again {
                let before = self.count();
                self.report(ProblemKind::DuplicateItem, place.origin, || {
                    (
                        format!("item {} of {} repeats an earlier one ({})", at + 1, place.words(), shown(item)),
                        "remove one of the two".into(),
                    )
                });
                self.repair(before, Some(Repair::Remove { place: item.origin }));
            }
        }
        if let Some(keys) = node.list(Field::UniqueKeys).filter(|keys| !self.resource_policy || !keys.has("Sid")) {
            let is_named = |item: &Value| keys.texts().all(|key| item.get(key).is_some());
            let alike = |one: &Value, other: &Value| keys.texts().all(|key| one.get(key) == other.get(key));
            let again = items
                .iter()
                .enumerate()
                .find(|(at, item)| is_named(item) && items[..*at].iter().any(|earlier| alike(earlier, item)));
            if let Some((at, item)) = again {
                let before = self.count();
                let whole = item.origin;
                let same = items[..at].contains(item);
                let names = listed(keys.texts(), "and");
                let first = keys.texts().next().and_then(|key| item.get(key)).map(shown).unwrap_or_default();
                self.report(ProblemKind::DuplicateItem, place.origin, || {
                    (
                        format!(
                            "item {} of {} has the same {names} as an earlier one ({first})",
                            at + 1,
                            place.words()
                        ),
                        "remove or rename one of the two".into(),
                    )
                });
                self.repair(before, same.then_some(Repair::Remove { place: whole }));
            }
        }
        let mut unknown = false;
        let mut prefix = 0;
        for (at, (child, item)) in node.children(Field::PrefixItems).zip(items).enumerate() {
            prefix = at + 1;
            unknown |= self.check(child, item, Place { origin: item.origin, item: Some(at + 1), ..place });
        }
        if let Some(child) = node.child(Field::Items) {
            for (at, item) in items.iter().enumerate().skip(prefix) {
                if presence(item) == Presence::Never {
                    continue;
                }
                unknown |= self.check(child, item, Place { origin: item.origin, item: Some(at + 1), ..place });
            }
        }
        if let Some(child) = node.child(Field::Contains) {
            let results: Vec<_> =
                items.iter().map(|item| self.attempt(child, item, Place { origin: item.origin, ..place })).collect();
            if results.iter().any(|(found, unknown)| *found == 0 && *unknown) {
                unknown = true;
            } else if !open && !results.iter().any(|(found, _)| *found == 0) {
                self.report(ProblemKind::NoMatchingShape, place.origin, || {
                    (
                        format!("no item of {} is of the kind that must be among them", place.words()),
                        "see the type's documentation".into(),
                    )
                });
            }
        }
        unknown
    }

    fn list_size(&mut self, node: &Node, items: &'v [Value], place: Place<'v>) {
        let count = |least: Presence| items.iter().filter(|item| presence(item) >= least).count();
        let (sure, possible) = (count(Presence::Sure), count(Presence::Maybe));
        if let Some(most) = node.number(Field::MaxItems).filter(|most| sure as f64 > *most) {
            self.report(ProblemKind::OutOfRange, place.origin, || {
                (format!("{} has {sure} items; at most {most} are allowed", place.words()), "remove some".into())
            });
        }
        if let Some(least) = node.number(Field::MinItems).filter(|least| (possible as f64) < *least) {
            self.report(ProblemKind::OutOfRange, place.origin, || {
                (format!("{} has {possible} items; at least {least} are needed", place.words()), "add some".into())
            });
        }
        if let Some(most) = node.number(Field::MaxUniqueItems) {
            let distinct = items.iter().enumerate().filter(|(at, item)| !items[..*at].contains(item)).count();
            if distinct as f64 > most {
                self.report(ProblemKind::OutOfRange, place.origin, || {
                    (
                        format!("{} has {distinct} different items; at most {most} are allowed", place.words()),
                        "remove some".into(),
                    )
                });
            }
        }
    }
}

/// Whether something else may stand in the place of `text` in the deployment.
fn is_replaced(text: &str) -> bool {
    // Without a way out on the way, many bytes are looked at in one step.
    let marks = text.bytes().fold(0, |marks, byte| marks | u8::from(byte == b'{') | byte & 0x80);
    let marked = marks != 0;
    marked && (text.contains("{{resolve:") || super::fragment::has_variable(text) || unknown::is_unknown(text))
}

/// What stands there instead, in words.
fn described(value: &Value) -> String {
    match value.kind {
        Kind::Str(_) => format!("the text {}", shown(value)),
        Kind::Int(_) | Kind::Float(_) => format!("the number {}", shown(value)),
        _ => shown(value),
    }
}

/// Whether `value` is of one of `types` as it is written.
fn is_exactly(value: &Value, types: Types) -> bool {
    match &value.kind {
        Kind::Bool(_) => types.any(Types::BOOLEAN),
        Kind::Int(_) => types.any(Types::INTEGER | Types::NUMBER),
        Kind::Float(_) => types.any(Types::NUMBER),
        Kind::Str(_) => types.any(Types::STRING),
        _ => true,
    }
}

/// Whether `value` is of one of `types`, or CloudFormation makes it so.
pub(super) fn has_type(value: &Value, types: Types) -> bool {
    let is_integer = |text: &str| text.trim().parse::<i128>().is_ok();
    let is_number = |text: &str| text.trim().parse::<f64>().is_ok();
    let is_boolean = |text: &str| matches!(text, "true" | "false" | "True" | "False" | "TRUE" | "FALSE");
    match &value.kind {
        Kind::Null => types.any(Types::NULL),
        Kind::Bool(_) => types.any(Types::BOOLEAN | Types::STRING),
        Kind::Int(_) => types.any(Types::INTEGER | Types::NUMBER | Types::STRING),
        Kind::Float(number) => {
            types.any(Types::NUMBER | Types::STRING) || types.any(Types::INTEGER) && number.fract() == 0.0
        }
        Kind::Str(text) => {
            types.any(Types::STRING)
                || types.any(Types::BOOLEAN) && is_boolean(text)
                || types.any(Types::INTEGER) && is_integer(text)
                || types.any(Types::NUMBER) && is_number(text)
        }
        Kind::List(_) => types.any(Types::ARRAY),
        Kind::Map(_) => types.any(Types::OBJECT),
    }
}
