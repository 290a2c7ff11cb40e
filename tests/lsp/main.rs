//! The language server, driven through the real binary over standard input and output.

#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr)] // a test may fail

mod actions;
mod client;
mod core;
mod fixture;
mod navigation;
mod soak;
mod writing;
