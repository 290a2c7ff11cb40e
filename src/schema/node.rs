//! One schema node: what a value at a place may be.

use super::table::{Cursor, List, NodeId, StringId, Table};
use std::sync::OnceLock;

/// Fields of a node, in the order they are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Field {
    /// Types the value may have.
    Type,
    /// No properties but the named ones.
    Closed,
    /// Nothing is valid here.
    Never,
    /// Items differ from each other.
    Unique,
    /// Longest text, in characters.
    MaxLength,
    /// Shortest text, in characters.
    MinLength,
    /// Most items.
    MaxItems,
    /// Fewest items.
    MinItems,
    /// Smallest number.
    Minimum,
    /// Largest number.
    Maximum,
    /// The number is above this.
    ExclusiveMinimum,
    /// The number is below this.
    ExclusiveMaximum,
    /// Most properties.
    MaxProperties,
    /// Fewest properties.
    MinProperties,
    /// The number is a multiple of this.
    MultipleOf,
    /// Most distinct items.
    MaxUniqueItems,
    /// Another node that holds as well.
    Ref,
    /// Every item.
    Items,
    /// Every property without a node of its own.
    Additional,
    /// The condition for `Then` and `Else`.
    If,
    /// Holds when `If` does.
    Then,
    /// Holds when `If` does not.
    Else,
    /// Does not hold.
    Not,
    /// Every property name.
    Names,
    /// At least one item.
    Contains,
    /// Pattern of the text.
    Pattern,
    /// What kind of identifier the text is.
    Format,
    /// The default, as JSON.
    Default,
    /// Properties that must be there.
    Required,
    /// Allowed values.
    Enum,
    /// Allowed values, in any case.
    EnumIgnoreCase,
    /// Exactly one of these is there.
    RequiredXor,
    /// At least one of these is there.
    RequiredOr,
    /// Properties that tell items apart.
    UniqueKeys,
    /// All of these hold.
    AllOf,
    /// At least one of these holds.
    AnyOf,
    /// Exactly one of these holds.
    OneOf,
    /// The nth item.
    PrefixItems,
    /// Properties a property needs.
    DependentRequired,
    /// Properties a property excludes.
    DependentExcluded,
    /// A node that holds when a property is there.
    Dependencies,
    /// Properties by pattern.
    PatternProperties,
    /// Properties by name.
    Properties,
}

/// A set of JSON types.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Types(u8);

impl Types {
    /// `null`
    pub const NULL: u8 = 1;
    /// A boolean.
    pub const BOOLEAN: u8 = 2;
    /// A whole number.
    pub const INTEGER: u8 = 4;
    /// Any number.
    pub const NUMBER: u8 = 8;
    /// Text.
    pub const STRING: u8 = 16;
    /// A list.
    pub const ARRAY: u8 = 32;
    /// A map.
    pub const OBJECT: u8 = 64;
    /// What one text can become: everything but lists and maps.
    pub const SCALAR: u8 = Self::BOOLEAN | Self::INTEGER | Self::NUMBER | Self::STRING;

    /// Whether one of `kinds` is in the set. A set that was never given has every type.
    pub fn any(self, kinds: u8) -> bool {
        self.0 == 0 || self.0 & kinds != 0
    }

    /// Whether no type was given.
    pub fn is_any(self) -> bool {
        self.0 == 0
    }

    /// The types in both sets; the first set when they share none.
    #[must_use]
    pub fn both(self, other: Self) -> Self {
        if self.0 & other.0 == 0 { self } else { Self(self.0 & other.0) }
    }

