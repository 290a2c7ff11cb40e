//! Which properties there are, per type.

pub mod events;
pub mod resources;
pub mod targets;
