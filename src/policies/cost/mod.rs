//! Money.

use crate::policy::Policy;

mod default_memory;
mod x86_when_arm_possible;

/// The policies of this category, by name.
pub(super) static ALL: &[&Policy] = &[&default_memory::POLICY, &x86_when_arm_possible::POLICY];
