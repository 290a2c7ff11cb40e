//! Cold starts and the means against them.

use super::pings;
use crate::policy::Policy;

mod cold_starts_break_objective;
mod latency_objective_out_of_reach;
mod memory_below_cold_start_floor;
mod objectives;
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
mod unqualified_trigger_bypasses_warm_alias;
mod warm;
mod warmer_insufficient_concurrency;
mod warmer_interval_too_long;
mod warmer_ping_schedule;
mod weekly;

/// The policies of this category, by name.
pub(super) static ALL: &[&Policy] = &[
    &cold_starts_break_objective::POLICY,
    &latency_objective_out_of_reach::POLICY,
    &memory_below_cold_start_floor::POLICY,
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
    &unqualified_trigger_bypasses_warm_alias::POLICY,
    &warmer_insufficient_concurrency::POLICY,
    &warmer_interval_too_long::POLICY,
    &warmer_ping_schedule::POLICY,
];
