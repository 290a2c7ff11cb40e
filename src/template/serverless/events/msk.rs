//! Managed Kafka.

use super::{filters, mapping_dependencies, name_in, network_statement};
use crate::template::serverless::naming;
use crate::template::serverless::output::{Output, Resource, allow};
use crate::template::serverless::service::{Service, get, text};
use crate::template::value::{Maker, Value};

fn cluster(arn: &Value) -> String {
    if let Some(id) = get(arn, &["Ref"]).and_then(text) {
        return id;
    }
    let written = arn.as_str().and_then(|arn| arn.split('/').nth(1)).map(str::to_owned);
    written.or_else(|| name_in(arn)).or_else(|| text(arn)).unwrap_or_default()
}

/// Event source mappings and statements.
pub fn events(service: &Service, out: &mut Output) {
    for function in &service.functions {
        let mut arns = Vec::new();
        let mut first: Option<Maker> = None;
        for event in function.events("msk") {
            let maker = event.maker();
            let Some(arn) = event.get("arn") else { continue };
            first.get_or_insert(maker);
            let topic = event.get("topic").cloned();
            let name = naming::alphanumeric(&topic.as_ref().and_then(text).unwrap_or_default());
            let cluster = naming::alphanumeric(&cluster(arn));
            let setting = |name: &str| event.get(name).cloned();
            let group = event.truthy("consumerGroupId").map(|id| maker.map([("ConsumerGroupId", id.clone())]));
            let access = setting("saslScram512").map(|uri| {
                let maker = Maker::new(uri.origin);
                maker.list([maker.map([("Type", maker.str("SASL_SCRAM_512_AUTH")), ("URI", uri)])])
            });
            out.put(
                Resource::new(
                    format!(
                        "{}EventSourceMappingMSK{}{}",
                        naming::normalized(&function.key),
                        naming::cut(&cluster, 79),
                        naming::cut(&name, 79)
                    ),
                    "AWS::Lambda::EventSourceMapping",
                    maker,
                )
                .set("EventSourceArn", arn.clone())
                .set("FunctionName", service.target(function, maker))
                .set(
                    "StartingPosition",
                    event.truthy("startingPosition").cloned().unwrap_or_else(|| maker.str("TRIM_HORIZON")),
                )
                .set("Topics", maker.list(topic))
                .opt("StartingPositionTimestamp", setting("startingPositionTimestamp"))
                .opt("BatchSize", event.truthy("batchSize").cloned())
                .opt("MaximumBatchingWindowInSeconds", event.truthy("maximumBatchingWindow").cloned())
                .opt("AmazonManagedKafkaEventSourceConfig", group)
                .opt("Enabled", setting("enabled"))
                .opt("SourceAccessConfigurations", access)
                .opt("FilterCriteria", filters(&event))
                .after_all(mapping_dependencies(service, &event)),
            );
            arns.push(arn.clone());
        }
        if let Some(maker) = first {
            out.state(allow(maker, &["kafka:DescribeCluster", "kafka:GetBootstrapBrokers"], arns));
            out.state(network_statement(maker));
        }
    }
}
