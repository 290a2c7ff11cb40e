//! One resource type.

use super::facts::{Attributes, Lifecycle, Rule};
use super::table::{List, NodeId, StringId, Table, u32_at};
use std::cell::RefCell;
use std::cmp::Ordering;
use std::collections::HashMap;

/// 32-bit words of a type's record.
const WORDS: usize = 12;
/// Where the lists of a record begin, and how many there are.
const FIRST_LIST: usize = 4;
const LISTS: usize = 6;

/// A resource type of the table.
#[derive(Clone, Copy, Debug)]
pub struct ResourceType {
    table: Table,
    record: &'static Record,
}

/// What the table holds about a type.
#[derive(Debug)]
pub(super) struct Record {
    name: &'static str,
    properties: NodeId,
    regions: u64,
    lists: [Box<[&'static str]>; LISTS],
    tag_property: &'static str,
    attributes: Attributes,
    packaged: Option<List>,
    lifecycle: Option<Lifecycle>,
    set_by_aws: Box<[String]>,
    rules: Box<[Rule]>,
}

impl Record {
    /// Bytes of a record.
    pub(super) const SIZE: usize = WORDS * 4;

    pub(super) fn read(table: Table, index: usize) -> Self {
        let word = |at: usize| u32_at(table.types(), index * WORDS + at);
        let name = type_name(table, index);
        let lists: [Box<[&'static str]>; LISTS] = std::array::from_fn(|at| table.list(word(FIRST_LIST + at)));
        let [read_only, _, create_only, _, identifier, _] = &lists;
        // What identifies a resource or is chosen when it is made can be given.
        let set_by_aws = read_only.iter().filter(|path| !create_only.contains(path) && !identifier.contains(path));
        Self {
            name,
            properties: NodeId(word(1)),
            regions: u64::from(word(2)) | u64::from(word(3)) << 32,
            tag_property: table.text(StringId(word(10))),
            attributes: table.attributes(name),
            packaged: table.packaged(name),
            lifecycle: table.lifecycle(name),
            set_by_aws: set_by_aws.filter(|path| !path.contains('*')).map(|path| path.replace('.', "/")).collect(),
            rules: table.rules(name).collect(),
            lists,
        }
    }
}

thread_local! {
    /// Types by name, as far as they were looked for: templates name the same ones.
    static FOUND: RefCell<HashMap<&'static str, ResourceType>> = RefCell::default();
}

/// The name of the `index`th type.
fn type_name(table: Table, index: usize) -> &'static str {
    table.text(StringId(u32_at(table.types(), index * WORDS)))
}

impl Table {
    /// The type called `name`. Names that begin with `#` are documents that are no resource
    /// types, such as `#iam/trust`.
    pub fn resource_type(self, name: &str) -> Option<ResourceType> {
        if let Some(known) = FOUND.with(|found| found.borrow().get(name).copied()) {
            return Some(known);
        }
        let found = self.search(name)?;
        FOUND.with(|known| known.borrow_mut().insert(found.name(), found));
        Some(found)
    }

    fn search(self, name: &str) -> Option<ResourceType> {
        let (mut low, mut high) = (0, self.type_count());
        while low < high {
            let middle = low + (high - low) / 2;
            match type_name(self, middle).cmp(name) {
                Ordering::Less => low = middle + 1,
                Ordering::Greater => high = middle,
                Ordering::Equal => return self.type_at(middle),
            }
        }
        None
    }

    fn type_at(self, index: usize) -> Option<ResourceType> {
        self.record(index).map(|record| ResourceType { table: self, record })
    }

    /// Every resource type, sorted by name.
    pub fn resource_types(self) -> impl Iterator<Item = ResourceType> {
        (0..self.type_count())
            .filter_map(move |index| self.type_at(index))
            .filter(|resource_type| !resource_type.name().starts_with('#'))
    }

    /// The names of all resource types, sorted.
    pub fn type_names(self) -> impl Iterator<Item = &'static str> {
        (0..self.type_count()).map(move |index| type_name(self, index)).filter(|name| !name.starts_with('#'))
    }
}

impl ResourceType {
    fn list(self, index: usize) -> List {
        List(&self.record.lists[index])
    }

    pub(super) fn table(self) -> Table {
        self.table
    }

    /// The name, e.g. `AWS::Lambda::Function`.
    pub fn name(self) -> &'static str {
        self.record.name
    }

    /// The node of `Properties`.
    pub fn properties(self) -> NodeId {
        self.record.properties
    }

    /// Whether the type exists in `region`; `None` when the table does not know the region or
    /// the type belongs to a transform.
    pub fn available_in(self, region: &str) -> Option<bool> {
        let mask = self.record.regions;
        let bit = self.table.regions().texts().position(|known| known == region)?;
        (mask != 0).then_some(mask >> bit & 1 == 1)
    }

    /// Properties that only AWS sets, dotted.
    pub fn read_only(self) -> List {
        self.list(0)
    }

    /// Properties that can be set and never read, dotted.
    pub fn write_only(self) -> List {
        self.list(1)
    }

    /// Properties whose change replaces the resource, dotted.
    pub fn create_only(self) -> List {
        self.list(2)
    }

    /// Properties whose change may replace the resource, dotted.
    pub fn conditional_create_only(self) -> List {
        self.list(3)
    }

    /// The properties that identify a resource, dotted.
    pub fn primary_identifier(self) -> List {
        self.list(4)
    }

    /// Properties no longer to be used, dotted.
    pub fn deprecated(self) -> List {
        self.list(5)
    }

    /// The property that holds tags; `None` when the type takes none.
    pub fn tag_property(self) -> Option<&'static str> {
        Some(self.record.tag_property).filter(|name| !name.is_empty())
    }

    /// What `Fn::GetAtt` may read beside the read-only properties.
    pub fn attributes(self) -> Attributes {
        self.record.attributes
    }

    /// The properties (paths joined with `/`) that may hold a local path, which packaging
    /// replaces.
    pub fn packaged(self) -> Option<List> {
        self.record.packaged
    }

    /// Where the service of the type stands, when it is on its way out.
    pub fn lifecycle(self) -> Option<Lifecycle> {
        self.record.lifecycle
    }

    /// The properties (paths joined with `/`) that AWS sets, and nobody else can.
    pub fn set_by_aws(self) -> &'static [String] {
        &self.record.set_by_aws
    }

    /// The rules between properties of the type.
    pub fn rules(self) -> &'static [Rule] {
        &self.record.rules
    }
}
