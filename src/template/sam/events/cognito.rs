//! Triggers of Cognito user pools.

use super::Event;
use crate::template::sam::expander::Expander;
use crate::template::sam::property::{self, Expect, Owner};
use crate::template::sam::python;
use crate::template::sam::refusal::{self, Outcome};
use crate::template::sam::resource::{Node, Resource, Target};
use crate::template::sam::specification::targets;
use crate::template::value::{Kind, Text, Value};

/// Refuses a user pool that is not in the template.
pub fn link(cx: &Expander, event: &Event) -> Outcome<()> {
    pool_id(cx, event).map(|_| ())
}

fn pool_id<'e>(cx: &Expander, event: &'e Event) -> Outcome<&'e str> {
    let pool = event.properties.get("UserPool");
    let origin = pool.map_or(event.origin, |pool| pool.origin);
    if let Some(id) = pool.and_then(|pool| pool.get("Ref")) {
        let Some(id) = id.as_str() else {
            return refusal::event(&event.full_id, origin, "Ref in Userpool is not a string.");
        };
        if cx.resources.contains_key(id) {
            return Ok(id);
        }
    }
    event.refuse(origin, "Cognito events must reference a Cognito UserPool in the same template.")
}

/// The permission, and the user pool with its trigger.
pub fn expand(cx: &mut Expander, event: &Event, target: &Target) -> Outcome<Vec<Resource>> {
    let id = Text::from(pool_id(cx, event)?);
    let prefix = format!("{}Cognito", target.id);
    let mut permission = event.permission_with(target, "cognito-idp.amazonaws.com", &prefix, "")?;
    let make = permission.make();
    permission.set("SourceArn", make.get_att(id.clone(), "Arn"));
    let Some(key_origin) = cx.resources.entry(&id).map(|entry| entry.key_origin) else { return Ok(Vec::new()) };
    let Some(pool) = cx.resources.get_mut(&id) else { return Ok(Vec::new()) };
    let Some(map) = pool.as_map_mut() else { return Ok(Vec::new()) };
    let properties = map.get_or_insert_with("Properties", || make.map::<Text>([]));
    if let Some(properties) = properties.as_map_mut() {
        if properties.get("LambdaConfig").is_none_or(Value::is_null) {
            properties.insert("LambdaConfig", make.map::<Text>([]));
        }
        if let Some(config) = properties.get_mut("LambdaConfig") {
            config.expect_map(Owner::Resource(&id), "LambdaConfig")?;
            add_triggers(config, event, target)?;
        }
    }
    let Some(kind) = pool.get("Type").map(python::display) else {
        return refusal::resource(&id, pool.origin, "Resource dict missing key 'Type'.");
    };
    if kind != "AWS::Cognito::UserPool" {
        let text = format!("Resource has incorrect Type; expected 'AWS::Cognito::UserPool', got '{kind}'");
        return refusal::resource(&id, pool.origin, text);
    }
    let node = Node::read(&id, key_origin, pool)?;
    property::check(&id, "AWS::Cognito::UserPool", node.origin, &node.properties, targets::COGNITO_USER_POOL, false)?;
    let mut resource = node.main("AWS::Cognito::UserPool");
    resource.type_origin = node.type_origin;
    resource.properties = node.properties;
    resource.properties.retain(|entry| !entry.value.is_null());
    Ok(vec![permission, resource])
}

fn add_triggers(config: &mut Value, event: &Event, target: &Target) -> Outcome<()> {
    let Some(written) = event.properties.get("Trigger") else { return Ok(()) };
    let Some(config) = config.as_map_mut() else { return Ok(()) };
    let single;
    let triggers = match &written.kind {
        Kind::List(items) => items.as_slice(),
        _ => {
            single = [written.clone()];
            &single
        }
    };
    for trigger in triggers {
        let name = trigger.as_str().unwrap_or_default();
        if config.contains_key(name) {
            return event.refuse(
                trigger.origin,
                format!("Cognito trigger \"{}\" defined multiple times.", python::display(written)),
            );
        }
        config.insert_at(name, trigger.origin, target.arn.clone());
    }
    Ok(())
}
