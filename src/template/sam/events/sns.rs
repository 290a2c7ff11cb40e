//! Subscriptions to SNS topics, directly or through a queue.

use super::{Event, pull};
use crate::template::sam::expander::Expander;
use crate::template::sam::iam;
use crate::template::sam::intrinsics;
use crate::template::sam::property::{Expect, Owner};
use crate::template::sam::python::Lookup;
use crate::template::sam::refusal::Outcome;
use crate::template::sam::resource::{Resource, Target};
use crate::template::value::{Kind, Map, Value};

/// The subscription with what it needs.
pub fn expand(cx: &Expander, event: &Event, target: &Target, role: &mut Resource) -> Outcome<Vec<Resource>> {
    let make = event.make();
    let topic = event.properties.get("Topic").cloned().unwrap_or_else(|| make.null());
    let Some(through) = event.properties.truthy("SqsSubscription") else {
        let mut permission = event.permission(target, "sns.amazonaws.com")?;
        permission.set("SourceArn", topic);
        return Ok(vec![permission, subscription(event, target, "lambda", target.arn.clone())?]);
    };
    if let Kind::Bool(_) = through.kind {
        let mut queue = target.made(format!("{}Queue", event.full_id), "AWS::SQS::Queue", through.origin)?;
        if let Some(fifo) = fifo(cx, &topic)? {
            queue.set("FifoQueue", fifo);
        }
        let (arn, url) = (queue.get_att("Arn"), queue.reference());
        let policy = queue_policy(event, target, None, topic, arn.clone(), url)?;
        let mut made = mapping(cx, event, target, role, arn.clone(), None)?;
        made.extend([queue, policy, subscription(event, target, "sqs", arn)?]);
        return Ok(made);
    }
    let map = through.expect_map(Owner::Event(&event.id), "SqsSubscription")?;
    let (Some(arn), Some(url)) = (map.truthy("QueueArn"), map.truthy("QueueUrl")) else {
        return event.refuse(through.origin, "No QueueARN or QueueURL provided.");
    };
    let policy = queue_policy(event, target, map.text("QueuePolicyLogicalId"), topic, arn.clone(), url.clone())?;
    let mut made = mapping(cx, event, target, role, arn.clone(), map.truthy("BatchSize"))?;
    made.extend([policy, subscription(event, target, "sqs", arn.clone())?]);
    Ok(made)
}

/// Whether the topic keeps the order of messages.
fn fifo(cx: &Expander, topic: &Value) -> Outcome<Option<Value>> {
    let topic = intrinsics::logical_id(topic).and_then(|id| cx.resources.get(id));
    let Some(mut fifo) = topic.and_then(|topic| topic.at(&["Properties", "FifoTopic"])).cloned() else {
        return Ok(None);
    };
    cx.parameters.resolve(&mut fifo)?;
    Ok(Some(fifo).filter(crate::template::sam::python::truthy))
}

fn subscription(event: &Event, target: &Target, protocol: &str, endpoint: Value) -> Outcome<Resource> {
    let mut subscription = target.made(event.full_id.as_str(), "AWS::SNS::Subscription", event.key_origin)?;
    let make = subscription.make();
    subscription.set("Protocol", make.str(protocol));
    subscription.set("Endpoint", endpoint);
    subscription.copy_as(&event.properties, "Topic", "TopicArn");
    subscription.copy(&event.properties, &["Region", "FilterPolicy", "FilterPolicyScope", "RedrivePolicy"]);
    Ok(subscription)
}

fn queue_policy(
    event: &Event,
    target: &Target,
    id: Option<&str>,
    topic: Value,
    arn: Value,
    url: Value,
) -> Outcome<Resource> {
    let id = id.filter(|id| !id.is_empty()).map_or_else(|| format!("{}QueuePolicy", event.full_id), str::to_owned);
    let mut policy = target.made(id, "AWS::SQS::QueuePolicy", event.key_origin)?;
    let make = policy.make();
    policy.set("PolicyDocument", iam::queue_policy(make, make.str("*"), arn, topic));
    policy.set("Queues", make.list([url]));
    Ok(policy)
}

fn mapping(
    cx: &Expander,
    event: &Event,
    target: &Target,
    role: &mut Resource,
    queue: Value,
    batch_size: Option<&Value>,
) -> Outcome<Vec<Resource>> {
    let make = event.make();
    let mut properties = Map::new();
    properties.insert("Queue", queue);
    properties.insert("BatchSize", batch_size.cloned().unwrap_or_else(|| make.int(10)));
    properties.insert("Enabled", make.bool(true));
    let event = Event {
        full_id: format!("{}EventSourceMapping", event.full_id),
        kind: "SQS".into(),
        properties,
        ..event.clone()
    };
    pull::expand(cx, event, target, role)
}
