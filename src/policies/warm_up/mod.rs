//! Cold starts and the means against them.

use crate::policy::Policy;

mod provisioned_concurrency_on_latest;
mod provisioned_in_non_prod;
mod provisioned_over_reserved;
mod provisioned_with_snapstart;
mod provisioned_without_autoscaling;
mod snapstart_missed;
mod snapstart_unsupported_runtime;
mod snapstart_with_efs_or_large_tmp;
mod snapstart_without_version;
mod unqualified_trigger_bypasses_warm_alias;
mod warm;
mod warmer_ping_schedule;

/// The policies of this category, by name.
pub(super) static ALL: &[&Policy] = &[
    &provisioned_concurrency_on_latest::POLICY,
    &provisioned_in_non_prod::POLICY,
    &provisioned_over_reserved::POLICY,
    &provisioned_with_snapstart::POLICY,
    &provisioned_without_autoscaling::POLICY,
    &snapstart_missed::POLICY,
    &snapstart_unsupported_runtime::POLICY,
    &snapstart_with_efs_or_large_tmp::POLICY,
    &snapstart_without_version::POLICY,
    &unqualified_trigger_bypasses_warm_alias::POLICY,
    &warmer_ping_schedule::POLICY,
];
