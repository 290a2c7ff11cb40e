//! Whether the template can be read and deployed at all.
//!
//! Reading, lowering and validation note [`Problem`](crate::template::Problem)s; a policy here
//! turns one sort of them into findings.

use crate::policy::{Context, Place, Policy, Remedy};
use crate::template::{ProblemKind, Repair};
use serde_json::json;

mod circular_dependency;
mod conditional_reference;
mod constant_condition;
mod dependent_property;
mod duplicate_identifier;
mod duplicate_item;
mod duplicate_key;
mod hard_coded_availability_zone;
mod ignored_attribute;
mod invalid_alias;
mod invalid_condition;
mod invalid_deletion_policy;
mod invalid_dynamic_reference;
mod invalid_enum_value;
mod invalid_framework_configuration;
mod invalid_identifier;
mod invalid_intrinsic_function;
mod invalid_mapping;
mod invalid_name;
mod invalid_output;
mod invalid_parameter;
mod invalid_policy_document;
mod invalid_resource;
mod invalid_sam_configuration;
mod invalid_template_section;
mod invalid_variable;
mod log_subscription_over_limit;
mod malformed_suppression;
mod mismatched_parameter_default;
mod missing_sub;
mod mutually_exclusive_properties;
mod needless_sub;
mod nested_stack_output;
mod nested_stack_parameters;
mod no_matching_shape;
mod one_sided_deletion_policy;
mod out_of_range;
mod path_outside_project;
mod pattern_mismatch;
mod property_conflict;
mod pseudo_parameter_as_text;
mod read_only_property;
mod redundant_depends_on;
mod required_property;
mod resource_policy_foreign_action;
mod retired_resource_type;
mod retired_runtime;
mod retiring_resource_type;
mod rule_refuses_parameters;
mod sam_transform_refused;
mod syntax_error;
mod template_limit_exceeded;
mod unfit_parameter_value;
mod unknown_attribute;
mod unknown_condition;
mod unknown_iam_action;
mod unknown_mapping;
mod unknown_plugin;
mod unknown_property;
mod unknown_resource_type;
mod unknown_transform;
mod unreadable_include;
mod unresolved_reference;
mod unresolved_variable;
mod unsupported_provider;
mod unused_condition;
mod unused_mapping;
mod unused_parameter;
mod unused_suppression;
mod wrong_type;

/// The policies of this category, by name.
pub(super) static ALL: &[&Policy] = &[
    &circular_dependency::POLICY,
    &conditional_reference::POLICY,
    &constant_condition::POLICY,
    &dependent_property::POLICY,
    &duplicate_identifier::POLICY,
    &duplicate_item::POLICY,
    &duplicate_key::POLICY,
    &hard_coded_availability_zone::POLICY,
    &ignored_attribute::POLICY,
    &invalid_alias::POLICY,
    &invalid_condition::POLICY,
    &invalid_deletion_policy::POLICY,
    &invalid_dynamic_reference::POLICY,
    &invalid_enum_value::POLICY,
    &invalid_framework_configuration::POLICY,
    &invalid_identifier::POLICY,
    &invalid_intrinsic_function::POLICY,
    &invalid_mapping::POLICY,
    &invalid_name::POLICY,
    &invalid_output::POLICY,
    &invalid_parameter::POLICY,
    &invalid_policy_document::POLICY,
    &invalid_resource::POLICY,
    &invalid_sam_configuration::POLICY,
    &invalid_template_section::POLICY,
    &invalid_variable::POLICY,
    &log_subscription_over_limit::POLICY,
    &malformed_suppression::POLICY,
    &mismatched_parameter_default::POLICY,
    &missing_sub::POLICY,
    &mutually_exclusive_properties::POLICY,
    &needless_sub::POLICY,
    &nested_stack_output::POLICY,
    &nested_stack_parameters::POLICY,
    &no_matching_shape::POLICY,
    &one_sided_deletion_policy::POLICY,
    &out_of_range::POLICY,
    &path_outside_project::POLICY,
    &pattern_mismatch::POLICY,
    &property_conflict::POLICY,
    &pseudo_parameter_as_text::POLICY,
    &read_only_property::POLICY,
    &redundant_depends_on::POLICY,
    &required_property::POLICY,
    &resource_policy_foreign_action::POLICY,
    &retired_resource_type::POLICY,
    &retired_runtime::POLICY,
    &retiring_resource_type::POLICY,
    &rule_refuses_parameters::POLICY,
    &sam_transform_refused::POLICY,
    &syntax_error::POLICY,
    &template_limit_exceeded::POLICY,
    &unfit_parameter_value::POLICY,
    &unknown_attribute::POLICY,
    &unknown_condition::POLICY,
    &unknown_iam_action::POLICY,
    &unknown_mapping::POLICY,
    &unknown_plugin::POLICY,
    &unknown_property::POLICY,
    &unknown_resource_type::POLICY,
    &unknown_transform::POLICY,
    &unreadable_include::POLICY,
    &unresolved_reference::POLICY,
    &unresolved_variable::POLICY,
    &unsupported_provider::POLICY,
    &unused_condition::POLICY,
    &unused_mapping::POLICY,
    &unused_parameter::POLICY,
    &unused_suppression::POLICY,
    &wrong_type::POLICY,
];

/// Reports every problem of `kinds`.
fn report(cx: &mut Context<'_>, kinds: &[ProblemKind]) {
    let template = cx.template();
    for problem in template.problems.iter().filter(|problem| kinds.contains(&problem.kind)) {
        let place = Place { origin: problem.origin, resource: problem.resource.as_deref().map(str::to_owned) };
        let mut report = cx.report(place, problem.message.clone());
        let refused = problem.code.map(|code| format!("the framework refuses it: {code}"));
        let help: Vec<&str> = problem.help.as_deref().into_iter().chain(refused.as_deref()).collect();
        if !help.is_empty() {
            report = report.help(help.join("; "));
        }
        report = report.remedy(problem.repair.as_ref().map(|repair| remedy(problem.kind, repair)));
        for (origin, label) in &problem.related {
            report = report.related(*origin, label.clone());
        }
    }
}

/// What mends a problem. A name that was guessed, and a parameter that deployments may give, are
/// for a person to look at.
fn remedy(kind: ProblemKind, repair: &Repair) -> Remedy {
    match repair {
        Repair::Respell { place, old, new } => {
            let certain = old.eq_ignore_ascii_case(new) || kind == ProblemKind::OutOfRange;
            let title = format!("Write {new} instead of {old}");
            let remedy = if certain { Remedy::safe(title) } else { Remedy::risky(title) };
            remedy.respell(*place, old, new)
        }
        Repair::Remove { place } => {
            let remedy = match kind {
                ProblemKind::UnusedParameter | ProblemKind::ReadOnlyProperty => Remedy::risky("Remove it"),
                _ => Remedy::safe("Remove it"),
            };
            remedy.remove(*place)
        }
        Repair::Wrap { place, text } => {
            Remedy::risky("Put the text under Fn::Sub").wrap(*place, json!({ "Fn::Sub": text }))
        }
        Repair::Refer { place, name } => Remedy::risky(format!("Refer to {name}")).wrap(*place, json!({ "Ref": name })),
        Repair::Unwrap { place, text } => Remedy::safe("Write the text without Fn::Sub").unwrap_function(*place, text),
    }
}
