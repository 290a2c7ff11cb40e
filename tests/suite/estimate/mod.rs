//! The estimator of cost and latency.

mod cold_starts;
pub mod estimating;
mod flow;
mod forecasts;
mod load_forecast;
mod observed_calls;
mod outputs;
mod properties;
mod published_prices;
