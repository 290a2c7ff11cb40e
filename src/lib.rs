//! dewline: a linter and a cost and latency estimator for serverless infrastructure-as-code.

pub mod cli;
pub mod config;
pub mod document;
pub mod engine;
pub mod estimate;
pub mod facts;
pub mod finding;
pub mod fix;
pub mod graph;
pub mod guard;
pub mod observe;
pub mod policies;
pub mod policy;
pub mod report;
pub mod schema;
pub mod server;
pub mod source;
pub mod template;
