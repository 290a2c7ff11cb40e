//! Amazon MQ: `ActiveMQ` and `RabbitMQ`.

use super::{filters, mapping_dependencies, network_statement};
use crate::template::serverless::naming;
use crate::template::serverless::output::{Output, Resource, allow};
use crate::template::serverless::service::{Service, text};
use crate::template::value::Maker;

/// Event source mappings and statements of one kind of broker.
pub fn events(service: &Service, kind: &'static str, out: &mut Output) {
    let label = if kind == "activemq" { "ActiveMQ" } else { "RabbitMQ" };
    for function in &service.functions {
        let (mut secrets, mut brokers) = (Vec::new(), Vec::new());
        let mut first: Option<Maker> = None;
        for event in function.events(kind) {
            let maker = event.maker();
            first.get_or_insert(maker);
            let queue = event.get("queue").cloned();
            let name = naming::alphanumeric(&queue.as_ref().and_then(text).unwrap_or_default());
            let setting = |name: &str| event.get(name).cloned();
            let mut access = Vec::new();
            for (name, kind) in [("basicAuthArn", "BASIC_AUTH"), ("virtualHost", "VIRTUAL_HOST")] {
                if name == "virtualHost" && label == "ActiveMQ" {
                    continue;
                }
                if let Some(value) = event.truthy(name) {
                    let maker = Maker::new(value.origin);
                    access.push(maker.map([("Type", maker.str(kind)), ("URI", value.clone())]));
                }
            }
            out.put(
                Resource::new(
                    format!(
                        "{}EventSourceMapping{label}{}",
                        naming::normalized(&function.key),
                        naming::cut(&name, 150)
                    ),
                    "AWS::Lambda::EventSourceMapping",
                    maker,
                )
                .set("FunctionName", service.target(function, maker))
                .opt("EventSourceArn", setting("arn"))
                .set("Queues", maker.list(queue))
                .set("SourceAccessConfigurations", maker.list(access))
                .opt("BatchSize", event.truthy("batchSize").cloned())
                .opt("MaximumBatchingWindowInSeconds", event.truthy("maximumBatchingWindow").cloned())
                .opt("Enabled", setting("enabled"))
                .opt("FilterCriteria", filters(&event))
                .after_all(mapping_dependencies(service, &event)),
            );
            brokers.extend(setting("arn"));
            secrets.extend(setting("basicAuthArn"));
        }
        if let Some(maker) = first {
            out.state(allow(maker, &["secretsmanager:GetSecretValue"], secrets));
            out.state(allow(maker, &["mq:DescribeBroker"], brokers));
            out.state(network_statement(maker));
        }
    }
}
