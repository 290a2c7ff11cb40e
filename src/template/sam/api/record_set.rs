//! Record sets for the domains of APIs.

use crate::template::sam::expander::Expander;
use crate::template::sam::naming;
use crate::template::sam::property::{Expect, Owner};
use crate::template::sam::python::{self, Lookup};
use crate::template::sam::refusal::Outcome;
use crate::template::sam::resource::{Node, Resource};
use crate::template::value::{Kind, Maker, Map, Value};

/// A custom domain whose records are to be made.
#[derive(Debug)]
pub struct Records<'a> {
    /// The `Domain` section.
    pub domain: &'a Map,
    /// What `Fn::GetAtt` is asked of: usually the logical id of the domain.
    pub target: Value,
    /// The kind of endpoint.
    pub endpoint: String,
    /// Whether a zone may be named by id and by name at the same time.
    pub both_zones: bool,
}

/// Adds the records that `Route53` asks for; answers the group they are in, as it is now.
pub fn expand(cx: &mut Expander, node: &Node, records: &Records<'_>) -> Outcome<Option<Resource>> {
    let Some(config) = records.domain.some("Route53") else { return Ok(None) };
    let owner = Owner::Resource(&node.id);
    let map = config.expect_map(owner, "Domain.Route53")?;
    if map.some("HostedZoneId").is_none() && map.some("HostedZoneName").is_none() {
        return node.refuse(
            config.origin,
            "HostedZoneId or HostedZoneName is required to enable Route53 support on Custom Domains.",
        );
    }
    let make = Maker::new(config.origin);
    let zone = map.truthy("HostedZoneId").or_else(|| map.some("HostedZoneName"));
    let id = format!("RecordSetGroup{}", zone.map(naming::hash).unwrap_or_default());
    let sets = record_sets(records, map, make);
    if let Some(separate) = map.truthy("SeparateRecordSetGroup").filter(|_| records.both_zones) {
        separate.expect_bool(owner, "Domain.Route53.SeparateRecordSetGroup")?;
        let name = records.domain.get("DomainName").cloned().unwrap_or_else(|| make.null());
        let hashed = make.list([zone.cloned().unwrap_or_else(|| make.null()), name]);
        let id = format!("RecordSetGroup{}", naming::hash(&hashed));
        let mut group = node.made(id, "AWS::Route53::RecordSetGroup", config.origin)?;
        for key in ["HostedZoneId", "HostedZoneName"] {
            if map.truthy(key).is_some() {
                group.copy(map, &[key]);
            }
        }
        group.set("RecordSets", make.list(sets));
        return Ok(Some(group));
    }
    let at = match cx.record_sets.iter().position(|group| group.id == id) {
        Some(at) => at,
        None => {
            let mut group = node.made(id, "AWS::Route53::RecordSetGroup", config.origin)?;
            group.copy(map, &["HostedZoneId"]);
            if records.both_zones || !map.contains_key("HostedZoneId") {
                group.copy(map, &["HostedZoneName"]);
            }
            group.set("RecordSets", make.list([]));
            cx.record_sets.push(group);
            cx.record_sets.len() - 1
        }
    };
    let Some(group) = cx.record_sets.get_mut(at) else { return Ok(None) };
    if let Some(list) = group.properties.get_mut("RecordSets").and_then(Value::as_list_mut) {
        list.extend(sets);
    }
    Ok(Some(group.clone()))
}

fn record_sets(records: &Records<'_>, config: &Map, make: Maker) -> Vec<Value> {
    let alias = alias_target(records, config, make);
    let record = |kind: &str| {
        let mut record = Map::new();
        if let Some(name) = records.domain.some("DomainName") {
            record.insert("Name", name.clone());
        }
        record.insert("Type", make.str(kind));
        record.insert("AliasTarget", alias.clone());
        for key in ["Region", "SetIdentifier"] {
            if let Some(value) = config.some(key) {
                record.insert(key, value.clone());
            }
        }
        Value::new(Kind::Map(record), make.origin())
    };
    let mut out = vec![record("A")];
    if config.get("IpV6").and_then(Value::as_bool) == Some(true) {
        out.push(record("AAAA"));
    }
    out
}

fn alias_target(records: &Records<'_>, config: &Map, make: Maker) -> Value {
    let attribute = |name: &str| make.map([("Fn::GetAtt", make.list([records.target.clone(), make.str(name)]))]);
    let given = |key: &str| config.get(key).cloned().unwrap_or_else(|| make.null());
    let mut out = Vec::new();
    if let Some(health) = config.some("EvaluateTargetHealth") {
        out.push(("EvaluateTargetHealth", health.clone()));
    }
    let (zone, name) = match records.endpoint.as_str() {
        "REGIONAL" => (attribute("RegionalHostedZoneId"), attribute("RegionalDomainName")),
        "EDGE" => {
            let distribution = config.some("DistributionDomainName").cloned();
            (make.str("Z2FDTNDATAQYW2"), distribution.unwrap_or_else(|| attribute("DistributionDomainName")))
        }
        _ => (given("VpcEndpointHostedZoneId"), given("VpcEndpointDomainName")),
    };
    out.push(("HostedZoneId", zone));
    out.push(("DNSName", name));
    make.map(out)
}

/// Base paths as a list; `None` when there are none.
pub fn base_paths(domain: &Map) -> Option<Vec<Value>> {
    match domain.get("BasePath").filter(|paths| python::truthy(paths)) {
        Some(one @ Value { kind: Kind::Str(_), .. }) => Some(vec![one.clone()]),
        Some(Value { kind: Kind::List(items), .. }) => Some(items.clone()),
        _ => None,
    }
}
