//! Sections of the table, strings and lists.

use super::facts::Facts;
use super::node::Node;
use super::resource_type::Record;
use std::cmp::Ordering;
use std::fmt;
use std::sync::OnceLock;

/// Number of a string in the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StringId(pub(super) u32);

/// Number of a schema node in the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub(super) u32);

/// Number of sections after the header.
const SECTIONS: usize = 9;
/// The layout this reader knows.
const FORMAT: u32 = 1;

static EMBEDDED: &[u8] = include_bytes!("../../schemas/resources.bin");

/// The table. Copying it copies a reference.
#[derive(Clone, Copy)]
pub struct Table(&'static Sections);

/// The sections of the table, and what was read of them so far: most of a schema is never asked
/// for, and what is asked for once is asked for in every template.
#[derive(Default)]
struct Sections {
    string_offsets: &'static [u8],
    strings: &'static [u8],
    node_offsets: &'static [u8],
    nodes: &'static [u8],
    lists: &'static [u8],
    types: &'static [u8],
    rules: &'static [u8],
    facts: &'static [u8],
    head: &'static [u8],
    read: Read,
}

/// What was read so far.
#[derive(Default)]
struct Read {
    nodes: Box<[OnceLock<Box<Node>>]>,
    types: Box<[OnceLock<Box<Record>>]>,
    facts: OnceLock<Facts>,
    regions: OnceLock<Box<[&'static str]>>,
}

static OPENED: OnceLock<Sections> = OnceLock::new();

impl fmt::Debug for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Table").finish_non_exhaustive()
    }
}

impl Sections {
    /// The sections of `bytes`; `None` when they are no table.
    fn open(bytes: &'static [u8]) -> Option<Self> {
        if bytes.get(..4)? != b"DWRT" || u32_at(bytes, 1) != FORMAT {
            return None;
        }
        let mut sections = [&[] as &'static [u8]; SECTIONS];
        for (index, section) in sections.iter_mut().enumerate() {
            let start = u32_at(bytes, 2 + 2 * index) as usize;
            let length = u32_at(bytes, 3 + 2 * index) as usize;
            *section = bytes.get(start..start + length)?;
        }
        let [string_offsets, strings, node_offsets, nodes, lists, types, rules, facts, head] = sections;
        let read = Read {
            nodes: (0..node_offsets.len() / 4).map(|_| OnceLock::new()).collect(),
            types: (0..types.len() / Record::SIZE).map(|_| OnceLock::new()).collect(),
            ..Read::default()
        };
        Some(Self { string_offsets, strings, node_offsets, nodes, lists, types, rules, facts, head, read })
    }
}

impl Table {
    /// The table inside the program.
    pub fn embedded() -> Self {
        Self(OPENED.get_or_init(|| Sections::open(EMBEDDED).unwrap_or_default()))
    }

    /// Version of the source the table was made from.
    pub fn source_version(self) -> &'static str {
        self.text(StringId(u32_at(self.0.head, 0)))
    }

    /// The regions whose availability the table knows, in the order of availability bits.
    pub fn regions(self) -> List {
        List(self.0.read.regions.get_or_init(|| self.list(u32_at(self.0.head, 1))))
    }

