//! Estimates as people and machines read them.

mod budget;
mod drawing;
mod forecast;
mod html;
mod human;
mod markdown;
mod money;
mod performance;
mod timing;

pub use budget::message as budget_message;
pub use html::html;
pub use human::human;
pub use markdown::{code, markdown, span};
pub use money::{money, signed};
pub use timing::{timing, timing_markdown};

use crate::estimate::Estimate;

/// The estimate as JSON.
pub fn json(estimate: &Estimate) -> String {
    serde_json::to_string_pretty(estimate).unwrap_or_default() + "\n"
}
