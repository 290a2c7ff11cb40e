//! Money.

use crate::policy::Policy;

mod api_cache_idle;
mod debug_log_cost;
mod default_memory;
mod denial_of_wallet_exposure;
mod idle_queue_polling;
mod nat_gateway_for_one_function;
mod nat_instead_of_gateway_endpoint;
mod provisioned_concurrency_idle_cost;
mod provisioned_memory_above_one_cpu;
mod queue_short_polling;
mod sync_wait_cost;
mod table_billing_mode_missing;
mod warmer_cost_vs_benefit;
mod x86_when_arm_possible;

/// The policies of this category, by name.
pub(super) static ALL: &[&Policy] = &[
    &api_cache_idle::POLICY,
    &debug_log_cost::POLICY,
    &default_memory::POLICY,
    &denial_of_wallet_exposure::POLICY,
    &idle_queue_polling::POLICY,
    &nat_gateway_for_one_function::POLICY,
    &nat_instead_of_gateway_endpoint::POLICY,
    &provisioned_concurrency_idle_cost::POLICY,
    &provisioned_memory_above_one_cpu::POLICY,
    &queue_short_polling::POLICY,
    &sync_wait_cost::POLICY,
    &table_billing_mode_missing::POLICY,
    &warmer_cost_vs_benefit::POLICY,
    &x86_when_arm_possible::POLICY,
];
