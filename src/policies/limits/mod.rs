//! Quotas and ranges of the services.

use crate::policy::Policy;

mod async_config_ranges;
mod authorizer_ttl_range;
mod durable_config_ranges;
mod env_reserved_key;
mod env_size;
mod ephemeral_storage_range;
mod esm_batch_size;
mod esm_numeric_ranges;
mod function_memory_range;
mod function_name_length;
mod function_timeout_range;
mod image_with_zip_properties;
mod integration_timeout_range;
mod layer_count;
mod lmi_constraints;
mod log_group_name_and_retention_values;
mod package_size;
mod queue_ranges;
mod retry_policy_range;
mod rule_target_count;
mod schedule_expression;
mod statemachine_definition_size;
mod template_resources;
mod template_size;
mod vpc_config_counts;

/// The policies of this category, by name.
pub(super) static ALL: &[&Policy] = &[
    &async_config_ranges::POLICY,
    &authorizer_ttl_range::POLICY,
    &durable_config_ranges::POLICY,
    &env_reserved_key::POLICY,
    &env_size::POLICY,
    &ephemeral_storage_range::POLICY,
    &esm_batch_size::POLICY,
    &esm_numeric_ranges::POLICY,
    &function_memory_range::POLICY,
    &function_name_length::POLICY,
    &function_timeout_range::POLICY,
    &image_with_zip_properties::POLICY,
    &integration_timeout_range::POLICY,
    &layer_count::POLICY,
    &lmi_constraints::POLICY,
    &log_group_name_and_retention_values::POLICY,
    &package_size::POLICY,
    &queue_ranges::POLICY,
    &retry_policy_range::POLICY,
    &rule_target_count::POLICY,
    &schedule_expression::POLICY,
    &statemachine_definition_size::POLICY,
    &template_resources::POLICY,
    &template_size::POLICY,
    &vpc_config_counts::POLICY,
];
