//! Dated tables of facts.
pub mod date;
