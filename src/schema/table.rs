//! Sections of the table, strings and lists.

use std::cmp::Ordering;

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

/// The table. Copying it copies nine slices.
#[derive(Clone, Copy, Debug)]
pub struct Table {
    string_offsets: &'static [u8],
    strings: &'static [u8],
    node_offsets: &'static [u8],
    pub(super) nodes: &'static [u8],
    lists: &'static [u8],
    pub(super) types: &'static [u8],
    pub(super) rules: &'static [u8],
    pub(super) facts: &'static [u8],
    head: &'static [u8],
}

impl Table {
    /// The table inside the program.
    pub fn embedded() -> Self {
        Self::open(EMBEDDED).unwrap_or(Self {
            string_offsets: &[],
            strings: &[],
            node_offsets: &[],
            nodes: &[],
            lists: &[],
            types: &[],
            rules: &[],
            facts: &[],
            head: &[],
        })
    }

    /// A table in `bytes`; `None` when they are none.
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
        Some(Self { string_offsets, strings, node_offsets, nodes, lists, types, rules, facts, head })
    }

    /// Version of the source the table was made from.
    pub fn source_version(self) -> &'static str {
        self.text(StringId(u32_at(self.head, 0)))
    }

    /// The regions whose availability the table knows, in the order of availability bits.
    pub fn regions(self) -> List {
        self.list(u32_at(self.head, 1))
    }

    /// The text of a string.
    pub fn text(self, id: StringId) -> &'static str {
        std::str::from_utf8(self.bytes(id)).unwrap_or_default()
    }

    fn bytes(self, id: StringId) -> &'static [u8] {
        let start = u32_at(self.string_offsets, id.0 as usize) as usize;
        let end = u32_at(self.string_offsets, id.0 as usize + 1) as usize;
        self.strings.get(start..end).unwrap_or_default()
    }

    /// The number of `text`, if the table has it. Numbers are ordered as the bytes are.
    pub fn find(self, text: &str) -> Option<StringId> {
        let count = (self.string_offsets.len() / 4).saturating_sub(1) as u32;
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

    pub(super) fn node_start(self, id: NodeId) -> usize {
        u32_at(self.node_offsets, id.0 as usize) as usize
    }

    /// Number of nodes.
    pub fn node_count(self) -> usize {
        self.node_offsets.len() / 4
    }

    pub(super) fn list(self, offset: u32) -> List {
        let mut cursor = Cursor { bytes: self.lists, at: offset as usize };
        let left = cursor.varint() as u32;
        List { table: self, cursor, left }
    }
}

/// A list of strings inside the table.
#[derive(Clone, Copy, Debug)]
pub struct List {
    table: Table,
    cursor: Cursor,
    left: u32,
}

impl List {
    /// Whether `text` is in the list.
    pub fn has(self, text: &str) -> bool {
        self.texts().any(|entry| entry == text)
    }

    /// The entries as text.
    pub fn texts(self) -> impl Iterator<Item = &'static str> + Clone {
        let table = self.table;
        Iterator::map(self, move |id| table.text(id))
    }
}

impl Iterator for List {
    type Item = StringId;

    fn next(&mut self) -> Option<StringId> {
        self.left = self.left.checked_sub(1)?;
        Some(StringId(self.cursor.varint() as u32))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left as usize, Some(self.left as usize))
    }
}

impl ExactSizeIterator for List {}

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
