//! Custom domains of REST APIs, public and private.

use super::record_set::{self, Records};
use crate::template::sam::expander::Expander;
use crate::template::sam::naming;
use crate::template::sam::property::{Expect, Owner, expect_strs};
use crate::template::sam::python::{self, Lookup};
use crate::template::sam::refusal::Outcome;
use crate::template::sam::resource::{Node, Resource};
use crate::template::value::{Maker, Map, Origin, Value};

/// The domain with its mappings and records.
pub fn expand(cx: &mut Expander, node: &mut Node) -> Outcome<Vec<Resource>> {
    let Some(given) = node.get("Domain").cloned() else { return Ok(Vec::new()) };
    let domain = given.expect_map(Owner::Resource(&node.id), "Domain")?.clone();
    let required = |name: &str| match domain.some(name) {
        Some(value) => Ok(value),
        None => node.refuse(given.origin, format!("Property 'Domain.{name}' is required.")),
    };
    let name = required("DomainName")?;
    let certificate = required("CertificateArn")?;
    let endpoint = domain.some("EndpointConfiguration");
    let kind = match endpoint {
        None => "REGIONAL",
        Some(value) => match value.as_str() {
            Some(kind @ ("EDGE" | "REGIONAL" | "PRIVATE")) => kind,
            _ => {
                return node.refuse(
                    value.origin,
                    "EndpointConfiguration for Custom Domains must be one of ['EDGE', 'REGIONAL', 'PRIVATE'].",
                );
            }
        },
    };
    let is_private = kind == "PRIVATE";
    let (prefix, resource_type) = if is_private {
        ("ApiGatewayDomainNameV2", "AWS::ApiGateway::DomainNameV2")
    } else {
        ("ApiGatewayDomainName", "AWS::ApiGateway::DomainName")
    };
    let mut resource = node.made(format!("{prefix}{}", naming::hash(name)), resource_type, node.place("Domain"))?;
    let make = resource.make();
    resource.copy(&domain, &["DomainName"]);
    let certificate_name = if kind == "REGIONAL" && !is_private { "RegionalCertificateArn" } else { "CertificateArn" };
    resource.set(certificate_name, certificate.clone());
    let mut types = vec![("Types", make.list([endpoint.cloned().unwrap_or_else(|| make.str(kind))]))];
    types.extend(domain.truthy("IpAddressType").map(|value| ("IpAddressType", value.clone())));
    resource.set("EndpointConfiguration", make.map(types));
    if !is_private && let Some(mutual) = domain.truthy("MutualTlsAuthentication") {
        resource.set("MutualTlsAuthentication", mutual_tls(node, mutual)?);
    }
    for name in ["SecurityPolicy", "EndpointAccessMode", "Policy", "OwnershipVerificationCertificateArn"] {
        if domain.truthy(name).is_none() {
            continue;
        }
        let unknown = if is_private { "OwnershipVerificationCertificateArn" } else { "Policy" };
        if name == unknown {
            let text = format!("property {name} not defined for resource of type {resource_type}");
            return crate::template::sam::refusal::resource(&resource.id, given.origin, text);
        }
        resource.copy(&domain, &[name]);
    }
    let mappings = mappings(node, &domain, &resource, is_private, given.origin)?;
    let access = domain.some("AccessAssociation").filter(|_| is_private);
    let access = match access {
        Some(access) => Some(association(node, access, &resource)?),
        None => None,
    };
    // Private domains are asked for their attributes by name.
    let target = if is_private { name.clone() } else { make.str(resource.id.clone()) };
    let records = Records { domain: &domain, target, endpoint: kind.to_owned(), both_zones: true };
    let group = record_set::expand(cx, node, &records)?;
    remember(node, &resource, kind, make);
    let mut made = vec![resource];
    made.extend(mappings);
    made.extend(group);
    made.extend(access);
    Ok(made)
}

/// The section is hashed for deployments together with what was found out about it.
fn remember(node: &mut Node, resource: &Resource, kind: &str, make: Maker) {
    if let Some(domain) = node.properties.get_mut("Domain").and_then(Value::as_map_mut) {
        domain.insert("ApiDomainName", make.str(resource.id.clone()));
        domain.get_or_insert_with("EndpointConfiguration", || make.str(kind));
    }
}

fn mutual_tls(node: &Node, mutual: &Value) -> Outcome<Value> {
    let map = mutual.expect_map(Owner::Resource(&node.id), "Domain.MutualTlsAuthentication")?;
    let keys = ["TruststoreUri", "TruststoreVersion"];
    if let Some(unknown) = map.iter().find(|entry| !keys.contains(&&*entry.key)) {
        return node.refuse(
            unknown.key_origin,
            "Available Domain.MutualTlsAuthentication fields are ['TruststoreUri', 'TruststoreVersion'].",
        );
    }
    let kept = keys.iter().filter_map(|key| map.truthy(key).map(|value| (*key, value.clone())));
    Ok(Maker::new(mutual.origin).map(kept))
}

fn mappings(
    node: &Node,
    domain: &Map,
    resource: &Resource,
    is_private: bool,
    origin: Origin,
) -> Outcome<Vec<Resource>> {
    let (kind, name_property) = if is_private {
        ("AWS::ApiGateway::BasePathMappingV2", "DomainNameArn")
    } else {
        ("AWS::ApiGateway::BasePathMapping", "DomainName")
    };
    let mapping = |id: String, cause: Origin| -> Outcome<Resource> {
        let mut mapping = node.made(id, kind, cause)?;
        let make = mapping.make();
        mapping.set(name_property, make.reference(resource.id.clone()));
        mapping.set("RestApiId", make.reference(node.id.clone()));
        mapping.set("Stage", make.reference(format!("{}.Stage", node.id)));
        Ok(mapping)
    };
    let Some(paths) = record_set::base_paths(domain) else {
        return Ok(vec![mapping(format!("{}BasePathMapping", node.id), origin)?]);
    };
    let normalize = domain.get("NormalizeBasePath").is_none_or(python::truthy);
    expect_strs(
        &Value::new(crate::template::value::Kind::List(paths.clone()), origin),
        Owner::Resource(&node.id),
        "Domain.BasePath",
    )?;
    let mut out = Vec::new();
    for path in &paths {
        let text = path.as_str().unwrap_or_default();
        let plain: String = text.chars().filter(|c| c.is_alphanumeric()).collect();
        let mut made = mapping(format!("{}{plain}BasePathMapping", node.id), path.origin)?;
        let make = made.make();
        made.set("BasePath", if normalize { make.str(plain) } else { path.clone() });
        out.push(made);
    }
    Ok(out)
}

fn association(node: &Node, access: &Value, resource: &Resource) -> Outcome<Resource> {
    let map = access.expect_map(Owner::Resource(&node.id), "Domain.AccessAssociation")?;
    let make = Maker::new(access.origin);
    let endpoint = map.get("VpcEndpointId").cloned().unwrap_or_else(|| make.null());
    let hashed = make.list([endpoint.clone(), make.str(resource.id.clone())]);
    let id = format!("DomainNameAccessAssociation{}", naming::hash(&hashed));
    let mut made = node.made(id, "AWS::ApiGateway::DomainNameAccessAssociation", access.origin)?;
    made.set("DomainNameArn", make.reference(resource.id.clone()));
    made.set("AccessAssociationSourceType", make.str("VPCE"));
    made.set("AccessAssociationSource", endpoint);
    Ok(made)
}
