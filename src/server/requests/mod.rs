//! One file a request. A handler is a function of a snapshot; it never waits and never writes.

#![allow(clippy::unnecessary_wraps)] // all handlers have the signature that `dispatch` calls
#![allow(clippy::mutable_key_type)] // addresses as keys are what the protocol's types ask for

pub(super) mod call_hierarchy;
pub(super) mod code_action;
pub(super) mod code_lens;
pub(super) mod command;
pub(super) mod completion;
pub(super) mod definition;
pub(super) mod diagnostic;
pub(super) mod folding;
pub(super) mod hover;
pub(super) mod inlay_hint;
pub(super) mod links;
pub(super) mod references;
pub(super) mod rename;
pub(super) mod status;
pub(super) mod symbols;
