//! AWS SAM, expanded as AWS's own transform expands it.
//!
//! The steps follow the reference (see `docs/sam.md`): implicit APIs are made and filled with
//! the routes that events declare, `Globals` are merged into resources, embedded connectors
//! become resources, then every SAM resource is expanded in the reference's order: functions,
//! web functions, state machines, APIs, the rest, connectors.

mod api;
mod application;
mod assume;
mod capacity_provider;
mod connector;
mod deployment_preference;
mod events;
mod expander;
mod function;
mod globals;
mod graphql;
mod iam;
mod implicit;
mod include;
mod intrinsics;
mod layer;
mod localize;
mod location;
mod microvm_image;
mod naming;
mod network_connector;
mod order;
mod policies;
mod property;
mod python;
mod refusal;
mod resource;
mod shape;
mod specification;
mod state_machine;
mod structure;
mod table;
mod tables;
mod web_function;

#[cfg(test)]
mod tests;

pub use globals::supports as supports_global;
pub use refusal::error_message;

use super::lowering::Lowering;
use super::problem::ProblemKind;
use super::value::Value;

/// The CloudFormation-level tree of the SAM template `root`. What the transform refuses is
/// reported to `cx` and stays as it is written; the rest is expanded all the same. What it
/// would take with the values a deployment gives is told apart.
pub fn expand(mut root: Value, cx: &mut Lowering<'_>) -> Value {
    if cx.inputs.localize {
        localize::localize(&mut root);
    }
    let open = assume::is_open(&root, cx.inputs).then(|| root.clone());
    let (mut root, refusals) = expander::run(root, cx.inputs);
    let mut problems = refusals.into_problems();
    if let Some(open) = open.filter(|_| !problems.is_empty()) {
        let (filled, inputs) = assume::filled(open, cx.inputs);
        let (expanded, certain) = expander::run(filled, &inputs);
        let certain = certain.into_problems();
        if certain.is_empty() {
            root = expanded;
        }
        for problem in &mut problems {
            if !certain.iter().any(|other| other.origin == problem.origin || other.message == problem.message) {
                problem.kind = ProblemKind::TransformUndecided;
            }
        }
    }
    for problem in problems {
        cx.report(problem);
    }
    root
}
