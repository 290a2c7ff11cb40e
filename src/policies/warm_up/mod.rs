//! Cold starts and the means against them.

use crate::policy::Policy;

/// The policies of this category, by name.
pub(super) static ALL: &[&Policy] = &[];
