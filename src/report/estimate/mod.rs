//! Estimates as people and machines read them.

mod forecast;
mod human;
mod markdown;
mod money;
mod performance;
mod timing;

pub use human::human;
pub use markdown::markdown;
pub use money::{money, signed};
pub use timing::timing;

use crate::estimate::Estimate;

/// How an estimate is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EstimateFormat {
    /// Tables for a terminal.
    #[default]
    Human,
    /// Data, by `schemas/estimate.schema.json`.
    Json,
    /// Tables for a pull request or a wiki.
    Markdown,
    /// A page that needs nothing else.
    Html,
}

/// The estimate as JSON.
pub fn json(estimate: &Estimate) -> String {
    serde_json::to_string_pretty(estimate).unwrap_or_default() + "\n"
}
