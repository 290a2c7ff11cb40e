//! `AWS::Serverless::Connector`, also where it is embedded in the resource it starts from.

mod embedded;
mod profile;
mod reference;

pub use embedded::extract as extract_embedded;

use super::expander::Expander;
use super::intrinsics;
use super::python::{self, Lookup};
use super::refusal::{self, Outcome};
use super::resource::{Node, Resource};
use super::tables::{self, ConnectorProfile};
use crate::template::value::{Kind, Maker, Map, Text, Value};
use reference::Reference;

/// One pair of resources that are connected.
struct Pair<'a> {
    node: &'a Node,
    source: Reference,
    destination: Reference,
    /// What the logical ids of a connector with several destinations end with.
    suffix: String,
    permissions: Vec<&'a str>,
    profile: ConnectorProfile,
}

/// Expands the connector `node`.
pub fn expand(cx: &mut Expander, node: &Node) -> Outcome<Vec<Resource>> {
    let (Some(source), Some(destination)) = (node.get("Source"), node.get("Destination")) else {
        return Ok(Vec::new());
    };
    let single;
    let (destinations, is_list) = match &destination.kind {
        Kind::List(items) => (items.as_slice(), true),
        _ => {
            single = [destination.clone()];
            (&single[..], false)
        }
    };
    let mut made = Vec::new();
    for (index, target) in destinations.iter().enumerate() {
        let pair = pair(cx, node, source, target, is_list.then_some(index))?;
        let metadata = metadata(cx, &pair);
        let mut new = resources(cx, &pair)?;
        for resource in &mut new {
            let make = resource.make();
            let place = resource.attributes.get_or_insert_with("Metadata", || make.map::<Text>([]));
            if let Some(map) = place.as_map_mut() {
                map.insert("aws:sam:connectors", metadata.clone());
            }
        }
        made.append(&mut new);
    }
    if made.is_empty() {
        return node.refuse(destination.origin, "'Destination' is an empty list");
    }
    replace_dependencies(cx, node, &made);
    Ok(made)
}

fn pair<'a>(
    cx: &Expander,
    node: &'a Node,
    source: &Value,
    destination: &Value,
    index: Option<usize>,
) -> Outcome<Pair<'a>> {
    let to = reference::resolve(cx, node, destination, source)?;
    let from = reference::resolve(cx, node, source, destination)?;
    let make = node.make();
    let Some(profile) = tables::connector_profile(&from.kind, &to.kind, make.origin()) else {
        return node.refuse(
            source.origin,
            format!(
                "Unable to create connector from {} to {}; it's not supported or the template is invalid.",
                from.kind, to.kind
            ),
        );
    };
    let permissions = permissions(node, &from, &to, &profile)?;
    let suffix = index.map(|index| format!("Destination{index}")).unwrap_or_default();
    Ok(Pair { node, source: from, destination: to, suffix, permissions, profile })
}

fn permissions<'a>(
    node: &'a Node,
    source: &Reference,
    destination: &Reference,
    profile: &ConnectorProfile,
) -> Outcome<Vec<&'a str>> {
    let Some(list) = node.get("Permissions") else { return Ok(Vec::new()) };
    let mut given: Vec<&str> = match &list.kind {
        // An intrinsic function is no permission, and is refused as one that is not known.
        Kind::Map(map) => map.keys().collect(),
        _ => list.as_list().into_iter().flatten().filter_map(Value::as_str).collect(),
    };
    given.sort_unstable();
    given.dedup();
    let known: Vec<&str> = profile.categories.iter().map(|(name, _)| name.as_str()).collect();
    let valid = known.join(", ");
    if given.is_empty() {
        return node.refuse(list.origin, format!("'Permissions' cannot be empty; valid values are: {valid}."));
    }
    let unsupported = |what: &str, valid: &str| {
        node.refuse(
            list.origin,
            format!(
                "Unsupported 'Permissions' provided for connector from {} to {}; valid {what} are: {valid}.",
                source.kind, destination.kind
            ),
        )
    };
    if given.iter().any(|permission| !known.contains(permission)) {
        return unsupported("values", &valid);
    }
    if let Some(combinations) = profile.properties.truthy("ValidAccessCategories").and_then(Value::as_list) {
        let sorted: Vec<Vec<&str>> = combinations
            .iter()
            .map(|names| {
                let mut names: Vec<&str> = names.as_list().into_iter().flatten().filter_map(Value::as_str).collect();
                names.sort_unstable();
                names
            })
            .collect();
        if !sorted.contains(&given) {
            let valid: Vec<String> = sorted.iter().map(|names| names.join(" + ")).collect();
            return unsupported("combinations", &valid.join(", "));
        }
    }
    Ok(given)
}

