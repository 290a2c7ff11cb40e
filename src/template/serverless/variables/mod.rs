//! Variables: `${self:custom.name}`, `${opt:stage, 'dev'}`, `${file(a.yml):key}` and so on.
//!
//! `parse` knows the grammar, `resolve` walks the configuration and puts values in place of
//! variables, `sources` looks values up.

pub mod dotenv;
pub mod parse;
pub mod resolve;
pub mod sources;

pub use resolve::resolve;