    /// The text of a string.
    pub fn text(self, id: StringId) -> &'static str {
        std::str::from_utf8(self.bytes(id)).unwrap_or_default()
    }

    fn bytes(self, id: StringId) -> &'static [u8] {
        let start = u32_at(self.0.string_offsets, id.0 as usize) as usize;
        let end = u32_at(self.0.string_offsets, id.0 as usize + 1) as usize;
        self.0.strings.get(start..end).unwrap_or_default()
    }

    /// The number of `text`, if the table has it. Numbers are ordered as the bytes are.
    pub fn find(self, text: &str) -> Option<StringId> {
        let count = (self.0.string_offsets.len() / 4).saturating_sub(1) as u32;
        let (mut low, mut high) = (0, count);
        while low < high {
            let middle = low + (high - low) / 2;
            match self.bytes(StringId(middle)).cmp(text.as_bytes()) {
                Ordering::Less => low = middle + 1,
                Ordering::Greater => high = middle,
                Ordering::Equal => return Some(StringId(middle)),
            }
        }
        None
    }

    /// Number of nodes.
    pub fn node_count(self) -> usize {
        self.0.read.nodes.len()
    }

    /// A node.
    pub fn node(self, id: NodeId) -> &'static Node {
        match self.0.read.nodes.get(id.0 as usize) {
            Some(node) => node.get_or_init(|| {
                let at = u32_at(self.0.node_offsets, id.0 as usize) as usize;
                Box::new(Node::read(self, Cursor { bytes: self.0.nodes, at }))
            }),
            None => Node::free(self),
        }
    }

    /// The record of the `index`th type.
    pub(super) fn record(self, index: usize) -> Option<&'static Record> {
        let record = self.0.read.types.get(index)?;
        Some(record.get_or_init(|| Box::new(Record::read(self, index))))
    }

    /// Number of types.
    pub(super) fn type_count(self) -> usize {
        self.0.read.types.len()
    }

    /// The small tables beside the types.
    pub(super) fn facts(self) -> &'static Facts {
        self.0.read.facts.get_or_init(|| Facts::read(self, self.0.facts))
    }

    /// The section of types.
    pub(super) fn types(self) -> &'static [u8] {
        self.0.types
    }

    /// The section of rules.
    pub(super) fn rule_bytes(self) -> &'static [u8] {
        self.0.rules
    }

    /// The strings of the list at `offset`.
    pub(super) fn list(self, offset: u32) -> Box<[&'static str]> {
        let mut cursor = Cursor { bytes: self.0.lists, at: offset as usize };
        let count = cursor.varint();
        (0..count).map(|_| self.text(StringId(cursor.varint() as u32))).collect()
    }
}

/// A list of strings inside the table.
#[derive(Clone, Copy, Debug)]
pub struct List(pub(super) &'static [&'static str]);

impl List {
    /// Whether `text` is in the list.
    pub fn has(self, text: &str) -> bool {
        self.0.contains(&text)
    }

    /// The entries as text.
    pub fn texts(self) -> impl ExactSizeIterator<Item = &'static str> + Clone {
        self.0.iter().copied()
    }

    /// Number of entries.
    pub fn len(self) -> usize {
        self.0.len()
    }

    /// Whether there is no entry.
    pub fn is_empty(self) -> bool {
        self.0.is_empty()
    }
}

/// Reads variable-length numbers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cursor {
    pub bytes: &'static [u8],
    pub at: usize,
}

impl Cursor {
    /// The next byte; 0 past the end.
    pub fn byte(&mut self) -> u8 {
        let byte = self.bytes.get(self.at).copied().unwrap_or(0);
        self.at += 1;
        byte
    }

    /// The next number: seven bits a byte, the lowest first.
    pub fn varint(&mut self) -> u64 {
        let mut number = 0;
        let mut shift = 0;
        loop {
            let byte = self.byte();
            number |= u64::from(byte & 127).checked_shl(shift).unwrap_or(0);
            if byte < 128 || shift > 63 {
                return number;
            }
            shift += 7;
        }
    }

    /// The next limit: a zigzag integer, or a marker and the eight bytes of a float.
    pub fn number(&mut self) -> f64 {
        if self.bytes.get(self.at) == Some(&1) {
            let bytes = self.bytes.get(self.at + 1..self.at + 9).and_then(|bytes| bytes.try_into().ok());
            self.at += 9;
            return bytes.map_or(0.0, f64::from_le_bytes);
        }
        let zigzag = self.varint() / 2;
        let magnitude = (zigzag / 2) as f64;
        if zigzag & 1 == 1 { -magnitude - 1.0 } else { magnitude }
    }
}

/// The `index`th 32-bit number of `bytes`; 0 past the end.
pub(super) fn u32_at(bytes: &[u8], index: usize) -> u32 {
    let word = bytes.get(index * 4..index * 4 + 4).and_then(|word| word.try_into().ok());
    word.map_or(0, u32::from_le_bytes)
}
