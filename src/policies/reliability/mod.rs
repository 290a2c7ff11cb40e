//! Lost events, endless loops, missing retries.

use crate::policy::Policy;

mod esm_no_partial_batch;
mod eventbridge_target_no_dlq;
mod max_concurrency_with_provisioned_pollers;
mod reserved_concurrency_zero;
mod sns_subscription_no_redrive;
mod stream_esm_no_bisect;
mod stream_esm_no_failure_destination;
mod stream_esm_unbounded_retry;

/// The policies of this category, by name.
pub(super) static ALL: &[&Policy] = &[
    &esm_no_partial_batch::POLICY,
    &eventbridge_target_no_dlq::POLICY,
    &max_concurrency_with_provisioned_pollers::POLICY,
    &reserved_concurrency_zero::POLICY,
    &sns_subscription_no_redrive::POLICY,
    &stream_esm_no_bisect::POLICY,
    &stream_esm_no_failure_destination::POLICY,
    &stream_esm_unbounded_retry::POLICY,
];
