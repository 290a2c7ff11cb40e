//! Event source mappings: streams, queues, brokers.

use super::{Event, pull_kafka, pull_policies};
use crate::template::sam::expander::Expander;
use crate::template::sam::iam;
use crate::template::sam::intrinsics::is_intrinsic;
use crate::template::sam::policies;
use crate::template::sam::python::Lookup;
use crate::template::sam::refusal::{self, Outcome};
use crate::template::sam::resource::{Resource, Target};
use crate::template::value::{Maker, Map, Text, Value};

/// Properties that a mapping has under the same name.
const SAME: [&str; 19] = [
    "StartingPosition",
    "StartingPositionTimestamp",
    "BatchSize",
    "Enabled",
    "MaximumBatchingWindowInSeconds",
    "MaximumRetryAttempts",
    "BisectBatchOnFunctionError",
    "MaximumRecordAgeInSeconds",
    "ParallelizationFactor",
    "Topics",
    "Queues",
    "SourceAccessConfigurations",
    "TumblingWindowInSeconds",
    "FunctionResponseTypes",
    "FilterCriteria",
    "KmsKeyArn",
    "ScalingConfig",
    "ProvisionedPollerConfig",
    "MetricsConfig",
];

/// The mapping; `role` gets what it needs.
pub fn expand(cx: &Expander, mut event: Event, target: &Target, role: &mut Resource) -> Outcome<Vec<Resource>> {
    let id = event.full_id.clone();
    let mut mapping = target.made(id.as_str(), "AWS::Lambda::EventSourceMapping", event.key_origin)?;
    let make = mapping.make();
    mapping.set("FunctionName", target.name.clone());
    pull_kafka::resolve_registry(cx, &mut event)?;
    let (source, policy) = match &*event.kind {
        "Kinesis" => ("Stream", Some("AWSLambdaKinesisExecutionRole")),
        "DynamoDB" => ("Stream", Some("AWSLambdaDynamoDBExecutionRole")),
        "MSK" => ("Stream", Some("AWSLambdaMSKExecutionRole")),
        "SQS" => ("Queue", Some("AWSLambdaSQSQueueExecutionRole")),
        "MQ" => ("Broker", None),
        "DocumentDB" => ("Cluster", None),
        _ => ("", None),
    };
    mapping.copy_as(&event.properties, source, "EventSourceArn");
    mapping.copy(&event.properties, &SAME);
    mapping.copy(&event.properties, &["LoggingConfig"]);
    check_filter(&event)?;
    kafka(&event, &mut mapping)?;
    let destination = destination(&mut event, &id)?;
    if event.properties.truthy("DestinationConfig").is_some() {
        mapping.copy(&event.properties, &["DestinationConfig"]);
    }
    if &*event.kind == "DocumentDB" {
        let keys = ["DatabaseName", "CollectionName", "FullDocument"];
        let kept = |key: &str| match key {
            "DatabaseName" => event.properties.some(key),
            _ => event.properties.truthy(key),
        };
        let config = keys.iter().filter_map(|key| kept(key).map(|value| (*key, value.clone())));
        mapping.set("DocumentDBEventSourceConfig", make.map(config));
    }
    if let Some(policy) = policy {
        policies::add_managed(role, cx.managed(event.make(), &format!("service-role/{policy}")));
    }
    for document in pull_policies::documents(cx, &mut event)? {
        policies::add_inline(role, document);
    }
    if let Some(destination) = destination {
        policies::add_inline(role, destination);
    }
    Ok(vec![mapping])
}

fn check_filter(event: &Event) -> Outcome<()> {
    let Some(filter) = event.properties.truthy("FilterCriteria").filter(|filter| !is_intrinsic(filter)) else {
        return Ok(());
    };
    match filter.single() {
        Some(("Filters", _)) => Ok(()),
        _ => event.refuse(filter.origin, "FilterCriteria field has a wrong format"),
    }
}

/// What only Kafka has.
fn kafka(event: &Event, mapping: &mut Resource) -> Outcome<()> {
    let make = mapping.make();
    if let Some(servers) = event.properties.truthy("KafkaBootstrapServers") {
        let endpoints = make.map([("KafkaBootstrapServers", servers.clone())]);
        mapping.set("SelfManagedEventSource", make.map([("Endpoints", endpoints)]));
    }
    let name = match &*event.kind {
        "MSK" => Some("AmazonManagedKafkaEventSourceConfig"),
        "SelfManagedKafka" => Some("SelfManagedKafkaEventSourceConfig"),
        _ => None,
    };
    let mut config = Map::new();
    if let Some(group) = event.properties.truthy("ConsumerGroupId") {
        if name.is_none() {
            let text = format!("Property ConsumerGroupId not defined for resource of type {}.", event.kind);
            return refusal::event(&event.full_id, group.origin, text);
        }
        config.insert("ConsumerGroupId", group.clone());
    }
    if let Some(registry) = event.properties.truthy("SchemaRegistryConfig") {
        config.insert("SchemaRegistryConfig", registry.clone());
    }
    if let Some(name) = name.filter(|_| !config.is_empty()) {
        mapping.set(name, Value::new(crate::template::value::Kind::Map(config), make.origin()));
    }
    Ok(())
}

/// Takes the type out of the failure destination; answers the policy it needs.
fn destination(event: &mut Event, id: &str) -> Outcome<Option<Value>> {
    if event.properties.truthy("DestinationConfig").is_none() {
        return Ok(None);
    }
    let Some(config) = event.properties.get_mut("DestinationConfig") else { return Ok(None) };
    let origin = config.origin;
    let Some(failure) = config.get_mut("OnFailure").and_then(Value::as_map_mut) else {
        return refusal::event(id, origin, "Property 'DestinationConfig.OnFailure' should be a map.");
    };
    if failure.truthy("Type").is_none() {
        return Ok(None);
    }
    let Some(kind) = failure.remove("Type") else { return Ok(None) };
    let make = Maker::new(kind.origin);
    let target = failure.get("Destination").cloned().unwrap_or_else(|| make.null());
    match kind.as_str().map(Text::from).as_deref() {
        Some("SQS") => Ok(Some(iam::send_message(make, id, target))),
        Some("SNS") => Ok(Some(iam::publish(make, id, target))),
        Some("S3") => Ok(Some(iam::put_object(make, id, target))),
        Some("Kafka") => Ok(None),
        _ => refusal::event(id, kind.origin, "The only valid values for 'Type' are 'SQS', 'SNS', 'S3', and 'Kafka'"),
    }
}
