//! What a function's role needs to read from Kafka: secrets, network interfaces, schemas.

use super::Event;
use super::pull_policies::{NETWORK, decrypt, secret};
use crate::template::sam::expander::Expander;
use crate::template::sam::iam;
use crate::template::sam::intrinsics::is_intrinsic;
use crate::template::sam::property::{Expect, Owner};
use crate::template::sam::python::{self, Lookup};
use crate::template::sam::refusal::Outcome;
use crate::template::value::{Maker, Value};

const AUTHENTICATION: [&str; 7] = [
    "SASL_SCRAM_256_AUTH",
    "SASL_SCRAM_512_AUTH",
    "BASIC_AUTH",
    "CLIENT_CERTIFICATE_TLS_AUTH",
    "OAUTHBEARER_AUTH",
    "IAM_AUTH",
    "IAM_OAUTHBEARER_AUTH",
];
const WITHOUT_URI: [&str; 2] = ["IAM_AUTH", "IAM_OAUTHBEARER_AUTH"];
const OAUTH: [&str; 4] =
    ["OAUTHBEARER_SCOPE", "OAUTHBEARER_AUDIENCE", "OAUTHBEARER_LOGICAL_CLUSTER", "OAUTHBEARER_IDENTITY_POOL"];

/// The policy for a self-managed cluster.
pub fn documents(cx: &Expander, event: &mut Event) -> Outcome<Vec<Value>> {
    let make = event.make();
    let missing = |event: &Event, text: &str| event.refuse(event.origin, text);
    if event.properties.truthy("KafkaBootstrapServers").is_none() {
        return missing(event, "No KafkaBootstrapServers provided for self managed kafka as an event source");
    }
    let Some(topics) = event.properties.truthy("Topics") else {
        return missing(event, "No Topics provided for self managed kafka as an event source");
    };
    let count =
        topics.as_list().map_or_else(|| topics.as_map().map_or(0, crate::template::value::Map::len), <[_]>::len);
    if count != 1 {
        let text = "Topics for self managed kafka only supports single configuration entry.";
        return event.refuse(topics.origin, text);
    }
    let Some(access) = event.properties.truthy("SourceAccessConfigurations") else {
        return missing(event, "No SourceAccessConfigurations for self managed kafka event provided.");
    };
    let mut statements = access_statements(event, access)?;
    statements.extend(decrypt(event)?);
    statements.extend(registry_statements(cx, event)?);
    if statements.is_empty() {
        return Ok(Vec::new());
    }
    let document = make.map([("Statement", make.list(statements)), ("Version", make.str(iam::VERSION))]);
    let name = make.str("SelfManagedKafkaExecutionRolePolicy");
    Ok(vec![make.map([("PolicyDocument", document), ("PolicyName", name)])])
}

fn access_statements(event: &Event, access: &Value) -> Outcome<Vec<Value>> {
    let Some(items) = access.as_list() else {
        let text = "SourceAccessConfigurations for self managed kafka event should be a list.";
        return event.refuse(access.origin, text);
    };
    let (mut secret_uri, mut certificate, mut subnet, mut group, mut authenticated) = (None, None, false, false, false);
    for item in items {
        item.expect_map(Owner::Resource(&event.id), "SourceAccessConfigurations")?;
        let kind = item.text("Type").unwrap_or_default();
        match kind {
            "VPC_SUBNET" => {
                uri(event, item, kind)?;
                subnet = true;
            }
            "VPC_SECURITY_GROUP" => {
                uri(event, item, kind)?;
                group = true;
            }
            _ if AUTHENTICATION.contains(&kind) => {
                if authenticated {
                    let text = "Multiple auth mechanism properties specified in SourceAccessConfigurations for self managed kafka event.";
                    return event.refuse(item.origin, text);
                }
                authenticated = true;
                if !WITHOUT_URI.contains(&kind) {
                    secret_uri = Some(uri(event, item, "auth mechanism")?);
                }
            }
            "SERVER_ROOT_CA_CERTIFICATE" => certificate = Some(uri(event, item, kind)?),
            _ if OAUTH.contains(&kind) => {
                uri(event, item, kind)?;
            }
            _ => {
                let text = "Invalid SourceAccessConfigurations Type provided for self managed kafka event.";
                return event.refuse(item.origin, text);
            }
        }
    }
    if subnet != group {
        let text = "VPC_SUBNET and VPC_SECURITY_GROUP in SourceAccessConfigurations for SelfManagedKafka must be both provided.";
        return event.refuse(access.origin, text);
    }
    let mut statements: Vec<Value> =
        [secret_uri, certificate].into_iter().flatten().map(|uri| secret(Maker::new(uri.origin), uri)).collect();
    if subnet {
        let make = Maker::new(access.origin);
        statements.push(iam::allow_all(make, &NETWORK, make.str("*")));
    }
    Ok(statements)
}

