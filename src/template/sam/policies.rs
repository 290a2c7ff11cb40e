//! The `Policies` of functions and state machines, and the roles made of them.

use super::iam;
use super::intrinsics::{self, IF_ARGUMENTS};
use super::python;
use super::refusal::{self, Outcome};
use super::resource::{Node, Resource};
use super::tables::{self, PolicyTemplate};
use crate::template::value::{Kind, Maker, Map, Origin, Value};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sort {
    Managed,
    Statement,
    Template,
    Unknown,
}

/// What sort of policy `value` is. Templates are looked for only while they are expanded.
fn sort_of(value: &Value, templates: bool) -> Outcome<Sort> {
    if value.as_str().is_some() {
        return Ok(Sort::Managed);
    }
    if let Some(argument) = intrinsics::if_argument(value) {
        let Some((_, then, otherwise)) = intrinsics::if_arguments(argument) else {
            return refusal::template(value.origin, IF_ARGUMENTS);
        };
        let (first, second) = (sort_of(then, templates)?, sort_of(otherwise, templates)?);
        if first == second || intrinsics::is_no_value(otherwise) {
            return Ok(first);
        }
        if intrinsics::is_no_value(then) {
            return Ok(second);
        }
        return refusal::template(
            value.origin,
            "Different policy types within the same Fn::If statement is unsupported. Separate different policy types into different Fn::If statements",
        );
    }
    if intrinsics::is_intrinsic(value) {
        return Ok(Sort::Managed);
    }
    if value.get("Statement").is_some() {
        return Ok(Sort::Statement);
    }
    let is_template = templates && value.single().is_some_and(|(name, _)| PolicyTemplate::find(name).is_some());
    Ok(if is_template { Sort::Template } else { Sort::Unknown })
}

/// Replaces policy templates in the `Policies` of the resource `id`.
pub fn expand_templates(id: &str, properties: &mut Map) -> Outcome<()> {
    let Some(policies) = properties.get_mut("Policies").filter(|policies| python::truthy(policies)) else {
        return Ok(());
    };
    let place = policies.origin;
    let items = match std::mem::replace(&mut policies.kind, Kind::Null) {
        Kind::List(items) => items,
        other => vec![Value::new(other, place)],
    };
    let mut expanded = Vec::with_capacity(items.len());
    let mut outcome = Ok(());
    for item in items {
        match expand_entry(id, item.clone()) {
            Ok(item) => expanded.push(item),
            Err(failure) => {
                // The first refusal is the one to tell; what follows is expanded all the same.
                outcome = outcome.and(Err(failure));
            }
        }
    }
    policies.kind = Kind::List(expanded);
    outcome
}

fn expand_entry(id: &str, mut item: Value) -> Outcome<Value> {
    if sort_of(&item, true)? != Sort::Template {
        return Ok(item);
    }
    if intrinsics::if_argument(&item).is_none() {
        return convert(id, &item);
    }
    for branch in item.get_mut("Fn::If").and_then(Value::as_list_mut).into_iter().flatten().skip(1) {
        if !intrinsics::is_no_value(branch) {
            *branch = convert(id, branch)?;
        }
    }
    Ok(item)
}

fn convert(id: &str, policy: &Value) -> Outcome<Value> {
    let Some((name, given)) = policy.single() else { return Ok(policy.clone()) };
    let Some(template) = PolicyTemplate::find(name) else { return Ok(policy.clone()) };
    let Some(values) = given.as_map() else {
        return refusal::resource(
            id,
            given.origin,
            format!("Must specify valid parameter values for policy template '{name}'"),
        );
    };
    let missing: Vec<&str> = template.parameters().filter(|parameter| !values.contains_key(parameter)).collect();
    if !missing.is_empty() {
        return refusal::resource(
            id,
            policy.origin,
            format!(
                "Following required parameters of template '{name}' don't have values: {}",
                python::repr_texts(&missing)
            ),
        );
    }
    let mut definition = template.definition(policy.origin.generated());
    fill(&mut definition, values);
    Ok(definition)
}

fn fill(value: &mut Value, values: &Map) {
    if let Some(("Ref", name)) = value.single()
        && let Some(found) = name.as_str().and_then(|name| values.get(name))
    {
        *value = found.clone();
        return;
    }
    match &mut value.kind {
        Kind::List(items) => items.iter_mut().for_each(|item| fill(item, values)),
        Kind::Map(map) => map.iter_mut().for_each(|entry| fill(&mut entry.value, values)),
        _ => {}
    }
}

