//! File text, byte spans, line and column arithmetic, and the provider files come from.
//!
//! Everything above this module speaks in [`Span`]s: a file and a byte range. Lines and
//! columns exist only at the edges (reports, the language server), and are computed here.

mod closest;
mod file;
mod files;
mod span;
pub mod suppression;

pub use closest::{closest, distance};
pub use file::{Position, SourceFile};
pub use files::{Files, NoFiles, ReadError, Sources, normalize};
pub use span::{FileId, Span};
