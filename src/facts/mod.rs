//! Dated tables of facts about AWS: every table names its source and the day it was read.
//!
//! Nothing here imports anything else of the crate, reads a clock or knows a template.

pub mod cold_starts;
pub mod date;
pub mod languages;
pub mod latency_hops;
pub mod layers;
pub mod metrics;
mod offers;
pub mod permissions;
pub mod prices;
pub mod quotas;
pub mod runtimes;
mod table;

pub use date::Date;