fn resources(cx: &mut Expander, pair: &Pair<'_>) -> Outcome<Vec<Resource>> {
    let Pair { node, source, destination, .. } = pair;
    let by_source = pair.profile.properties.truthy("SourcePolicy").is_some();
    let (owner, side) = if by_source { (source, "Source") } else { (destination, "Destination") };
    let mut categories = Vec::new();
    for (name, body) in &pair.profile.categories {
        categories.push((name.as_str(), profile::replace(node, body, source, destination)?));
    }
    let unable = |what: &str| {
        let text = format!("Unable to get {what} from '{side}' resource.");
        refusal::resource(&node.id, owner.origin, text)
    };
    let new = |infix: &str, kind: &'static str| {
        let id = format!("{}{infix}{}", node.id, pair.suffix);
        let mut resource = Resource::new(id, kind, node.key_origin, node.key_origin, node.attributes.clone())?;
        resource.depends_on.clone_from(&node.depends_on);
        Ok(resource)
    };
    let granted = || categories.iter().filter(|(name, _)| pair.permissions.contains(name));
    let make = node.make();
    let document = || {
        let statements: Vec<Value> =
            granted().filter_map(|(_, body)| body.get("Statement")?.as_list()).flatten().cloned().collect();
        make.map([("Version", make.str(super::iam::VERSION)), ("Statement", make.list(statements))])
    };
    match pair.profile.kind {
        "AWS_IAM_ROLE_MANAGED_POLICY" => {
            let Some(role) = &owner.role_name else { return unable("IAM role name") };
            let mut policy = new("Policy", "AWS::IAM::ManagedPolicy")?;
            policy.set("PolicyDocument", document());
            policy.set("Roles", make.list([role.clone()]));
            order(cx, pair, &policy.id);
            Ok(vec![policy])
        }
        "AWS_SQS_QUEUE_POLICY" => {
            let Some(url) = &owner.queue_url else { return unable("SQS queue URL") };
            let mut policy = new("QueuePolicy", "AWS::SQS::QueuePolicy")?;
            policy.set("PolicyDocument", document());
            policy.set("Queues", make.list([url.clone()]));
            Ok(vec![policy])
        }
        "AWS_SNS_TOPIC_POLICY" => {
            let Some(arn) = &owner.arn else { return unable("SNS topic ARN") };
            let mut policy = new("TopicPolicy", "AWS::SNS::TopicPolicy")?;
            policy.set("Topics", make.list([arn.clone()]));
            policy.set("PolicyDocument", document());
            Ok(vec![policy])
        }
        _ => {
            let Some(arn) = &owner.arn else { return unable("Lambda function ARN") };
            let mut out = Vec::new();
            for (name, body) in granted() {
                let mut permission = new(&format!("{name}LambdaPermission"), "AWS::Lambda::Permission")?;
                if let Some(map) = body.as_map() {
                    permission.copy(map, &["Action", "Principal", "SourceArn", "SourceAccount"]);
                }
                permission.set("FunctionName", arn.clone());
                out.push(permission);
            }
            Ok(out)
        }
    }
}

/// Makes what needs the policy wait for it.
fn order(cx: &mut Expander, pair: &Pair<'_>, policy: &str) {
    let Some(from) = pair.source.id.clone() else { return };
    let dependent = match pair.profile.properties.text("DependedBy") {
        Some("SOURCE") => Some(from),
        Some("DESTINATION_EVENT_SOURCE_MAPPING") => {
            let Some(to) = &pair.destination.id else { return };
            let mut mappings = cx.output.iter().filter(|entry| {
                let names = |property: &str, id: &str| {
                    entry.value.at(&["Properties", property]).and_then(intrinsics::logical_id) == Some(id)
                };
                entry.value.is("Type", "AWS::Lambda::EventSourceMapping")
                    && names("FunctionName", to)
                    && names("EventSourceArn", &from)
            });
            let first = mappings.next().map(|entry| entry.key.clone());
            first.filter(|_| mappings.next().is_none())
        }
        _ => None,
    };
    let make = pair.node.make();
    let resource = dependent.and_then(|id| cx.output.get_mut(&id)).and_then(Value::as_map_mut);
    if let Some(resource) = resource {
        let ids = dependencies(resource);
        set_dependencies(resource, ids, vec![make.str(policy)], make);
    }
}

fn dependencies(resource: &Map) -> Vec<Value> {
    match resource.get("DependsOn") {
        Some(Value { kind: Kind::List(items), .. }) => items.clone(),
        Some(one) => vec![one.clone()],
        None => Vec::new(),
    }
}

fn set_dependencies(resource: &mut Map, mut ids: Vec<Value>, more: Vec<Value>, make: Maker) {
    for id in more {
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    let origin = resource.get("DependsOn").map_or(make.origin(), |old| old.origin);
    resource.insert("DependsOn", Value::new(Kind::List(ids), origin));
}

/// What depends on the connector depends on what it becomes.
fn replace_dependencies(cx: &mut Expander, node: &Node, made: &[Resource]) {
    let make = node.make();
    for entry in cx.output.iter_mut() {
        let Some(resource) = entry.value.as_map_mut() else { continue };
        let mut ids = dependencies(resource);
        let Some(at) = ids.iter().position(|id| id.as_str() == Some(&node.id)) else { continue };
        ids.remove(at);
        let more = made.iter().map(|resource| make.str(resource.id.clone())).collect();
        set_dependencies(resource, ids, more, make);
    }
}

fn metadata(cx: &Expander, pair: &Pair<'_>) -> Value {
    let make = pair.node.make();
    let kind = |reference: &Reference| {
        let written = reference.id.as_ref().and_then(|id| cx.resources.get(id)).and_then(|known| known.text("Type"));
        make.map([("Type", make.str(written.unwrap_or(&reference.kind)))])
    };
    let ends = make.map([("Source", kind(&pair.source)), ("Destination", kind(&pair.destination))]);
    make.map([(pair.node.id.clone(), ends)])
}

/// A connector that another resource brings along.
pub fn implied(node: &Node, id: String, source: Value, destination: Value, permissions: Value) -> Node {
    let mut properties = Map::new();
    properties.insert("Source", source);
    properties.insert("Destination", destination);
    properties.insert("Permissions", permissions);
    Node { id: id.into(), properties, attributes: Map::new(), depends_on: None, ..node.clone() }
}

/// Whether `value` is text with something in it.
fn is_text(value: &Value) -> bool {
    value.as_str().is_some() && python::truthy(value)
}
