//! The template model: what the three dialects become.
//!
//! A document is lowered to a [`value::Value`] tree; the dialect's module turns that tree into
//! a CloudFormation-level tree (`sam` and `serverless` expand, `cloudformation` runs language
//! extensions and includes); `Template` is the typed view the rest of the program reads.

mod artifacts;
pub mod authored;
mod bits;
pub mod cloudformation;
mod conditions;
mod definitions;
pub mod dialect;
pub mod eval;
pub mod intrinsic;
pub mod json;
pub mod load;
pub mod lower;
pub mod lowering;
pub mod model;
pub mod nested;
pub mod problem;
pub mod rules;
pub mod sam;
pub mod serverless;
pub mod symbols;
mod truth;
#[cfg(test)]
mod truth_tests;
pub mod unknown;
pub mod validate;
pub mod value;

pub use artifacts::Artifact;
pub use dialect::Dialect;
pub use eval::Eval;
pub use lowering::{Inputs, Lowering};
pub use model::{Resource, Template};
pub use problem::{Problem, ProblemKind, Repair};
