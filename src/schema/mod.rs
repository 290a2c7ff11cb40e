//! The embedded table of resource types and its reader.
//!
//! `schemas/resources.bin` holds every CloudFormation resource type with its properties, types,
//! limits and lists as one flat file of facts; `schemas/README.md` describes how it is made.
//! Opening it costs nothing but the header: strings are read where they lie, and nodes and types
//! when they are first asked for.

mod actions;
mod attributes;
mod facts;
mod node;
mod pattern;
mod query;
mod resource_type;
mod sequence;
mod table;
#[cfg(test)]
mod tests;

pub use actions::Actions;
pub use facts::{Attributes, Lifecycle, Rule, RuntimeDates};
pub use node::{Field, Node, Types};
pub use pattern::Patterns;
pub use query::{ANY, Place, Property, Update};
pub use resource_type::ResourceType;
pub use table::{List, NodeId, StringId, Table};
