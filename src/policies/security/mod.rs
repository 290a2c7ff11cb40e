//! Who may do what, and what leaks.

use crate::policy::Policy;

mod anonymous_trigger;
mod api_authorizer_wrong_type;
mod api_domain_old_tls;
mod api_no_throttling;
mod bucket_access_control;
mod cognito_unauthenticated_identities;
mod cors_any_origin;
mod delivery_policy_missing;
mod deprecated_runtime;
mod env_plaintext_secret;
mod env_resolved_secret_in_template;
mod event_bucket_public;
mod event_bus_policy_public;
mod function_url_no_auth;
mod hard_coded_password;
mod http_route_no_auth;
mod inline_code_secret;
mod kms_key_wildcard_principal;
mod lambda_multiple_trigger_principals;
mod lambda_permission_missing_source;
mod lambda_permission_public_principal;
mod lambda_role_admin;
mod lambda_role_wildcard_action;
mod lambda_role_wildcard_resource;
mod no_echo_parameter_shown;
mod old_policy_version;
mod password_by_parameter;
mod password_parameter_shown;
mod queue_policy_public;
mod recursive_loop_allowed;
mod rest_method_no_auth;
mod role_passrole_wildcard;
mod role_privilege_escalation;
mod role_trust_too_wide;
mod secret_in_ssm_parameter;
mod secret_in_state_machine_definition;
mod shared_execution_role;
mod topic_policy_public;

/// The policies of this category, by name.
pub(super) static ALL: &[&Policy] = &[
    &anonymous_trigger::POLICY,
    &api_authorizer_wrong_type::POLICY,
    &api_domain_old_tls::POLICY,
    &api_no_throttling::POLICY,
    &bucket_access_control::POLICY,
    &cognito_unauthenticated_identities::POLICY,
    &cors_any_origin::POLICY,
    &delivery_policy_missing::POLICY,
    &deprecated_runtime::POLICY,
    &env_plaintext_secret::POLICY,
    &env_resolved_secret_in_template::POLICY,
    &event_bucket_public::POLICY,
    &event_bus_policy_public::POLICY,
    &function_url_no_auth::POLICY,
    &hard_coded_password::POLICY,
    &http_route_no_auth::POLICY,
    &inline_code_secret::POLICY,
    &kms_key_wildcard_principal::POLICY,
    &lambda_multiple_trigger_principals::POLICY,
    &lambda_permission_missing_source::POLICY,
    &lambda_permission_public_principal::POLICY,
    &lambda_role_admin::POLICY,
    &lambda_role_wildcard_action::POLICY,
    &lambda_role_wildcard_resource::POLICY,
    &no_echo_parameter_shown::POLICY,
    &old_policy_version::POLICY,
    &password_by_parameter::POLICY,
    &password_parameter_shown::POLICY,
    &queue_policy_public::POLICY,
    &recursive_loop_allowed::POLICY,
    &rest_method_no_auth::POLICY,
    &role_passrole_wildcard::POLICY,
    &role_privilege_escalation::POLICY,
    &role_trust_too_wide::POLICY,
    &secret_in_ssm_parameter::POLICY,
    &secret_in_state_machine_definition::POLICY,
    &shared_execution_role::POLICY,
    &topic_policy_public::POLICY,
];
