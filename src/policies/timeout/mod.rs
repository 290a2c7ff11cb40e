//! Who waits for whom, and who gives up first.

use crate::policy::Policy;

mod default_timeout;

/// The policies of this category, by name.
pub(super) static ALL: &[&Policy] = &[&default_timeout::POLICY];
