//! Lost events, endless loops, missing retries.

use crate::policy::Policy;

mod account_concurrency_overcommitted;
mod arch_layer_mismatch;
mod async_no_failure_destination;
mod dlq_is_self_or_cycle;
mod dlq_type_mismatch;
mod esm_filter_invalid_for_source;
mod esm_no_partial_batch;
mod esm_starting_position;
mod eventbridge_target_no_dlq;
mod eventbridge_target_no_permission;
mod max_concurrency_with_provisioned_pollers;
mod max_receive_count_too_low;
mod permission_wrong_principal;
mod recursion_dynamodb_stream;
mod recursion_eventbridge;
mod recursion_queue_topic;
mod recursion_s3;
mod reserved_below_esm_max_concurrency;
mod reserved_concurrency_zero;
mod reserved_with_sqs_no_max_concurrency;
mod rest_api_defined_twice;
mod role_missing_needed_permission;
mod sfn_definition_invalid;
mod sfn_express_unsupported_integration;
mod sfn_retry_all_not_last;
mod sfn_task_no_retry;
mod sns_endpoint_protocol_mismatch;
mod sns_subscription_no_redrive;
mod sqs_source_no_redrive;
mod stream_esm_no_bisect;
mod stream_esm_no_failure_destination;
mod stream_esm_unbounded_retry;
mod stream_reader_contention;
mod vpc_no_egress_to_aws_api;

/// The policies of this category, by name.
pub(super) static ALL: &[&Policy] = &[
    &account_concurrency_overcommitted::POLICY,
    &arch_layer_mismatch::POLICY,
    &async_no_failure_destination::POLICY,
    &dlq_is_self_or_cycle::POLICY,
    &dlq_type_mismatch::POLICY,
    &esm_filter_invalid_for_source::POLICY,
    &esm_no_partial_batch::POLICY,
    &esm_starting_position::POLICY,
    &eventbridge_target_no_dlq::POLICY,
    &eventbridge_target_no_permission::POLICY,
    &max_concurrency_with_provisioned_pollers::POLICY,
    &max_receive_count_too_low::POLICY,
    &permission_wrong_principal::POLICY,
    &recursion_dynamodb_stream::POLICY,
    &recursion_eventbridge::POLICY,
    &recursion_queue_topic::POLICY,
    &recursion_s3::POLICY,
    &reserved_below_esm_max_concurrency::POLICY,
    &reserved_concurrency_zero::POLICY,
    &reserved_with_sqs_no_max_concurrency::POLICY,
    &rest_api_defined_twice::POLICY,
    &role_missing_needed_permission::POLICY,
    &sfn_definition_invalid::POLICY,
    &sfn_express_unsupported_integration::POLICY,
    &sfn_retry_all_not_last::POLICY,
    &sfn_task_no_retry::POLICY,
    &sns_endpoint_protocol_mismatch::POLICY,
    &sns_subscription_no_redrive::POLICY,
    &sqs_source_no_redrive::POLICY,
    &stream_esm_no_bisect::POLICY,
    &stream_esm_no_failure_destination::POLICY,
    &stream_esm_unbounded_retry::POLICY,
    &stream_reader_contention::POLICY,
    &vpc_no_egress_to_aws_api::POLICY,
];
