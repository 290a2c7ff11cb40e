//! Alarms, logs, traces.

use crate::policy::Policy;

mod alarm_period_invalid;
mod alarm_without_action;
mod api_access_log_missing;
mod function_tracing_off;
mod log_level_with_text_format;
mod state_machine_log_off;

/// The policies of this category, by name.
pub(super) static ALL: &[&Policy] = &[
    &alarm_period_invalid::POLICY,
    &alarm_without_action::POLICY,
    &api_access_log_missing::POLICY,
    &function_tracing_off::POLICY,
    &log_level_with_text_format::POLICY,
    &state_machine_log_off::POLICY,
];
