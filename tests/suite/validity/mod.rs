//! Whether a template deploys: schemas, functions, exceptions.

mod cfn_lint;
mod condition_heavy;
pub mod schema_exceptions;
mod schema_oracle;
mod schema_property;
mod validation;
