//! Notifications of S3 buckets.

use super::Event;
use crate::template::sam::expander::Expander;
use crate::template::sam::intrinsics;
use crate::template::sam::property::{self, Expect, Owner};
use crate::template::sam::python;
use crate::template::sam::refusal::{self, Outcome};
use crate::template::sam::resource::{Node, Resource, Target};
use crate::template::sam::specification::targets;
use crate::template::value::{Kind, Maker, Map, Text, Value};

/// Refuses a bucket that is not in the template.
pub fn link(cx: &Expander, event: &Event) -> Outcome<()> {
    bucket_id(cx, event).map(|_| ())
}

fn bucket_id<'e>(cx: &Expander, event: &'e Event) -> Outcome<&'e str> {
    let bucket = event.properties.get("Bucket");
    let origin = bucket.map_or(event.origin, |bucket| bucket.origin);
    if let Some(id) = bucket.and_then(|bucket| bucket.get("Ref")) {
        let Some(id) = id.as_str() else {
            return event.refuse(origin, "'Ref' value in S3 events is not a valid string.");
        };
        if cx.resources.contains_key(id) {
            return Ok(id);
        }
    }
    event.refuse(origin, "S3 events must reference an S3 bucket in the same template.")
}

/// The permission, and the bucket with its notification.
pub fn expand(cx: &mut Expander, event: &Event, target: &Target) -> Outcome<Vec<Resource>> {
    let id = Text::from(bucket_id(cx, event)?);
    let mut permission = event.permission(target, "s3.amazonaws.com")?;
    let make = permission.make();
    permission.set("SourceAccount", make.reference("AWS::AccountId"));
    let Some(entry) = cx.resources.entry(&id) else { return Ok(Vec::new()) };
    let key_origin = entry.key_origin;
    let Some(bucket) = cx.resources.get_mut(&id) else { return Ok(Vec::new()) };
    depend(bucket, &id, &permission, make)?;
    notify(bucket, &id, event, target)?;
    let Some(kind) = bucket.get("Type").map(python::display) else {
        return refusal::resource(&id, bucket.origin, "Resource dict missing key 'Type'.");
    };
    if kind != "AWS::S3::Bucket" {
        let text = format!("Resource has incorrect Type; expected 'AWS::S3::Bucket', got '{kind}'");
        return refusal::resource(&id, bucket.origin, text);
    }
    let node = Node::read(&id, key_origin, bucket)?;
    property::check(&id, "AWS::S3::Bucket", node.origin, &node.properties, targets::S3_BUCKET, false)?;
    let mut resource = node.main("AWS::S3::Bucket");
    resource.type_origin = node.type_origin;
    resource.properties = node.properties;
    resource.properties.retain(|entry| !entry.value.is_null());
    Ok(vec![permission, resource])
}

/// Makes the bucket wait for the permission: S3 checks it when the notification is made.
fn depend(bucket: &mut Value, id: &str, permission: &Resource, make: Maker) -> Outcome<()> {
    let origin = bucket.origin;
    let Some(map) = bucket.as_map_mut() else { return Ok(()) };
    if let Some(condition) = permission.attributes.get("Condition") {
        let properties = map.get_or_insert_with("Properties", || make.map::<Text>([]));
        let Some(properties) = properties.as_map_mut() else { return Ok(()) };
        if properties.get("Tags").is_none_or(Value::is_null) {
            properties.insert("Tags", make.list([]));
        }
        let Some(tags) = properties.get_mut("Tags") else { return Ok(()) };
        tags.expect_list(Owner::Resource(id), "Tags")?;
        let value = intrinsics::either(make, condition.clone(), permission.reference(), make.str("no dependency"));
        let key = make.str(format!("sam:ConditionalDependsOn:{}", permission.id));
        if let Some(tags) = tags.as_list_mut() {
            tags.push(make.map([("Key", key), ("Value", value)]));
        }
        return Ok(());
    }
    let old = map.get("DependsOn");
    let mut ids = match old.map(|old| &old.kind) {
        None => Vec::new(),
        Some(Kind::Str(_)) => old.cloned().into_iter().collect(),
        Some(Kind::List(items)) if items.iter().all(|item| item.as_map().is_none() && item.as_list().is_none()) => {
            items.clone()
        }
        _ => {
            return refusal::resource(
                &permission.id,
                old.map_or(origin, |old| old.origin),
                "Invalid type for field 'DependsOn'. Expected a string or list of strings.",
            );
        }
    };
    let own = make.str(permission.id.clone());
    ids.push(own);
    let mut unique: Vec<Value> = Vec::new();
    for id in ids {
        if !unique.contains(&id) {
            unique.push(id);
        }
    }
    let place = old.map_or(make.origin(), |old| old.origin);
    map.insert("DependsOn", Value::new(Kind::List(unique), place));
    Ok(())
}

fn notify(bucket: &mut Value, id: &str, event: &Event, target: &Target) -> Outcome<()> {
    let make = event.make();
    let Some(map) = bucket.as_map_mut() else { return Ok(()) };
    let properties = map.get_or_insert_with("Properties", || make.map::<Text>([]));
    let origin = properties.origin;
    let Some(properties) = properties.as_map_mut() else {
        return refusal::resource(id, origin, "Properties should be a map.");
    };
    ensure(properties, "NotificationConfiguration", || make.map::<Text>([]));
    let Some(configuration) = properties.get_mut("NotificationConfiguration") else { return Ok(()) };
    configuration.expect_map(Owner::Resource(id), "NotificationConfiguration")?;
    let Some(configuration) = configuration.as_map_mut() else { return Ok(()) };
    ensure(configuration, "LambdaConfigurations", || make.list([]));
    let Some(list) = configuration.get_mut("LambdaConfigurations") else { return Ok(()) };
    let origin = list.origin;
    let Some(list) = list.as_list_mut() else {
        return refusal::resource(id, origin, "Invalid type for LambdaConfigurations. Must be a list.");
    };
    let single;
    let types = match event.properties.get("Events") {
        Some(Value { kind: Kind::List(items), .. }) => items.as_slice(),
        Some(other) => {
            single = [other.clone()];
            &single
        }
        None => &[],
    };
    for kind in types {
        let mut entry = Map::new();
        entry.insert("Function", target.arn.clone());
        if let Some(filter) = event.properties.entry("Filter").filter(|filter| !filter.value.is_null()) {
            entry.insert_at("Filter", filter.key_origin, filter.value.clone());
        }
        entry.insert("Event", kind.clone());
        let mut entry = Value::new(Kind::Map(entry), make.origin());
        if let Some(condition) = target.condition() {
            entry = intrinsics::conditional(make, condition.clone(), entry);
        }
        if !list.contains(&entry) {
            list.push(entry);
        }
    }
    Ok(())
}

fn ensure(map: &mut Map, key: &str, value: impl FnOnce() -> Value) {
    if map.get(key).is_none_or(Value::is_null) {
        map.insert(key, value());
    }
}
