//! `DynamoDB` and Kinesis streams.

use super::{filters, incomplete, mapping_dependencies, name_in};
use crate::template::lowering::Lowering;
use crate::template::serverless::naming;
use crate::template::serverless::output::{Output, Resource, allow};
use crate::template::serverless::service::{Event, Function, Service, get, is_object, is_unknown, text, truthy};
use crate::template::value::{Maker, Value};

/// What the shared role must be allowed, collected per function.
#[derive(Default)]
struct Needs {
    tables: Vec<Value>,
    streams: Vec<Value>,
    consumed_streams: Vec<Value>,
    consumers: Vec<Value>,
    topics: Vec<Value>,
    queues: Vec<Value>,
    maker: Option<Maker>,
}

/// Event source mappings, consumers and statements.
pub fn events(service: &Service, out: &mut Output, cx: &mut Lowering<'_>) {
    for function in &service.functions {
        let mut needs = Needs::default();
        for event in function.events("stream") {
            mapping(service, function, &event, &mut needs, out, cx);
        }
        let Some(maker) = needs.maker else { continue };
        let table =
            ["dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:DescribeStream", "dynamodb:ListStreams"];
        let stream =
            ["kinesis:GetRecords", "kinesis:GetShardIterator", "kinesis:DescribeStream", "kinesis:ListStreams"];
        let consumed =
            ["kinesis:GetRecords", "kinesis:GetShardIterator", "kinesis:DescribeStreamSummary", "kinesis:ListShards"];
        for (actions, resources) in [
            (&table[..], needs.tables),
            (&stream[..], needs.streams),
            (&consumed[..], needs.consumed_streams),
            (&["kinesis:SubscribeToShard"][..], needs.consumers),
            (&["sns:Publish"][..], needs.topics),
            (&["sqs:ListQueues", "sqs:SendMessage"][..], needs.queues),
        ] {
            if !resources.is_empty() {
                out.state(allow(maker, actions, resources));
            }
        }
    }
}

fn stream_name(arn: &Value) -> Option<String> {
    if let Some(id) = get(arn, &["Ref"]).and_then(text) {
        return Some(id);
    }
    if let Some(name) = name_in(arn) {
        return Some(if get(arn, &["Fn::Join"]).is_some() {
            name.rsplit('/').next().unwrap_or_default().to_owned()
        } else {
            name
        });
    }
    let written = arn.as_str()?;
    Some(written.split('/').nth(1).unwrap_or("undefined").to_owned())
}

fn mapping(
    service: &Service,
    function: &Function,
    event: &Event<'_>,
    needs: &mut Needs,
    out: &mut Output,
    cx: &mut Lowering<'_>,
) {
    let maker = event.maker();
    let object = is_object(event.value) && event.value.get("arn").is_some();
    let arn = if object { event.get("arn").unwrap_or(event.value) } else { event.value };
    let setting = |name: &str| event.get(name).filter(|_| object).cloned();
    let on = |name: &str| event.truthy(name).filter(|_| object).cloned();
    let kind = on("type")
        .and_then(|kind| text(&kind))
        .or_else(|| arn.as_str().and_then(|arn| arn.split(':').nth(2)).map(str::to_owned));
    let (kind, name) = match (kind, stream_name(arn)) {
        (Some(kind), Some(name)) => (kind, name),
        // An ARN that is not known does not say what it leads to.
        _ if is_unknown(arn) => ("unknown".to_owned(), text(arn).unwrap_or_default()),
        _ => {
            incomplete(event, None, "is a `stream` event without `arn` or `type`", cx);
            return;
        }
    };
    needs.maker.get_or_insert(maker);
    let id = format!(
        "{}EventSourceMapping{}{}",
        naming::normalized(&function.key),
        naming::upper_first(&kind),
        naming::alphanumeric(&name)
    );
    let consumer = on("consumer");
    if kind == "dynamodb" {
        needs.tables.push(arn.clone());
    } else if consumer.is_some() {
        needs.consumed_streams.push(arn.clone());
    } else {
        needs.streams.push(arn.clone());
    }
    let mut depends = mapping_dependencies(service, event);
    let mut resource = Resource::new(id, "AWS::Lambda::EventSourceMapping", maker)
        .set("BatchSize", on("batchSize").unwrap_or_else(|| maker.int(10)))
        .set("Enabled", setting("enabled").unwrap_or_else(|| maker.bool(true)))
        .set("EventSourceArn", arn.clone())
        .set("FunctionName", service.target(function, maker))
        .opt("ParallelizationFactor", on("parallelizationFactor"))
        .set("StartingPosition", on("startingPosition").unwrap_or_else(|| maker.str("TRIM_HORIZON")))
        .opt("MaximumBatchingWindowInSeconds", setting("batchWindow"))
        .opt("MaximumRetryAttempts", setting("maximumRetryAttempts"))
        .opt("BisectBatchOnFunctionError", setting("bisectBatchOnFunctionError"))
        .opt("FunctionResponseTypes", setting("functionResponseType").map(|kind| maker.list([kind])))
        .opt("MaximumRecordAgeInSeconds", on("maximumRecordAgeInSeconds"))
        .opt("TumblingWindowInSeconds", setting("tumblingWindowInSeconds"))
        .opt("FilterCriteria", filters(event).filter(|_| object));
    if let Some(target) = on("destinations").as_ref().and_then(|all| get(all, &["onFailure"])) {
        let target_arn = get(target, &["arn"]).filter(|_| is_object(target)).unwrap_or(target);
        let target_kind = get(target, &["type"])
            .and_then(text)
            .or_else(|| target_arn.as_str().and_then(|arn| arn.split(':').nth(2)).map(str::to_owned));
        let list = if target_kind.as_deref() == Some("sns") { &mut needs.topics } else { &mut needs.queues };
        list.push(target_arn.clone());
        let maker = Maker::new(target.origin);
        let destination = maker.map([("Destination", target_arn.clone())]);
        resource = resource.set("DestinationConfig", maker.map([("OnFailure", destination)]));
    }
    if let Some(consumer) = consumer.filter(|_| kind == "kinesis") {
        let arn = if consumer.as_bool() == Some(true) {
            let (id, made) = own_consumer(service, function, &name, arn, Maker::new(consumer.origin));
            out.merge(made);
            depends.push(id.clone());
            maker.reference(id)
        } else {
            consumer
        };
        needs.consumers.push(arn.clone());
        resource = resource
            .set("EventSourceArn", arn)
            .opt("StartingPositionTimestamp", setting("startingPositionTimestamp").filter(truthy));
    }
    out.merge(resource.after_all(depends));
}

fn own_consumer(service: &Service, function: &Function, stream: &str, arn: &Value, maker: Maker) -> (String, Resource) {
    let mode = service.setting(&["kinesis", "consumerNamingMode"]).is_some_and(truthy);
    let name = if mode {
        format!("{}{stream}{}{}Consumer", function.key, service.name, service.stage)
    } else {
        format!("{}{stream}Consumer", function.key)
    };
    let id = format!("{}StreamConsumer", naming::normalized(&name));
    let resource = Resource::new(id.as_str(), "AWS::Kinesis::StreamConsumer", maker)
        .set("StreamARN", arn.clone())
        .set("ConsumerName", maker.str(name));
    (id, resource)
}
