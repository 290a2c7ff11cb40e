//! YAML 1.1 and JSON text as a spanned arena tree.
//!
//! A [`Document`] is a value that belongs to one file and never fails to exist: broken text
//! is repaired without moving an offset, and the syntax errors are kept beside the tree.
//! Scalars keep their raw text and get a type only when somebody reads them with a
//! [`Schema`].

mod diagnosis;
pub mod edit;
mod fault;
mod lines;
mod node;
mod parse;
mod repair;
mod scalar;
pub mod settings;
mod shift;
mod suppressions;

pub use node::{Document, Kind, NodeId, NodeRef, Style, SyntaxError};
pub use scalar::{Scalar, Schema, iso_instant, resolve};
pub use suppressions::{Covered, Suppressions};
