//! Queues.

use super::{filters, mapping_dependencies, name_in};
use crate::template::serverless::naming;
use crate::template::serverless::output::{Output, Resource, allow};
use crate::template::serverless::service::{Service, is_object, text};
use crate::template::value::Maker;

/// Event source mappings, and the statement that lets the shared role read the queues.
pub fn events(service: &Service, out: &mut Output) {
    let mut arns = Vec::new();
    let mut first: Option<Maker> = None;
    for event in service.events("sqs") {
        let (function, maker) = (event.function, event.maker());
        let object = is_object(event.value) && event.value.get("arn").is_some();
        let arn = if object { event.get("arn").unwrap_or(event.value) } else { event.value };
        let Some(queue) = name_in(arn).or_else(|| Some(text(arn)?.rsplit(':').next()?.to_owned())) else { continue };
        let setting = |name: &str| event.get(name).filter(|_| object).cloned();
        let truthy = |name: &str| event.truthy(name).filter(|_| object).cloned();
        let types = setting("functionResponseType").map(|kind| maker.list([kind]));
        let scaling =
            truthy("maximumConcurrency").map(|count| Maker::new(count.origin).map([("MaximumConcurrency", count)]));
        out.merge(
            Resource::new(
                format!("{}EventSourceMappingSQS{}", naming::normalized(&function.key), naming::alphanumeric(&queue)),
                "AWS::Lambda::EventSourceMapping",
                maker,
            )
            .set("BatchSize", truthy("batchSize").unwrap_or_else(|| maker.int(10)))
            .opt("MaximumBatchingWindowInSeconds", setting("maximumBatchingWindow"))
            .set("EventSourceArn", arn.clone())
            .set("FunctionName", service.target(function, maker))
            .set("Enabled", setting("enabled").unwrap_or_else(|| maker.bool(true)))
            .opt("FunctionResponseTypes", types)
            .opt("FilterCriteria", filters(&event).filter(|_| object))
            .opt("ScalingConfig", scaling)
            .after_all(mapping_dependencies(service, &event)),
        );
        arns.push(arn.clone());
        first.get_or_insert(maker);
    }
    let actions = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"];
    if let Some(maker) = first {
        out.state(allow(maker, &actions, arns));
    }
}
