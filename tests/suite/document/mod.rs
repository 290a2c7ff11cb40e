//! The document: what is read, and where it stands.

mod edits;
mod lowering;
mod recall;
mod repair;
mod scalars;
mod suppressions;
