//! `serverless-lift`: constructs. Queues are expanded; other kinds are one problem each.

use crate::template::lowering::Lowering;
use crate::template::problem::{Problem, ProblemKind};
use crate::template::serverless::naming;
use crate::template::serverless::output::{Output, Resource, allow};
use crate::template::serverless::service::{Function, Service, get, text, truthy};
use crate::template::value::{Entry, Kind, Maker, Map, Origin, Value};

/// A logical id as the AWS CDK makes it from a path of names.
fn cdk_id(path: &[&str]) -> String {
    let hash = naming::md5(&path.join("/"));
    let mut human = String::new();
    for name in path.iter().filter(|name| **name != "Resource") {
        let name: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
        if !human.ends_with(&name) {
            human.push_str(&name);
        }
    }
    format!("{human}{}", hash[..8].to_uppercase())
}

fn queues(config: &Value) -> impl Iterator<Item = &Entry> {
    config
        .get("constructs")
        .and_then(Value::as_map)
        .into_iter()
        .flatten()
        .filter(|entry| entry.value.get("type").and_then(Value::as_str) == Some("queue"))
}

/// What `${construct:name.attribute}` stands for.
pub fn variable(config: &Value, address: &str, origin: Origin) -> Option<Value> {
    let (name, attribute) = address.split_once('.')?;
    queues(config).find(|entry| entry.key == name)?;
    let maker = Maker::new(origin);
    let queue = cdk_id(&[name, "Queue", "Resource"]);
    let dead = cdk_id(&[name, "Dlq", "Resource"]);
    Some(match attribute {
        "queueUrl" => maker.reference(queue),
        "queueArn" => maker.get_att(queue, "Arn"),
        "dlqUrl" => maker.reference(dead),
        "dlqArn" => maker.get_att(dead, "Arn"),
        _ => return None,
    })
}

