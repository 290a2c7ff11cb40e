//! Organisation rules written in AWS Guard, run over the expanded template.
//!
//! One rule holds for all three dialects, because it sees what will be deployed; its findings
//! point at the line the author can edit. cfn-guard is given our own expanded JSON and never
//! a raw file: its loader reads scalars differently and refuses aliases.

mod data;
mod evaluate;
mod facts;
mod header;
pub mod packs;
mod place;
mod results;
mod rules;
pub mod suite;
pub mod trouble;

pub use evaluate::{LIMIT, Wanted, run, run_within};
pub use rules::{Rule, RuleFile, RuleMistake};
