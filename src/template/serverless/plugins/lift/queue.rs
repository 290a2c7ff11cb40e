//! `queue`: a queue with its dead-letter queue, an alarm and a worker.

use super::{Construct, add_function};
use crate::template::serverless::naming;
use crate::template::serverless::output::{Output, Resource, allow};
use crate::template::serverless::service::{Service, get, truthy};
use crate::template::value::{Kind, Maker, Value};
use serde_json::json;

pub fn variable(construct: Construct<'_>, attribute: &str, maker: Maker) -> Option<Value> {
    let (queue, dead) = (construct.resource("Queue"), construct.resource("Dlq"));
    Some(match attribute {
        "queueUrl" => maker.reference(queue),
        "queueArn" => maker.get_att(queue, "Arn"),
        "dlqUrl" => maker.reference(dead),
        "dlqArn" => maker.get_att(dead, "Arn"),
        _ => return None,
    })
}

/// Lets functions send to the queue.
pub fn statement(construct: Construct<'_>) -> Value {
    let maker = construct.maker();
    let arn = maker.get_att(construct.resource("Queue"), "Arn");
    allow(maker, &["sqs:SendMessage", "sqs:ChangeMessageVisibility"], vec![arn])
}

/// Adds the worker, or the queue to the events of the function that is to be it.
pub fn configure(construct: Construct<'_>, service: &mut Service) {
    let maker = construct.maker();
    let Some(worker) = construct.setting("worker") else { return };
    let key = worker.as_str().map_or_else(|| format!("{}Worker", construct.name), str::to_owned);
    let setting = |name: &str| construct.setting(name).cloned();
    let mut sqs = vec![
        ("arn", maker.get_att(construct.resource("Queue"), "Arn")),
        ("batchSize", setting("batchSize").unwrap_or_else(|| maker.int(1))),
        ("maximumBatchingWindow", setting("maxBatchingWindow").unwrap_or_else(|| maker.int(0))),
        ("functionResponseType", maker.str("ReportBatchItemFailures")),
    ];
    sqs.extend(setting("maxConcurrency").map(|count| ("maximumConcurrency", count)));
    let event = maker.map([("sqs", maker.map(sqs))]);
    add_function(service, construct, &key, worker);
    let Some(function) = service.functions.iter_mut().find(|function| function.key == key) else { return };
    if let Some(map) = function.config.as_map_mut() {
        let list = map.get_or_insert_with("events", || maker.list([]));
        if list.as_list().is_none() {
            list.kind = Kind::List(Vec::new());
        }
        if let Some(items) = list.as_list_mut() {
            items.push(event);
        }
    }
}

/// The key that `encryption: kms` makes.
fn own_key() -> serde_json::Value {
    let root = json!({"Fn::Join": ["", [
        "arn:",
        {"Ref": "AWS::Partition"},
        ":iam::",
        {"Ref": "AWS::AccountId"},
        ":root",
    ]]});
    json!({
        "Type": "AWS::KMS::Key",
        "Properties": {"KeyPolicy": {
            "Statement": [{"Action": "kms:*", "Effect": "Allow", "Principal": {"AWS": root}, "Resource": "*"}],
            "Version": "2012-10-17",
        }},
        "UpdateReplacePolicy": "Retain",
        "DeletionPolicy": "Retain",
    })
}

