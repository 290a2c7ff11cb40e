//! What an application costs and how long it takes: traffic over the graph, prices, cold
//! starts, latency.

mod answer;
mod arrivals;
mod bill;
mod budget;
pub mod cold;
mod cold_starts;
mod compare;
mod event;
pub mod forecast;
mod forecasts;
pub mod init;
mod latencies;
pub mod latency;
mod limit;
pub mod meters;
mod model;
mod parts;
mod range;
mod result;
mod run;
mod spread;
mod strategies;
pub mod traffic;
pub mod usage;
mod variables;

pub use answer::{Options, USUAL_REGION, cost, estimate, region};
pub use budget::added;
pub use cold_starts::ColdStarts;
pub use compare::{Change, Changed, ChangedPath, Comparison, Delta};
pub use forecasts::{BacktestResult, HourForecast, LoadForecast};
pub use limit::{BudgetCheck, BudgetState};
pub use range::{Bound, Range};
pub use result::{Assumption, Entry, Estimate, OpenQuestion, ResourceCost, Unpriced};
pub use run::SECONDS_PER_MONTH;
pub use strategies::Strategy;
pub use usage::Usage;