fn uri(event: &Event, item: &Value, name: &str) -> Outcome<Value> {
    let Some(uri) = item.truthy("URI") else {
        let text =
            format!("No {name} URI property specified in SourceAccessConfigurations for self managed kafka event.");
        return event.refuse(item.origin, text);
    };
    if uri.as_str().is_none() && !is_intrinsic(uri) {
        let text = format!(
            "Wrong Type for {name} URI property specified in SourceAccessConfigurations for self managed kafka event."
        );
        return event.refuse(uri.origin, text);
    }
    Ok(uri.clone())
}

/// Resolves parameters within the URI of the registry, as the reference does while it looks
/// for the registry's name: a reference that is the whole URI, and the text of `Fn::Sub`, stay.
pub fn resolve_registry(cx: &Expander, event: &mut Event) -> Outcome<()> {
    if !matches!(&*event.kind, "MSK" | "SelfManagedKafka") {
        return Ok(());
    }
    let config = event.properties.get_mut("SchemaRegistryConfig");
    let Some(uri) = config.and_then(|config| config.get_mut("SchemaRegistryURI")) else { return Ok(()) };
    match uri.single() {
        Some(("Ref", _)) => Ok(()),
        Some(("Fn::Sub", text)) if text.as_str().is_some() => Ok(()),
        Some(_) => cx.parameters.resolve(uri),
        None => Ok(()),
    }
}

/// What reading schemas from the registry needs.
pub fn registry_statements(cx: &Expander, event: &mut Event) -> Outcome<Vec<Value>> {
    let Some(config) = event.properties.truthy("SchemaRegistryConfig").cloned() else { return Ok(Vec::new()) };
    check_registry(event, &config)?;
    let make = Maker::new(config.origin);
    let mut statements = Vec::new();
    for access in config.get("AccessConfigs").and_then(Value::as_list).into_iter().flatten() {
        if let Some(uri) = access.get("URI") {
            statements.push(secret(Maker::new(access.origin), uri.clone()));
        }
    }
    let Some(uri) = config.get("SchemaRegistryURI") else { return Ok(statements) };
    let mut resolved = uri.clone();
    cx.parameters.resolve(&mut resolved)?;
    let arn = resolved.as_str().or_else(|| resolved.text("Fn::Sub")).unwrap_or_default();
    let registry = arn
        .starts_with("arn")
        .then(|| arn.split(':').nth(5).and_then(|resource| resource.strip_prefix("registry/")))
        .flatten();
    if let Some(registry) = registry {
        statements.push(iam::allow_all(make, &["glue:GetRegistry"], uri.clone()));
        let schema = format!("arn:${{AWS::Partition}}:glue:${{AWS::Region}}:${{AWS::AccountId}}:schema/{registry}/*");
        statements.push(iam::allow_all(make, &["glue:GetSchemaVersion"], make.list([make.sub(schema)])));
    }
    Ok(statements)
}

fn check_registry(event: &Event, config: &Value) -> Outcome<()> {
    let map = config.expect_map(Owner::Event(&event.id), "SchemaRegistryConfig")?;
    for field in ["SchemaRegistryURI", "EventRecordFormat", "SchemaValidationConfigs"] {
        if !map.contains_key(field) {
            let text = format!("Missing required field {field} in SchemaRegistryConfig");
            return event.refuse(config.origin, text);
        }
    }
    if !matches!(map.text("EventRecordFormat"), Some("JSON" | "SOURCE")) {
        let text = "EventRecordFormat in SchemaRegistryConfig must be either 'JSON' or 'SOURCE'";
        return event.refuse(config.origin, text);
    }
    if map.get("SchemaValidationConfigs").and_then(Value::as_list).is_none() {
        return event.refuse(config.origin, "SchemaValidationConfigs must be a list");
    }
    let Some(access) = map.get("AccessConfigs").filter(|access| python::truthy(access)) else { return Ok(()) };
    let Some(items) = access.as_list() else {
        return event.refuse(access.origin, "AccessConfigs in SchemaRegistryConfig must be a list");
    };
    match items.iter().find(|item| item.get("Type").is_none() || item.get("URI").is_none()) {
        Some(item) => event.refuse(item.origin, "Each AccessConfig must be a dict with 'Type' and 'URI' fields"),
        None => Ok(()),
    }
}