    /// The types in either set.
    #[must_use]
    pub fn either(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The types in words.
    pub fn words(self) -> String {
        let names = ["null", "a boolean", "an integer", "a number", "a string", "a list", "a map"];
        let given: Vec<&str> =
            names.iter().enumerate().filter(|(bit, _)| self.0 >> bit & 1 == 1).map(|(_, name)| *name).collect();
        given.join(" or ")
    }
}

const FIRST_NUMBER: u8 = Field::MaxLength as u8;
const FIRST_CHILD: u8 = Field::Ref as u8;
const FIRST_STRING: u8 = Field::Pattern as u8;
const FIRST_LIST: u8 = Field::Required as u8;
const FIRST_MANY: u8 = Field::AllOf as u8;
const FIRST_DEPENDENT: u8 = Field::DependentRequired as u8;
const FIRST_NAMED: u8 = Field::Dependencies as u8;
const END: u8 = Field::Properties as u8 + 1;

/// A node. Of each group of fields only those that are there are held, in their order.
#[derive(Debug)]
pub struct Node {
    table: Table,
    mask: u64,
    types: Types,
    numbers: Box<[f64]>,
    words: Box<[u32]>,
    lists: Box<[Box<[&'static str]>]>,
    children: Box<[Box<[NodeId]>]>,
    dependents: Box<[Box<[Dependents]>]>,
    named: Box<[Box<[Named]>]>,
    /// The beginnings of the names of properties, to find one by.
    beginnings: Box<[u64]>,
}

/// What a property needs or excludes.
#[derive(Debug)]
struct Dependents {
    cause: &'static str,
    others: Box<[&'static str]>,
}

/// A node by name.
#[derive(Debug)]
struct Named {
    text: &'static str,
    name: StringId,
    node: NodeId,
}

/// The first bytes of a name as a number, which is ordered as names are.
fn beginning(name: &str) -> u64 {
    if let Some(first) = name.as_bytes().first_chunk() {
        return u64::from_be_bytes(*first);
    }
    let mut first = [0; 8];
    first.iter_mut().zip(name.bytes()).for_each(|(slot, byte)| *slot = byte);
    u64::from_be_bytes(first)
}

/// How many of the fields from `first` on, and before `field`, are in `mask`.
fn rank(mask: u64, first: u8, field: u8) -> usize {
    (mask >> first & ((1 << (field - first)) - 1)).count_ones() as usize
}

/// The fields from `first` on, and before `end`, that are in `mask`.
fn there(mask: u64, first: u8, end: u8) -> std::ops::Range<usize> {
    0..rank(mask, first, end)
}

impl Node {
    /// Reads the node at `cursor`.
    pub(super) fn read(table: Table, mut cursor: Cursor) -> Self {
        let mask = cursor.varint();
        let types = Types(if mask & 1 == 1 { cursor.byte() } else { 0 });
        let numbers = there(mask, FIRST_NUMBER, FIRST_CHILD).map(|_| cursor.number()).collect();
        let words = there(mask, FIRST_CHILD, FIRST_LIST).map(|_| cursor.varint() as u32).collect();
        let lists = there(mask, FIRST_LIST, FIRST_MANY).map(|_| table.list(cursor.varint() as u32)).collect();
        let children = there(mask, FIRST_MANY, FIRST_DEPENDENT)
            .map(|_| (0..cursor.varint()).map(|_| NodeId(cursor.varint() as u32)).collect())
            .collect();
        let text = |cursor: &mut Cursor| table.text(StringId(cursor.varint() as u32));
        let dependents = there(mask, FIRST_DEPENDENT, FIRST_NAMED)
            .map(|_| {
                let one = |cursor: &mut Cursor| Dependents {
                    cause: text(cursor),
                    others: table.list(cursor.varint() as u32),
                };
                (0..cursor.varint()).map(|_| one(&mut cursor)).collect()
            })
            .collect();
        let named: Box<[Box<[Named]>]> = there(mask, FIRST_NAMED, END)
            .map(|_| {
                // Names are in order; each is stored as the distance from the one before.
                let mut last = 0;
                (0..cursor.varint())
                    .map(|_| {
                        last += cursor.varint() as u32;
                        let name = StringId(last);
                        Named { text: table.text(name), name, node: NodeId(cursor.varint() as u32) }
                    })
                    .collect()
            })
            .collect();
        let mut node =
            Self { table, mask, types, numbers, words, lists, children, dependents, named, beginnings: Box::default() };
        node.beginnings = node.entries(Field::Properties).iter().map(|entry| beginning(entry.text)).collect();
        node
    }

    /// A node that asks for nothing, for numbers that are none.
    pub(super) fn free(table: Table) -> &'static Self {
        static FREE: OnceLock<Node> = OnceLock::new();
        FREE.get_or_init(|| Self::read(table, Cursor { bytes: &[], at: 0 }))
    }

    /// Whether the node has `field`.
    pub fn has(&self, field: Field) -> bool {
        self.mask >> field as u8 & 1 == 1
    }

    /// Whether the node has one of `fields`.
    pub fn has_any(&self, fields: &[Field]) -> bool {
        let wanted = fields.iter().fold(0_u64, |mask, field| mask | 1 << *field as u8);
        self.mask & wanted != 0
    }

    /// Whether nothing at all is asked.
    pub fn is_free(&self) -> bool {
        self.mask & !(1 << Field::Default as u8) == 0
    }

    /// Types the value may have.
    pub fn types(&self) -> Types {
        self.types
    }

    /// The entry of `field` in the group of fields that begins with `first`.
    fn entry<'n, T>(&self, group: &'n [T], first: u8, field: Field) -> Option<&'n T> {
        if !self.has(field) {
            return None;
        }
        group.get(rank(self.mask, first, field as u8))
    }

