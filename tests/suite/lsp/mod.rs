//! The language server, driven through the real binary over standard input and output.

mod actions;
mod client;
mod core;
mod fixture;
mod navigation;
mod outline;
mod soak;
mod writing;
