//! One schema node: what a value at a place may be.

use super::table::{Cursor, List, NodeId, StringId, Table};

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

/// A node, its small fields decoded.
#[derive(Clone, Copy, Debug)]
pub struct Node {
    table: Table,
    mask: u64,
    types: u8,
    numbers: Cursor,
    words: [u32; (FIRST_MANY - FIRST_CHILD) as usize],
    rest: Cursor,
}

impl Table {
    /// Reads a node.
    pub fn node(self, id: NodeId) -> Node {
        let mut cursor = Cursor { bytes: self.nodes, at: self.node_start(id) };
        let mask = cursor.varint();
        let has = |field: u8| mask >> field & 1 == 1;
        let types = if has(0) { cursor.byte() } else { 0 };
        let numbers = cursor;
        for field in FIRST_NUMBER..FIRST_CHILD {
            if has(field) {
                cursor.number();
            }
        }
        let mut words = [0; (FIRST_MANY - FIRST_CHILD) as usize];
        for (field, word) in (FIRST_CHILD..).zip(&mut words) {
            if has(field) {
                *word = cursor.varint() as u32;
            }
        }
        Node { table: self, mask, types, numbers, words, rest: cursor }
    }
}

impl Node {
    /// Whether the node has `field`.
    pub fn has(&self, field: Field) -> bool {
        self.mask >> field as u8 & 1 == 1
    }

    /// Whether nothing at all is asked.
    pub fn is_free(&self) -> bool {
        self.mask & !(1 << Field::Default as u8) == 0
    }

    /// Types the value may have.
    pub fn types(&self) -> Types {
        Types(self.types)
    }

    /// A limit.
    pub fn number(&self, field: Field) -> Option<f64> {
        if !self.has(field) {
            return None;
        }
        let mut cursor = self.numbers;
        for before in FIRST_NUMBER..field as u8 {
            if self.mask >> before & 1 == 1 {
                cursor.number();
            }
        }
        Some(cursor.number())
    }

    fn word(&self, field: Field) -> Option<u32> {
        self.has(field).then(|| self.words.get((field as u8 - FIRST_CHILD) as usize).copied().unwrap_or(0))
    }

    /// The node of a field that has one (`Ref` to `Contains`).
    pub fn child(&self, field: Field) -> Option<NodeId> {
        debug_assert!((FIRST_CHILD..FIRST_STRING).contains(&(field as u8)));
        self.word(field).map(NodeId)
    }

    /// The text of `Pattern`, `Format` or `Default`.
    pub fn string(&self, field: Field) -> Option<StringId> {
        debug_assert!((FIRST_STRING..FIRST_LIST).contains(&(field as u8)));
        self.word(field).map(StringId)
    }

    /// The strings of a list field (`Required` to `UniqueKeys`).
    pub fn list(&self, field: Field) -> Option<List> {
        debug_assert!((FIRST_LIST..FIRST_MANY).contains(&(field as u8)));
        self.word(field).map(|offset| self.table.list(offset))
    }

    /// The start of a field that comes after the small ones.
    fn section(&self, field: Field) -> Option<Cursor> {
        if !self.has(field) {
            return None;
        }
        let mut cursor = self.rest;
        for before in FIRST_MANY..field as u8 {
            if self.mask >> before & 1 == 0 {
                continue;
            }
            let numbers = if before <= Field::PrefixItems as u8 { 1 } else { 2 };
            for _ in 0..cursor.varint() * numbers {
                cursor.varint();
            }
        }
        Some(cursor)
    }

    /// The nodes of `AllOf`, `AnyOf`, `OneOf` or `PrefixItems`.
    pub fn children(&self, field: Field) -> impl Iterator<Item = NodeId> + use<> {
        let mut cursor = self.section(field);
        let count = cursor.as_mut().map_or(0, Cursor::varint);
        (0..count).map_while(move |_| cursor.as_mut().map(|cursor| NodeId(cursor.varint() as u32)))
    }

    /// The entries of `DependentRequired` or `DependentExcluded`.
    pub fn dependents(&self, field: Field) -> impl Iterator<Item = (StringId, List)> + use<> {
        let table = self.table;
        let mut cursor = self.section(field);
        let count = cursor.as_mut().map_or(0, Cursor::varint);
        (0..count).map_while(move |_| {
            let cursor = cursor.as_mut()?;
            Some((StringId(cursor.varint() as u32), table.list(cursor.varint() as u32)))
        })
    }

    /// The entries of `Dependencies`, `PatternProperties` or `Properties`, sorted by name.
    pub fn named(&self, field: Field) -> impl Iterator<Item = (StringId, NodeId)> + use<> {
        let mut cursor = self.section(field);
        let count = cursor.as_mut().map_or(0, Cursor::varint);
        let mut name = 0;
        (0..count).map_while(move |_| {
            let cursor = cursor.as_mut()?;
            name += cursor.varint() as u32;
            Some((StringId(name), NodeId(cursor.varint() as u32)))
        })
    }

    /// The node of the property `name`.
    pub fn property(&self, name: &str) -> Option<NodeId> {
        if !self.has(Field::Properties) {
            return None;
        }
        let id = self.table.find(name)?;
        self.named(Field::Properties)
            .take_while(|(entry, _)| *entry <= id)
            .find(|(entry, _)| *entry == id)
            .map(|(_, node)| node)
    }

    /// The table the node belongs to.
    pub fn table(&self) -> Table {
        self.table
    }
}
