//! `AWS::Serverless::StateMachine`

mod definition;
mod events;

use super::events::{Event, Owner};
use super::expander::{Expander, Expansion};
use super::function::propagate_tags;
use super::iam;
use super::location::S3Location;
use super::policies::{self, RoleParts};
use super::python::{self, Lookup};
use super::refusal::Outcome;
use super::resource::{Node, Resource, Target, tag, tag_list};
use crate::template::value::{Kind, Maker, Map, Value};

/// Expands the state machine `node`.
pub fn expand(cx: &mut Expander, node: Node) -> Outcome<Expansion> {
    let (list, refused) = super::events::link(cx, &node, Owner::StateMachine);
    match expand_linked(cx, &node, list) {
        Ok(expansion) => Ok(Expansion { failure: refused.or(expansion.failure), ..expansion }),
        Err(error) => Err(refused.unwrap_or(error)),
    }
}

fn expand_linked(cx: &mut Expander, node: &Node, list: Vec<Event>) -> Outcome<Expansion> {
    let mut failure = None;
    let mut machine = node.main("AWS::StepFunctions::StateMachine");
    machine.copy(&node.properties, &["DefinitionSubstitutions"]);
    if machine.properties.truthy("DefinitionSubstitutions").is_none() {
        machine.properties.remove("DefinitionSubstitutions");
    }
    definition(node, &mut machine)?;
    let (role, policies) = (node.truthy("Role"), node.truthy("Policies"));
    let mut made = Vec::new();
    match (role, policies) {
        (Some(_), Some(policies)) => {
            return node.refuse(
                policies.origin,
                "Specify either 'Role' or 'Policies' (but not both at the same time) or neither of them",
            );
        }
        (Some(_), None) => machine.copy_as(&node.properties, "Role", "RoleArn"),
        _ => {
            let role = execution_role(cx, node)?;
            machine.set("RoleArn", role.get_att("Arn"));
            made.push(role);
        }
    }
    for (name, new) in [
        ("Name", "StateMachineName"),
        ("Type", "StateMachineType"),
        ("Logging", "LoggingConfiguration"),
        ("Tracing", "TracingConfiguration"),
    ] {
        machine.copy_as(&node.properties, name, new);
    }
    machine.set("Tags", node.make().list(created_tags(node)));
    let alias = publish(node, &mut made)?;
    let to_alias = node.truthy("UseAliasAsEventTarget").is_some();
    let id = alias.as_ref().filter(|_| to_alias).map_or(&node.id, |alias| &alias.id).clone();
    let target = Target {
        id: id.clone(),
        key_origin: node.key_origin,
        arn: node.make().reference(id.clone()),
        name: node.make().reference(id),
        inherited: node.inherited(),
    };
    made.extend(alias);
    let mut resources = vec![machine];
    resources.append(&mut made);
    for event in list {
        match events::expand(cx, event, &target, node.get("PermissionsBoundary")) {
            Ok(mut made) => resources.append(&mut made),
            Err(error) => {
                failure.get_or_insert(error);
            }
        }
    }
    propagate_tags(node, &mut resources);
    Ok(Expansion { resources, failure })
}

fn definition(node: &Node, machine: &mut Resource) -> Outcome<()> {
    match (node.truthy("Definition"), node.truthy("DefinitionUri")) {
        (Some(_), Some(uri)) => {
            node.refuse(uri.origin, "Specify either 'Definition' or 'DefinitionUri' property and not both.")
        }
        (Some(written), None) => {
            let (text, substitutions) = definition::text(written);
            let make = Maker::new(written.origin);
            if !substitutions.is_empty() {
                let map = machine
                    .properties
                    .get_or_insert_with("DefinitionSubstitutions", || Value::new(Kind::Map(Map::new()), make.origin()));
                for entry in substitutions {
                    if let Some(map) = map.as_map_mut() {
                        map.insert_at(entry.key, entry.key_origin, entry.value);
                    }
                }
            }
            machine.set("DefinitionString", text);
            Ok(())
        }
        (None, Some(uri)) => {
            let location = S3Location::definition(&node.id, uri)?;
            machine.set("DefinitionS3Location", location.into_body(Maker::new(uri.origin)));
            Ok(())
        }
        (None, None) => {
            node.refuse(node.properties_origin, "Either 'Definition' or 'DefinitionUri' property must be specified.")
        }
    }
}

fn created_tags(node: &Node) -> Vec<Value> {
    let mut tags = vec![tag(node.make(), "stateMachine:createdBy", "SAM")];
    tags.extend(tag_list(node.get("Tags").and_then(Value::as_map)));
    tags
}

fn execution_role(cx: &Expander, node: &Node) -> Outcome<Resource> {
    let mut policies = match node.truthy("Policies") {
        Some(Value { kind: Kind::List(items), .. }) => items.clone(),
        Some(other) => vec![other.clone()],
        None => Vec::new(),
    };
    if let Some(tracing) = node.truthy("Tracing")
        && let Some(enabled) = tracing.get("Enabled").filter(|enabled| enabled.as_bool() == Some(true))
    {
        policies.push(Maker::new(enabled.origin).str(iam::tracing_policy(cx.partition)));
    }
    let written = node.get("Policies").map_or(node.key_origin, |policies| policies.origin);
    let policies = Value::new(Kind::List(policies), written);
    policies::role(
        node,
        cx.partition,
        node.place("Policies"),
        RoleParts {
            assume: iam::assume_role(node.make(), "states.amazonaws.com"),
            managed: Vec::new(),
            inline: Vec::new(),
            policies: Some(&policies),
            path: node.get("RolePath"),
            boundary: node.get("PermissionsBoundary"),
            tags: created_tags(node),
        },
    )
}

/// Publishes a version under an alias, to which it is deployed gradually. The version goes to
/// `made`.
fn publish(node: &Node, made: &mut Vec<Resource>) -> Outcome<Option<Resource>> {
    let preference = node.truthy("DeploymentPreference");
    let Some(name) = node.truthy("AutoPublishAlias") else {
        if let Some(target) = node.truthy("UseAliasAsEventTarget") {
            return node.refuse(
                target.origin,
                "'UseAliasAsEventTarget' requires 'AutoPublishAlias' property to be specified.",
            );
        }
        return match preference {
            Some(preference) => node.refuse(
                preference.origin,
                "'DeploymentPreference' requires 'AutoPublishAlias' property to be specified.",
            ),
            None => Ok(None),
        };
    };
    let id = format!("{}Version", node.id);
    let mut version = node.made(id, "AWS::StepFunctions::StateMachineVersion", name.origin)?;
    let make = version.make();
    for attribute in ["DeletionPolicy", "UpdateReplacePolicy"] {
        version.attributes.get_or_insert_with(attribute, || make.str("Retain"));
    }
    version.set("StateMachineArn", make.reference(node.id.clone()));
    version.set("StateMachineRevisionId", make.get_att(node.id.clone(), "StateMachineRevisionId"));
    let id = format!("{}Alias{}", node.id, python::display(name));
    let mut alias = node.made(id, "AWS::StepFunctions::StateMachineAlias", name.origin)?;
    alias.set("Name", name.clone());
    let mut deployment = preference.cloned().unwrap_or_else(|| make.map([("Type", make.str("ALL_AT_ONCE"))]));
    if let Some(map) = deployment.as_map_mut() {
        map.insert("StateMachineVersionArn", version.reference());
    }
    alias.set("DeploymentPreference", deployment);
    made.push(version);
    Ok(Some(alias))
}
