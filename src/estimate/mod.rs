//! What an application costs and how long it takes: traffic over the graph, prices, cold
//! starts, latency.

pub mod cold;
pub mod latency;
