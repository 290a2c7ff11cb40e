//! All integration tests, in one program: it links the library once, which saves a small machine minutes and
//! gigabytes. `cargo test --test suite NAME` runs the tests whose path contains `NAME`.

#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr)] // a test may fail, and says what it counted

mod architecture;
mod beside;
mod checked;
mod cli;
mod corpus;
mod document;
mod estimate;
mod folder;
mod generated;
mod lsp;
mod policies;
mod reports;
mod sam;
mod serverless;
mod validity;
