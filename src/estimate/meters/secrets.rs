//! Secrets Manager, parameters of Systems Manager, keys of KMS.

use crate::estimate::model::{Charge, Model};
use crate::estimate::traffic::ty;
use crate::graph::{NodeKind, NodeRef};

fn is_advanced(node: NodeRef<'_>) -> bool {
    node.property(&["Tier"]).text().is_some_and(|tier| tier == "Advanced")
}

/// Adds a secret or a parameter. Standard parameters are free.
pub fn secret(model: &mut Model<'_, '_>, node: NodeRef<'_>) {
    if ty(node) == "AWS::SecretsManager::Secret" {
        model.baseline(node, "secrets.secrets", 1.0);
        model.per_event(node, "secrets.requests", Model::once());
    } else if is_advanced(node) {
        model.baseline(node, "ssm.advanced-parameters", 1.0);
        model.per_event(node, "ssm.requests", Model::once());
    }
}

/// Adds a key.
pub fn key(model: &mut Model<'_, '_>, node: NodeRef<'_>) {
    model.baseline(node, "kms.keys", 1.0);
    model.per_event(node, "kms.requests", Model::once());
}

/// What a read of a secret, or a call of a key, costs.
pub fn read(model: &mut Model<'_, '_>, node: NodeRef<'_>) -> Vec<Charge> {
    let meter = match (node.kind(), ty(node)) {
        (NodeKind::Key, _) => "kms.requests",
        (_, "AWS::SecretsManager::Secret") => "secrets.requests",
        _ if is_advanced(node) => "ssm.requests",
        _ => return Vec::new(),
    };
    vec![model.way_charge(node, meter, Model::once())]
}
