//! Alarms, logs, traces.

use crate::policy::Policy;

mod alarm_dangling_dimension;
mod alarm_period_invalid;
mod alarm_unknown_metric;
mod alarm_without_action;
mod alarms;
mod api_access_log_missing;
mod api_access_log_not_json;
mod api_no_5xx_alarm;
mod api_tracing_off;
mod appsync_tracing_off;
mod deployment_no_rollback_alarm;
mod dlq_no_depth_alarm;
mod function_cannot_write_logs;
mod function_no_error_alarm;
mod function_no_throttle_alarm;
mod function_tracing_off;
mod log_group_no_retention;
mod log_level_with_text_format;
mod log_subscription_loop;
mod state_machine_log_off;
mod state_machine_no_failed_alarm;
mod state_machine_tracing_off;
mod stream_consumer_no_iterator_age_alarm;
mod trace_permission_missing;

/// The policies of this category, by name.
pub(super) static ALL: &[&Policy] = &[
    &alarm_dangling_dimension::POLICY,
    &alarm_period_invalid::POLICY,
    &alarm_unknown_metric::POLICY,
    &alarm_without_action::POLICY,
    &api_access_log_missing::POLICY,
    &api_access_log_not_json::POLICY,
    &api_no_5xx_alarm::POLICY,
    &api_tracing_off::POLICY,
    &appsync_tracing_off::POLICY,
    &deployment_no_rollback_alarm::POLICY,
    &dlq_no_depth_alarm::POLICY,
    &function_cannot_write_logs::POLICY,
    &function_no_error_alarm::POLICY,
    &function_no_throttle_alarm::POLICY,
    &function_tracing_off::POLICY,
    &log_group_no_retention::POLICY,
    &log_level_with_text_format::POLICY,
    &log_subscription_loop::POLICY,
    &state_machine_log_off::POLICY,
    &state_machine_no_failed_alarm::POLICY,
    &state_machine_tracing_off::POLICY,
    &stream_consumer_no_iterator_age_alarm::POLICY,
    &trace_permission_missing::POLICY,
];
