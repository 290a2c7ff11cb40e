//! Quotas and ranges of the services.

use crate::policy::Policy;

mod function_timeout_range;

/// The policies of this category, by name.
pub(super) static ALL: &[&Policy] = &[&function_timeout_range::POLICY];
