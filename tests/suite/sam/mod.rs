//! SAM templates and what they expand to.

mod mutations;
mod oracle;
mod provenance;
