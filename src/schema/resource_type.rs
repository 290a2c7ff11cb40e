//! One resource type.

use super::table::{List, NodeId, StringId, Table, u32_at};
use std::cmp::Ordering;

/// 32-bit words of a type's record.
const WORDS: usize = 12;

/// A resource type of the table.
#[derive(Clone, Copy, Debug)]
pub struct ResourceType {
    table: Table,
    at: usize,
}

impl Table {
    fn type_count(self) -> usize {
        self.types.len() / (WORDS * 4)
    }

    /// The type called `name`. Names that begin with `#` are documents that are no resource
    /// types, such as `#iam/trust`.
    pub fn resource_type(self, name: &str) -> Option<ResourceType> {
        let (mut low, mut high) = (0, self.type_count());
        while low < high {
            let middle = low + (high - low) / 2;
            let found = ResourceType { table: self, at: middle };
            match found.name().cmp(name) {
                Ordering::Less => low = middle + 1,
                Ordering::Greater => high = middle,
                Ordering::Equal => return Some(found),
            }
        }
        None
    }

    /// Every resource type, sorted by name.
    pub fn resource_types(self) -> impl Iterator<Item = ResourceType> {
        (0..self.type_count())
            .map(move |at| ResourceType { table: self, at })
            .filter(|resource_type| !resource_type.name().starts_with('#'))
    }
}

impl ResourceType {
    fn word(self, index: usize) -> u32 {
        u32_at(self.table.types, self.at * WORDS + index)
    }

    fn list(self, index: usize) -> List {
        self.table.list(self.word(index))
    }

    pub(super) fn table(self) -> Table {
        self.table
    }

    /// The name, e.g. `AWS::Lambda::Function`.
    pub fn name(self) -> &'static str {
        self.table.text(StringId(self.word(0)))
    }

    /// The node of `Properties`.
    pub fn properties(self) -> NodeId {
        NodeId(self.word(1))
    }

    /// Whether the type exists in `region`; `None` when the table does not know the region or
    /// the type belongs to a transform.
    pub fn available_in(self, region: &str) -> Option<bool> {
        let mask = u64::from(self.word(2)) | u64::from(self.word(3)) << 32;
        let bit = self.table.regions().texts().position(|known| known == region)?;
        (mask != 0).then_some(mask >> bit & 1 == 1)
    }

    /// Properties that only AWS sets, dotted.
    pub fn read_only(self) -> List {
        self.list(4)
    }

    /// Properties that can be set and never read, dotted.
    pub fn write_only(self) -> List {
        self.list(5)
    }

    /// Properties whose change replaces the resource, dotted.
    pub fn create_only(self) -> List {
        self.list(6)
    }

    /// Properties whose change may replace the resource, dotted.
    pub fn conditional_create_only(self) -> List {
        self.list(7)
    }

    /// The properties that identify a resource, dotted.
    pub fn primary_identifier(self) -> List {
        self.list(8)
    }

    /// Properties no longer to be used, dotted.
    pub fn deprecated(self) -> List {
        self.list(9)
    }

    /// The property that holds tags; `None` when the type takes none.
    pub fn tag_property(self) -> Option<&'static str> {
        Some(self.table.text(StringId(self.word(10)))).filter(|name| !name.is_empty())
    }
}
