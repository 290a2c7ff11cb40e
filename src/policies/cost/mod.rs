//! Money.

use crate::policy::Policy;

mod debug_log_cost;
mod default_memory;
mod denial_of_wallet_exposure;
mod nat_instead_of_gateway_endpoint;
mod provisioned_concurrency_idle_cost;
mod table_billing_mode_missing;
mod warmer_cost_vs_benefit;
mod x86_when_arm_possible;

/// The policies of this category, by name.
pub(super) static ALL: &[&Policy] = &[
    &debug_log_cost::POLICY,
    &default_memory::POLICY,
    &denial_of_wallet_exposure::POLICY,
    &nat_instead_of_gateway_endpoint::POLICY,
    &provisioned_concurrency_idle_cost::POLICY,
    &table_billing_mode_missing::POLICY,
    &warmer_cost_vs_benefit::POLICY,
    &x86_when_arm_possible::POLICY,
];
