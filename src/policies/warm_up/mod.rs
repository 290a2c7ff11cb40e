//! Cold starts and the means against them.

use super::pings;
use crate::policy::Policy;

mod cold_start_chain;
mod cold_starts_break_objective;
mod latency_objective_out_of_reach;
mod memory_below_cold_start_floor;
mod objectives;
mod package_size_cold_start;
mod provisioned_autoscaling_misconfigured;
mod provisioned_concurrency_on_latest;
mod provisioned_concurrency_too_small;
mod provisioned_in_non_prod;
mod provisioned_over_reserved;
mod provisioned_schedule_hours_wrong;
mod provisioned_with_snapstart;
mod provisioned_without_autoscaling;
mod scaling;
mod snapstart_missed;
mod snapstart_unsupported_runtime;
mod snapstart_with_efs_or_large_tmp;
mod snapstart_without_version;
mod starts;
mod sync_latency_critical_cold_path;
mod unqualified_trigger_bypasses_warm_alias;
mod version_not_kept;
mod warm;
mod warmer_insufficient_concurrency;
mod warmer_interval_too_long;
mod warmer_ping_schedule;
mod warmer_plugin_without_permission_or_alias;
mod weekly;

/// The policies of this category, by name.
pub(super) static ALL: &[&Policy] = &[
    &cold_start_chain::POLICY,
    &cold_starts_break_objective::POLICY,
    &latency_objective_out_of_reach::POLICY,
    &memory_below_cold_start_floor::POLICY,
    &package_size_cold_start::POLICY,
    &provisioned_autoscaling_misconfigured::POLICY,
    &provisioned_concurrency_on_latest::POLICY,
    &provisioned_concurrency_too_small::POLICY,
    &provisioned_in_non_prod::POLICY,
    &provisioned_over_reserved::POLICY,
    &provisioned_schedule_hours_wrong::POLICY,
    &provisioned_with_snapstart::POLICY,
    &provisioned_without_autoscaling::POLICY,
    &snapstart_missed::POLICY,
    &snapstart_unsupported_runtime::POLICY,
    &snapstart_with_efs_or_large_tmp::POLICY,
    &snapstart_without_version::POLICY,
    &sync_latency_critical_cold_path::POLICY,
    &unqualified_trigger_bypasses_warm_alias::POLICY,
    &version_not_kept::POLICY,
    &warmer_insufficient_concurrency::POLICY,
    &warmer_interval_too_long::POLICY,
    &warmer_ping_schedule::POLICY,
    &warmer_plugin_without_permission_or_alias::POLICY,
];
