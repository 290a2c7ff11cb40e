//! Who waits for whom, and who gives up first.

use crate::policy::Policy;

mod api_sync_express_timeout;
mod appsync_resolver_timeout;
mod authorizer_timeout;
mod cognito_trigger_timeout;
mod default_timeout;
mod durable_execution_timeout;
mod firehose_transform_timeout;
mod http_api_timeout_exceeded;
mod lambda_invokes_lambda_sync;
mod queues;
mod rest_api_timeout_exceeded;
mod sfn_express_over_5min;
mod sfn_task_timeout_below_lambda;
mod sfn_task_timeout_missing;
mod sqs_visibility_below_1x;
mod sqs_visibility_below_6x;
mod waits;
mod websocket_timeout_exceeded;

/// The policies of this category, by name.
pub(super) static ALL: &[&Policy] = &[
    &api_sync_express_timeout::POLICY,
    &appsync_resolver_timeout::POLICY,
    &authorizer_timeout::POLICY,
    &cognito_trigger_timeout::POLICY,
    &default_timeout::POLICY,
    &durable_execution_timeout::POLICY,
    &firehose_transform_timeout::POLICY,
    &http_api_timeout_exceeded::POLICY,
    &lambda_invokes_lambda_sync::POLICY,
    &rest_api_timeout_exceeded::POLICY,
    &sfn_express_over_5min::POLICY,
    &sfn_task_timeout_below_lambda::POLICY,
    &sfn_task_timeout_missing::POLICY,
    &sqs_visibility_below_1x::POLICY,
    &sqs_visibility_below_6x::POLICY,
    &websocket_timeout_exceeded::POLICY,
];
