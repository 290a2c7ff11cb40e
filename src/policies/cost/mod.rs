//! Money.

use crate::policy::Policy;

/// The policies of this category, by name.
pub(super) static ALL: &[&Policy] = &[];
