//! Who may do what, and what leaks.

use crate::policy::Policy;

/// The policies of this category, by name.
pub(super) static ALL: &[&Policy] = &[];