/// Adds the workers of queues to the functions.
pub fn configure(service: &mut Service, cx: &mut Lowering<'_>) {
    for entry in service.section("constructs").into_iter().flatten() {
        let kind = entry.value.get("type").and_then(text).unwrap_or_default();
        if kind != "queue" {
            cx.report(
                Problem::new(
                    ProblemKind::UnknownPlugin,
                    entry.key_origin,
                    format!("the construct `{}` of the type `{kind}` is not expanded", entry.key),
                )
                .help("findings about the resources it makes are missing"),
            );
        }
    }
    let entries: Vec<Entry> = queues(&service.config).cloned().collect();
    for entry in entries {
        let maker = Maker::new(entry.key_origin);
        let Some(worker) = get(&entry.value, &["worker"]) else { continue };
        let key = worker.as_str().map_or_else(|| format!("{}Worker", entry.key), str::to_owned);
        let setting = |name: &str| get(&entry.value, &[name]).cloned();
        let mut sqs = vec![
            ("arn", maker.get_att(cdk_id(&[&entry.key, "Queue", "Resource"]), "Arn")),
            ("batchSize", setting("batchSize").unwrap_or_else(|| maker.int(1))),
            ("maximumBatchingWindow", setting("maxBatchingWindow").unwrap_or_else(|| maker.int(0))),
            ("functionResponseType", maker.str("ReportBatchItemFailures")),
        ];
        sqs.extend(setting("maxConcurrency").map(|count| ("maximumConcurrency", count)));
        let event = maker.map([("sqs", maker.map(sqs))]);
        if worker.as_map().is_some() && service.function(&key).is_none() {
            let name = match get(worker, &["name"]).filter(|name| truthy(name)) {
                Some(name) => name.clone(),
                None => maker.str(format!("{}-{}-{key}", service.name, service.stage)),
            };
            let (origin, mut config) = (entry.key_origin, worker.clone());
            crate::template::serverless::schema::coerce_function(&mut config);
            service.functions.push(Function { key: key.as_str().into(), origin, config, name, alias: None });
        }
        let Some(function) = service.functions.iter_mut().find(|function| function.key == key) else { continue };
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
}

/// Lets functions send to the queues.
pub fn grant(service: &Service, out: &mut Output) {
    if get(&service.config, &["lift", "automaticPermissions"]).is_some_and(|value| value.as_bool() == Some(false)) {
        return;
    }
    for entry in queues(&service.config) {
        let maker = Maker::new(entry.key_origin);
        let arn = maker.get_att(cdk_id(&[&entry.key, "Queue", "Resource"]), "Arn");
        out.state(allow(maker, &["sqs:SendMessage", "sqs:ChangeMessageVisibility"], vec![arn]));
    }
}

/// Adds queues with their dead-letter queues, alarms and outputs.
pub fn resources(service: &Service, template: &mut Value) {
    let mut out = Output::default();
    for entry in queues(&service.config) {
        queue(service, entry, &mut out);
    }
    let mut add = |section: &str, new: Map| {
        if let Some(known) = template.get_mut(section).and_then(Value::as_map_mut) {
            for entry in new {
                if !known.contains_key(&entry.key) {
                    known.push(entry);
                }
            }
        }
    };
    add("Resources", out.resources);
    add("Outputs", out.outputs);
}

fn queue(service: &Service, entry: &Entry, out: &mut Output) {
    let maker = Maker::new(entry.key_origin);
    let name = &*entry.key;
    let setting = |name: &str| get(&entry.value, &[name]).cloned();
    let id = |part: &str| cdk_id(&[name, part, "Resource"]);
    let (queue, dead) = (id("Queue"), id("Dlq"));
    let fifo = setting("fifo").filter(truthy);
    let base = format!("{}-{name}", service.stack());
    let suffix = if fifo.is_some() { ".fifo" } else { "" };
    let kept = |resource: Resource| {
        resource
            .attribute("UpdateReplacePolicy", maker.str("Delete"))
            .attribute("DeletionPolicy", maker.str("Delete"))
            .opt("FifoQueue", fifo.clone())
    };
    let encrypted = |resource: Resource| match get(&entry.value, &["encryption"]).and_then(Value::as_str) {
        Some("kmsManaged") => resource.set("KmsMasterKeyId", maker.str("alias/aws/sqs")),
        Some("kms") => resource.partial(true),
        _ => resource,
    };
    out.put(encrypted(kept(
        Resource::new(dead.as_str(), "AWS::SQS::Queue", maker)
            .set("MessageRetentionPeriod", maker.int(1_209_600))
            .set("QueueName", maker.str(format!("{base}-dlq{suffix}"))),
    )));
    let worker = get(&entry.value, &["worker"]);
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
        alarm(service, name, email, &dead, out);
    }
    let output = |part: &str| cdk_id(&[name, part]);
    let about = |what: &str, kind: &str| format!("{what} of the \"{name}\" SQS {kind}.");
    out.output(&output("QueueArn"), maker, Some(&about("ARN", "queue")), maker.get_att(queue.as_str(), "Arn"));
    out.output(&output("QueueUrl"), maker, Some(&about("URL", "queue")), maker.reference(queue));
    out.output(&output("DlqUrl"), maker, Some(&about("URL", "dead letter queue")), maker.reference(dead));
}

fn alarm(service: &Service, name: &str, email: Value, dead: &str, out: &mut Output) {
    let maker = Maker::new(email.origin);
    let id = |part: &str| cdk_id(&[name, part, "Resource"]);
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

#[cfg(test)]
mod tests {
    use super::cdk_id;

    #[test]
    fn ids_of_paths() {
        assert_eq!(cdk_id(&["jobs", "Queue", "Resource"]), "jobsQueueCEDBAE3E");
        assert!(cdk_id(&["mailQueue", "Queue", "Resource"]).starts_with("mailQueue"));
        assert!(!cdk_id(&["mailQueue", "Queue", "Resource"]).starts_with("mailQueueQueue"));
    }
}
