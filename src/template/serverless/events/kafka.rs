//! Self-managed Kafka.

use super::{filters, mapping_dependencies, network_statement};
use crate::template::serverless::naming;
use crate::template::serverless::output::{Output, Resource, allow};
use crate::template::serverless::service::{Service, text};
use crate::template::value::{Maker, Value};

/// How access settings are called in a mapping, what goes before their values, and whether
/// they are secrets.
const ACCESS: [(&str, &str, &str, bool); 7] = [
    ("vpcSubnet", "VPC_SUBNET", "subnet:", false),
    ("vpcSecurityGroup", "VPC_SECURITY_GROUP", "security_group:", false),
    ("saslPlainAuth", "BASIC_AUTH", "", true),
    ("saslScram256Auth", "SASL_SCRAM_256_AUTH", "", true),
    ("saslScram512Auth", "SASL_SCRAM_512_AUTH", "", true),
    ("clientCertificateTlsAuth", "CLIENT_CERTIFICATE_TLS_AUTH", "", true),
    ("serverRootCaCertificate", "SERVER_ROOT_CA_CERTIFICATE", "", true),
];

/// Event source mappings and statements.
pub fn events(service: &Service, out: &mut Output) {
    for function in &service.functions {
        let mut secrets = Vec::new();
        let mut network = false;
        let mut first: Option<Maker> = None;
        for event in function.events("kafka") {
            let maker = event.maker();
            first.get_or_insert(maker);
            let topic = event.get("topic").cloned();
            let name = topic.as_ref().and_then(text).unwrap_or_default();
            let name = naming::alphanumeric(&name);
            let mut access = Vec::new();
            for entry in event.get("accessConfigurations").and_then(Value::as_map).into_iter().flatten() {
                let known = ACCESS.iter().find(|(setting, ..)| entry.key == *setting);
                let (kind, prefix, secret) =
                    known.map_or((&*entry.key, "", false), |(_, kind, prefix, secret)| (*kind, *prefix, *secret));
                network |= known.is_some() && !secret;
                for value in entry.value.as_list().unwrap_or_default() {
                    let maker = Maker::new(value.origin);
                    if secret {
                        secrets.push(value.clone());
                    }
                    let uri = match text(value) {
                        Some(text) => maker.str(format!("{prefix}{text}")),
                        None => value.clone(),
                    };
                    access.push(maker.map([("Type", maker.str(kind)), ("URI", uri)]));
                }
            }
            let setting = |name: &str| event.get(name).cloned();
            let servers = setting("bootstrapServers").unwrap_or_else(|| maker.list([]));
            let endpoints = maker.map([("KafkaBootstrapServers", servers)]);
            let group = event.truthy("consumerGroupId").map(|id| maker.map([("ConsumerGroupId", id.clone())]));
            out.put(
                Resource::new(
                    format!("{}EventSourceMappingKafka{}", naming::normalized(&function.key), naming::cut(&name, 158)),
                    "AWS::Lambda::EventSourceMapping",
                    maker,
                )
                .set("FunctionName", service.target(function, maker))
                .set(
                    "StartingPosition",
                    event.truthy("startingPosition").cloned().unwrap_or_else(|| maker.str("TRIM_HORIZON")),
                )
                .set("SelfManagedEventSource", maker.map([("Endpoints", endpoints)]))
                .set("Topics", maker.list(topic))
                .set("SourceAccessConfigurations", maker.list(access))
                .opt("BatchSize", event.truthy("batchSize").cloned())
                .opt("MaximumBatchingWindowInSeconds", event.truthy("maximumBatchingWindow").cloned())
                .opt("Enabled", setting("enabled"))
                .opt("SelfManagedKafkaEventSourceConfig", group)
                .opt("StartingPositionTimestamp", setting("startingPositionTimestamp"))
                .opt("FilterCriteria", filters(&event))
                .after_all(mapping_dependencies(service, &event)),
            );
        }
        let Some(maker) = first else { continue };
        if !secrets.is_empty() {
            out.state(allow(maker, &["secretsmanager:GetSecretValue"], secrets));
        }
        if network {
            out.state(network_statement(maker));
        }
    }
}