pub fn resources(construct: Construct<'_>, service: &Service, out: &mut Output) {
    let maker = construct.maker();
    let name = construct.name;
    let setting = |name: &str| construct.setting(name).cloned();
    let (queue, dead) = (construct.resource("Queue"), construct.resource("Dlq"));
    let fifo = setting("fifo").filter(truthy);
    let base = format!("{}-{name}", service.stack());
    let suffix = if fifo.is_some() { ".fifo" } else { "" };
    let kept = |resource: Resource| {
        resource
            .attribute("UpdateReplacePolicy", maker.str("Delete"))
            .attribute("DeletionPolicy", maker.str("Delete"))
            .opt("FifoQueue", fifo.clone())
    };
    let key = construct.setting("encryptionKey").and_then(Value::as_str).filter(|key| !key.is_empty());
    let key = key.map(|key| construct.resource(key));
    let encryption = construct.setting("encryption").and_then(Value::as_str);
    let encrypted = |resource: Resource| match (encryption, &key) {
        (Some("kmsManaged"), _) => resource.set("KmsMasterKeyId", maker.str("alias/aws/sqs")),
        (Some("kms"), Some(key)) => resource.set("KmsMasterKeyId", maker.get_att(key.as_str(), "Arn")),
        _ => resource,
    };
    if let (Some("kms"), Some(key)) = (encryption, &key) {
        construct.put(out, key.clone(), own_key());
    }
    out.put(encrypted(kept(
        Resource::new(dead.as_str(), "AWS::SQS::Queue", maker)
            .set("MessageRetentionPeriod", maker.int(1_209_600))
            .set("QueueName", maker.str(format!("{base}-dlq{suffix}"))),
    )));
    let worker = construct.setting("worker");
    let timeout = match worker.and_then(Value::as_str) {
        Some(key) => service.function(key).and_then(|function| function.get("timeout")).cloned(),
        None => worker.and_then(|worker| get(worker, &["timeout"])).cloned(),
    };
    let seconds = timeout.as_ref().and_then(Value::as_int).unwrap_or(6);
    let window = setting("maxBatchingWindow").as_ref().and_then(Value::as_int).unwrap_or(0);
    let redrive = maker.map([
        ("deadLetterTargetArn", maker.get_att(dead.as_str(), "Arn")),
        ("maxReceiveCount", setting("maxRetries").unwrap_or_else(|| maker.int(3))),
    ]);
    out.put(encrypted(kept(
        Resource::new(queue.as_str(), "AWS::SQS::Queue", maker)
            .set("QueueName", maker.str(format!("{base}{suffix}")))
            .set("RedrivePolicy", redrive)
            .set("VisibilityTimeout", maker.int(seconds.saturating_mul(6).saturating_add(window)))
            .opt("DelaySeconds", setting("delay"))
            .opt("ContentBasedDeduplication", fifo.clone()),
    )));
    if let Some(email) = setting("alarm") {
        alarm(service, construct, email, &dead, out);
    }
    let output = |part: &str| construct.id(&[part]);
    let about = |what: &str, kind: &str| format!("{what} of the \"{name}\" SQS {kind}.");
    out.output(&output("QueueArn"), maker, Some(&about("ARN", "queue")), maker.get_att(queue.as_str(), "Arn"));
    out.output(&output("QueueUrl"), maker, Some(&about("URL", "queue")), maker.reference(queue));
    out.output(&output("DlqUrl"), maker, Some(&about("URL", "dead letter queue")), maker.reference(dead));
}

fn alarm(service: &Service, construct: Construct<'_>, email: Value, dead: &str, out: &mut Output) {
    let maker = Maker::new(email.origin);
    let name = construct.name;
    let id = |part: &str| construct.resource(part);
    let (topic, stack) = (id("AlarmTopic"), service.stack());
    let title = format!("[Alert][{name}] There are failed jobs in the dead letter queue.");
    out.put(
        Resource::new(topic.as_str(), "AWS::SNS::Topic", maker)
            .set("DisplayName", maker.str(naming::cut(&title, 100)))
            .set("TopicName", maker.str(format!("{stack}-{name}-dlq-alarm-topic"))),
    );
    out.put(
        Resource::new(id("AlarmTopicSubscription"), "AWS::SNS::Subscription", maker)
            .set("Endpoint", email)
            .set("Protocol", maker.str("email"))
            .set("TopicArn", maker.reference(topic.as_str())),
    );
    let dimension = maker.map([("Name", maker.str("QueueName")), ("Value", maker.get_att(dead, "QueueName"))]);
    out.put(
        Resource::new(id("Alarm"), "AWS::CloudWatch::Alarm", maker)
            .set("AlarmActions", maker.list([maker.reference(topic)]))
            .set("AlarmDescription", maker.str("Alert triggered when there are failed jobs in the dead letter queue."))
            .set("AlarmName", maker.str(format!("{stack}-{name}-dlq-alarm")))
            .set("ComparisonOperator", maker.str("GreaterThanThreshold"))
            .set("Dimensions", maker.list([dimension]))
            .set("EvaluationPeriods", maker.int(1))
            .set("MetricName", maker.str("ApproximateNumberOfMessagesVisible"))
            .set("Namespace", maker.str("AWS/SQS"))
            .set("Period", maker.int(60))
            .set("Statistic", maker.str("Sum"))
            .set("Threshold", maker.int(0))
            .set("TreatMissingData", maker.str("notBreaching")),
    );
}