/// A role in the making.
#[derive(Debug)]
pub struct RoleParts<'a> {
    /// Who may assume it.
    pub assume: Value,
    /// ARNs of managed policies it has whatever the author says.
    pub managed: Vec<Value>,
    /// Inline policies it has whatever the author says.
    pub inline: Vec<Value>,
    /// The author's policies.
    pub policies: Option<&'a Value>,
    /// The path.
    pub path: Option<&'a Value>,
    /// The boundary.
    pub boundary: Option<&'a Value>,
    /// The tags.
    pub tags: Vec<Value>,
}

/// The role `<id>Role` of `node`.
pub fn role(node: &Node, partition: &str, cause: Origin, parts: RoleParts<'_>) -> Outcome<Resource> {
    let mut role = node.made(format!("{}Role", node.id), "AWS::IAM::Role", cause)?;
    let make = role.make();
    let RoleParts { assume, mut managed, mut inline, policies, path, boundary, tags } = parts;
    let single;
    let entries = match policies.filter(|policies| python::truthy(policies)) {
        None => &[][..],
        Some(Value { kind: Kind::List(items), .. }) => items.as_slice(),
        Some(other) => {
            single = [other.clone()];
            &single
        }
    };
    for (index, entry) in entries.iter().enumerate() {
        let place = Maker::new(entry.origin);
        let document = |value: Value| {
            place.map([("PolicyName", place.str(format!("{}Policy{index}", role.id))), ("PolicyDocument", value)])
        };
        match sort_of(entry, false)? {
            Sort::Statement => inline.push(in_branches(entry, |branch| Some(document(branch.clone())))),
            Sort::Managed => {
                let arn = in_branches(entry, |branch| {
                    branch.as_str().map(|name| managed_arn(Maker::new(branch.origin), name, partition, branch))
                });
                if !managed.contains(&arn) {
                    managed.push(arn);
                }
            }
            Sort::Template | Sort::Unknown => {
                return refusal::resource(
                    &node.id,
                    entry.origin,
                    format!("Policy at index {index} in the 'Policies' property is not valid"),
                );
            }
        }
    }
    role.set("AssumeRolePolicyDocument", assume);
    role.set("ManagedPolicyArns", make.list(managed));
    if !inline.is_empty() {
        role.set("Policies", make.list(inline));
    }
    role.set_some("Path", path);
    role.set_some("PermissionsBoundary", boundary);
    role.set("Tags", make.list(tags));
    Ok(role)
}

/// Converts `entry`, or the branches of the `Fn::If` it is.
fn in_branches(entry: &Value, convert: impl Fn(&Value) -> Option<Value>) -> Value {
    if intrinsics::if_argument(entry).is_none() {
        return convert(entry).unwrap_or_else(|| entry.clone());
    }
    let mut entry = entry.clone();
    for branch in entry.get_mut("Fn::If").and_then(Value::as_list_mut).into_iter().flatten().skip(1) {
        if !intrinsics::is_no_value(branch)
            && let Some(new) = convert(branch)
        {
            *branch = new;
        }
    }
    entry
}

fn managed_arn(make: Maker, name: &str, partition: &str, written: &Value) -> Value {
    tables::managed_policy(name, partition).map_or_else(|| written.clone(), |path| iam::managed(make, partition, path))
}

/// Adds a managed policy to a role, unless it has it.
pub fn add_managed(role: &mut Resource, arn: Value) {
    let make = role.make();
    if let Kind::List(items) = &mut role.properties.get_or_insert_with("ManagedPolicyArns", || make.list([])).kind
        && !items.contains(&arn)
    {
        items.push(arn);
    }
}

/// Adds an inline policy to a role, unless it has one with the same document.
pub fn add_inline(role: &mut Resource, policy: Value) {
    let make = role.make();
    if let Kind::List(items) = &mut role.properties.get_or_insert_with("Policies", || make.list([])).kind {
        let document = policy.get("PolicyDocument");
        if !items.iter().any(|known| known.get("PolicyDocument") == document) {
            items.push(policy);
        }
    }
}
