//! What combinations of properties a web function may have.

use crate::template::sam::expander::Expander;
use crate::template::sam::intrinsics::is_intrinsic;
use crate::template::sam::python::{self};
use crate::template::sam::refusal::Outcome;
use crate::template::sam::resource::Node;
use crate::template::value::{Kind, Value};

/// Refuses what cannot be deployed.
pub fn check(cx: &Expander, node: &mut Node) -> Outcome<()> {
    let mode = cx.parameters.resolved_entry(&mut node.properties, "AutoDeploymentMode")?;
    let endpoint = cx.parameters.resolved_entry(&mut node.properties, "EndpointType")?;
    let node = &*node;
    let mode = mode.filter(python::truthy);
    let origin = mode.as_ref().map_or(node.properties_origin, |mode| mode.origin);
    let is_latest = match mode.as_ref() {
        None => true,
        Some(mode) if is_intrinsic(mode) => {
            return node.refuse(
                origin,
                "'AutoDeploymentMode' must resolve to one of ['LatestRevision', 'Disabled'] at transform time; unresolved intrinsic functions are not supported because it is not passed through to CloudFormation.",
            );
        }
        Some(mode) => match mode.as_str() {
            Some("LatestRevision") => true,
            Some("Disabled") => false,
            _ => {
                let text = format!(
                    "'AutoDeploymentMode' must be one of ['LatestRevision', 'Disabled'], got '{}'.",
                    python::display(mode)
                );
                return node.refuse(origin, text);
            }
        },
    };
    if node.truthy("AuthType").is_none() {
        return node.refuse(
            node.properties_origin,
            "'AuthType' is required. Specify 'IamAuth' (Lambda authorizes requests with SigV4/IAM) or 'ApplicationManaged' (the endpoint is public and your function handles authorization).",
        );
    }
    let endpoint =
        endpoint.as_ref().and_then(Value::as_str).filter(|kind| matches!(*kind, "MultiRegion" | "PerRegion"));
    let weights = node.truthy("RevisionWeights");
    if let Some(weights) = weights.filter(|_| is_latest) {
        return node.refuse(
            weights.origin,
            "'RevisionWeights' cannot be specified when 'AutoDeploymentMode' is 'LatestRevision'.",
        );
    }
    if let Some(kind) = endpoint.filter(|_| is_latest) {
        let text = format!("'AutoDeploymentMode' must be 'Disabled' when 'EndpointType' is '{kind}'.");
        return node.refuse(origin, text);
    }
    if !is_latest && endpoint.is_none() && weights.is_none() {
        return node.refuse(
            origin,
            "'RevisionWeights' must be specified when 'AutoDeploymentMode' is 'Disabled'. Set 'AutoDeploymentMode' to 'LatestRevision' to route all traffic to the latest revision.",
        );
    }
    if let Some(timeout) = node.get("Timeout")
        && timeout.as_int().is_some_and(|seconds| !(3..=900).contains(&seconds))
    {
        return node.refuse(timeout.origin, "'Timeout' must be an integer between 3 and 900.");
    }
    if let Some(weights) = weights {
        check_weights(node, weights)?;
    }
    check_variables(node)?;
    check_connector(node)
}

fn check_weights(node: &Node, weights: &Value) -> Outcome<()> {
    let Some(map) = weights.as_map() else {
        return node.refuse(
            weights.origin,
            "'RevisionWeights' must be a map of revision IDs to weights (e.g., {\"rev-id\": 100}).",
        );
    };
    if is_intrinsic(weights) {
        return node.refuse(
            weights.origin,
            "'RevisionWeights' does not support top-level intrinsic functions; provide a map of revision IDs to weights (e.g., {\"rev-id\": 100}). Intrinsic functions may be used for individual weight values.",
        );
    }
    let number = |value: &Value| match value.kind {
        Kind::Int(number) => Some(number),
        Kind::Bool(value) => Some(i64::from(value)),
        _ => None,
    };
    for entry in map {
        match number(&entry.value) {
            None if !is_intrinsic(&entry.value) => {
                let text = "'RevisionWeights' values must be integers or intrinsic functions.";
                return node.refuse(entry.value.origin, text);
            }
            Some(weight) if !(1..=100).contains(&weight) => {
                let text = format!(
                    "'RevisionWeights' values must be between 1 and 100, got {}.",
                    python::display(&entry.value)
                );
                return node.refuse(entry.value.origin, text);
            }
            _ => {}
        }
    }
    if map.len() > 2 {
        return node.refuse(weights.origin, "'RevisionWeights' supports a maximum of 2 entries.");
    }
    let numbers: Option<Vec<i64>> = map.values().map(number).collect();
    match numbers.map(|numbers| numbers.iter().sum::<i64>()) {
        Some(total) if total != 100 => {
            node.refuse(weights.origin, format!("'RevisionWeights' values must sum to 100, got {total}."))
        }
        _ => Ok(()),
    }
}

fn check_variables(node: &Node) -> Outcome<()> {
    let Some(variables) = node.truthy("EnvironmentVariables").filter(|variables| !is_intrinsic(variables)) else {
        return Ok(());
    };
    for entry in variables.as_map().into_iter().flatten() {
        let key = &entry.key;
        let is_name = key.starts_with(|c: char| c.is_ascii_alphabetic())
            && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        if !is_name {
            let text = format!("Environment variable key '{key}' must match pattern '^[a-zA-Z][a-zA-Z0-9_]*$'.");
            return node.refuse(entry.key_origin, text);
        }
        let Some(text) = entry.value.as_str() else { continue };
        if text.is_empty() {
            return node.refuse(entry.value.origin, format!("Environment variable '{key}' value must not be empty."));
        }
        if text.chars().count() > 4096 {
            let text = format!("Environment variable '{key}' value exceeds maximum length of 4096 characters.");
            return node.refuse(entry.value.origin, text);
        }
    }
    Ok(())
}

fn check_connector(node: &Node) -> Outcome<()> {
    let Some(arn) = node.get("EgressNetworkConnectorArn") else { return Ok(()) };
    let Some(text) = arn.as_str() else { return Ok(()) };
    let parts: Vec<&str> = text.split(':').collect();
    let fits = match parts.as_slice() {
        ["arn", partition, "lambda", _, _, "network-connector", name, version] => {
            !partition.is_empty() && !name.is_empty() && !version.is_empty()
        }
        _ => false,
    };
    if fits {
        return Ok(());
    }
    node.refuse(
        arn.origin,
        "'EgressNetworkConnectorArn' must be a version-qualified network-connector ARN (ending in ':<version>', e.g. the connector's LatestVersionArn).",
    )
}
