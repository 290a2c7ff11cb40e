//! Cold starts and the means against them.

use crate::policy::Policy;

mod snapstart_unsupported_runtime;
mod snapstart_with_efs_or_large_tmp;

/// The policies of this category, by name.
pub(super) static ALL: &[&Policy] = &[&snapstart_unsupported_runtime::POLICY, &snapstart_with_efs_or_large_tmp::POLICY];
