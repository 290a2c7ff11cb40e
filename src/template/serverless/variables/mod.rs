//! Variables: `${self:custom.name}`, `${opt:stage, 'dev'}`, `${file(a.yml):key}` and so on.
//!
//! `syntax` says what variables are made of, `parse` knows the grammar, `resolve` walks the
//! configuration and puts values in place of variables, `sources` looks values up.

pub mod dotenv;
pub mod parse;
#[cfg(test)]
mod parse_tests;
pub mod resolve;
pub mod sources;
pub mod syntax;
pub mod values;

pub use resolve::resolve;
