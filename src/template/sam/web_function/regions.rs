//! The regions that a web function is served from.

use crate::template::sam::intrinsics::is_intrinsic;
use crate::template::sam::python;
use crate::template::sam::refusal::Outcome;
use crate::template::sam::resource::Node;
use crate::template::value::{Maker, Value};
use std::collections::BTreeSet;

const GROUPS: [(&str, &[&str]); 6] = [
    ("US", &["us-east-1", "us-east-2", "us-west-1", "us-west-2"]),
    ("AP", &["ap-south-1", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-southeast-1", "ap-southeast-2"]),
    ("CA", &["ca-central-1"]),
    ("EU", &["eu-west-1", "eu-west-2", "eu-west-3", "eu-central-1", "eu-north-1"]),
    ("SA", &["sa-east-1"]),
    (
        "SPARSE_GLOBAL",
        &["us-east-1", "eu-west-1", "eu-central-1", "ap-northeast-1", "ap-southeast-2", "sa-east-1", "ap-southeast-1"],
    ),
];

/// The `Regions` that `ReplicaRegions` asks for.
pub fn expand(node: &Node) -> Outcome<Option<Value>> {
    let Some(given) = node.get("ReplicaRegions") else { return Ok(None) };
    if is_intrinsic(given) {
        return Ok(Some(given.clone()));
    }
    if let Some(items) = given.as_list() {
        return list(node, given, items, &[]).map(Some);
    }
    let Some(map) = given.as_map() else { return Ok(None) };
    let mut unknown: Vec<&str> =
        map.keys().filter(|key| !matches!(*key, "IncludeRegions" | "ExcludeRegions")).collect();
    if !unknown.is_empty() {
        unknown.sort_unstable();
        let text = format!(
            "'ReplicaRegions' contains unrecognized keys: {}. Valid keys are: IncludeRegions, ExcludeRegions.",
            python::repr_texts(&unknown)
        );
        return node.refuse(given.origin, text);
    }
    let get = |key: &str| map.get(key).filter(|value| python::truthy(value));
    let (include, exclude) = (get("IncludeRegions"), get("ExcludeRegions"));
    if let (None, Some(exclude)) = (include, exclude) {
        return node.refuse(
            exclude.origin,
            "'ExcludeRegions' requires 'IncludeRegions' to also be specified in 'ReplicaRegions'.",
        );
    }
    if let Some(one) = [include, exclude].into_iter().flatten().find(|value| is_intrinsic(value)) {
        return node
            .refuse(one.origin, "'IncludeRegions' and 'ExcludeRegions' do not support top-level intrinsic functions.");
    }
    let items = |value: Option<&Value>| value.and_then(Value::as_list).unwrap_or_default().to_vec();
    let (include, exclude) = (items(include), items(exclude));
    if let Some(item) = exclude.iter().find(|item| item.as_str().is_none()) {
        let text = "'ExcludeRegions' does not support intrinsic functions in entries.";
        return node.refuse(item.origin, text);
    }
    if let Some(item) = include.iter().find(|item| item.as_str().is_none()).filter(|_| !exclude.is_empty()) {
        return node.refuse(
            item.origin,
            "'ExcludeRegions' cannot be used when 'IncludeRegions' contains intrinsic functions, because the exclusion cannot be applied to an intrinsic value at transform time.",
        );
    }
    list(node, given, &include, &exclude).map(Some)
}

fn list(node: &Node, given: &Value, include: &[Value], exclude: &[Value]) -> Outcome<Value> {
    let make = Maker::new(given.origin);
    let mut regions = codes(node, include)?;
    for code in codes(node, exclude)? {
        regions.remove(&code);
    }
    let unresolved = include.iter().filter(|item| item.as_str().is_none()).cloned();
    Ok(make.list(regions.into_iter().map(|code| make.str(code)).chain(unresolved)))
}

fn codes(node: &Node, items: &[Value]) -> Outcome<BTreeSet<String>> {
    let mut out = BTreeSet::new();
    for item in items {
        let Some(key) = item.as_str() else { continue };
        let name = key.to_uppercase();
        if name == "ALL_STANDARD" {
            out.extend(GROUPS.iter().flat_map(|(_, codes)| codes.iter()).map(ToString::to_string));
        } else if let Some((_, codes)) = GROUPS.iter().find(|(group, _)| *group == name) {
            out.extend(codes.iter().map(ToString::to_string));
        } else if key.contains('-') {
            out.insert(key.to_owned());
        } else {
            return node.refuse(item.origin, format!("Unknown region key or code: '{key}'."));
        }
    }
    Ok(out)
}