    /// A limit.
    pub fn number(&self, field: Field) -> Option<f64> {
        debug_assert!((FIRST_NUMBER..FIRST_CHILD).contains(&(field as u8)));
        self.entry(&self.numbers, FIRST_NUMBER, field).copied()
    }

    /// The node of a field that has one (`Ref` to `Contains`).
    pub fn child(&self, field: Field) -> Option<NodeId> {
        debug_assert!((FIRST_CHILD..FIRST_STRING).contains(&(field as u8)));
        self.entry(&self.words, FIRST_CHILD, field).copied().map(NodeId)
    }

    /// The text of `Pattern`, `Format` or `Default`.
    pub fn string(&self, field: Field) -> Option<StringId> {
        debug_assert!((FIRST_STRING..FIRST_LIST).contains(&(field as u8)));
        self.entry(&self.words, FIRST_CHILD, field).copied().map(StringId)
    }

    /// The strings of a list field (`Required` to `UniqueKeys`).
    pub fn list(&'static self, field: Field) -> Option<List> {
        debug_assert!((FIRST_LIST..FIRST_MANY).contains(&(field as u8)));
        self.entry(&self.lists, FIRST_LIST, field).map(|list| List(list))
    }

    /// The nodes of `AllOf`, `AnyOf`, `OneOf` or `PrefixItems`.
    pub fn children(&self, field: Field) -> impl Iterator<Item = NodeId> + use<'_> {
        debug_assert!((FIRST_MANY..FIRST_DEPENDENT).contains(&(field as u8)));
        self.entry(&self.children, FIRST_MANY, field).into_iter().flatten().copied()
    }

    /// The entries of `DependentRequired` or `DependentExcluded`.
    pub fn dependents(&'static self, field: Field) -> impl Iterator<Item = (&'static str, List)> {
        debug_assert!((FIRST_DEPENDENT..FIRST_NAMED).contains(&(field as u8)));
        let entries = self.entry(&self.dependents, FIRST_DEPENDENT, field);
        entries.into_iter().flatten().map(|entry| (entry.cause, List(&entry.others)))
    }

    /// The entries of `Dependencies`, `PatternProperties` or `Properties`, sorted by name.
    pub fn named(&self, field: Field) -> impl Iterator<Item = (StringId, NodeId)> + use<'_> {
        self.entries(field).iter().map(|entry| (entry.name, entry.node))
    }

    /// The same with the names as text.
    pub fn by_name(&self, field: Field) -> impl Iterator<Item = (&'static str, NodeId)> + use<'_> {
        self.entries(field).iter().map(|entry| (entry.text, entry.node))
    }

    fn entries(&self, field: Field) -> &[Named] {
        debug_assert!((FIRST_NAMED..END).contains(&(field as u8)));
        self.entry(&self.named, FIRST_NAMED, field).map_or(&[], |entries| entries)
    }

    /// The node of the property `name`.
    pub fn property(&self, name: &str) -> Option<NodeId> {
        let wanted = beginning(name);
        let at = self.beginnings.partition_point(|known| *known < wanted);
        let alike = self.beginnings.get(at..)?.iter().take_while(|known| **known == wanted).count();
        let entries = self.entries(Field::Properties).get(at..at + alike)?;
        entries.iter().find(|entry| entry.text == name).map(|entry| entry.node)
    }

    /// The table the node belongs to.
    pub fn table(&self) -> Table {
        self.table
    }
}
