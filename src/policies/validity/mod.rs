//! Whether the template can be read and deployed at all.

use crate::policy::Policy;

/// The policies of this category, by name.
pub(super) static ALL: &[&Policy] = &[];
