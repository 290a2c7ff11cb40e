//! What an application costs and how long it takes: traffic over the graph, prices, cold
//! starts, latency.

mod answer;
mod assumptions;
pub mod cold;
pub mod latency;
pub mod meters;
mod range;
pub mod traffic;
pub mod usage;

pub use answer::{ColdStarts, Entry, Estimate, Options, SECONDS_PER_MONTH, Unpriced, Used, estimate};
pub use assumptions::Assumptions;
pub use range::Range;
