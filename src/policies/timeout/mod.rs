//! Who waits for whom, and who gives up first.

use crate::policy::Policy;

mod default_timeout;
mod http_api_timeout_exceeded;
mod lambda_invokes_lambda_sync;
mod queues;
mod rest_api_timeout_exceeded;
mod sqs_visibility_below_1x;
mod sqs_visibility_below_6x;
mod waits;

/// The policies of this category, by name.
pub(super) static ALL: &[&Policy] = &[
    &default_timeout::POLICY,
    &http_api_timeout_exceeded::POLICY,
    &lambda_invokes_lambda_sync::POLICY,
    &rest_api_timeout_exceeded::POLICY,
    &sqs_visibility_below_1x::POLICY,
    &sqs_visibility_below_6x::POLICY,
];
