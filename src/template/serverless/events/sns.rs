//! Topics.

use super::incomplete;
use crate::template::lowering::Lowering;
use crate::template::serverless::naming;
use crate::template::serverless::output::{Output, Resource, permission};
use crate::template::serverless::service::{Event, Service, get, is_object, text, truthy};
use crate::template::value::{Maker, Value};

struct Topic {
    name: String,
    arn: Option<Value>,
    region: Option<Value>,
}

/// Topics, subscriptions and permissions.
pub fn events(service: &Service, out: &mut Output, cx: &mut Lowering<'_>) {
    for event in service.events("sns") {
        match topic(service, &event) {
            Some(topic) => subscribe(service, &event, topic, out),
            None => incomplete(&event, Some("SNS_MISSING_TOPIC_NAME"), "is an `sns` event without `topicName`", cx),
        }
    }
}

fn last(arn: &str) -> &str {
    // A double colon belongs to a pseudo parameter in the text.
    let bytes = arn.as_bytes();
    let single = |at: usize| bytes.get(at + 1) != Some(&b':') && (at == 0 || bytes.get(at - 1) != Some(&b':'));
    let at = (0..bytes.len()).rev().find(|at| bytes[*at] == b':' && single(*at));
    at.map_or(arn, |at| &arn[at + 1..])
}

fn topic(service: &Service, event: &Event<'_>) -> Option<Topic> {
    let (value, maker) = (event.value, event.maker());
    if is_object(value) {
        let name = event.truthy("topicName").and_then(text);
        let Some(arn) = event.truthy("arn") else { return Some(Topic { name: name?, arn: None, region: None }) };
        let parts = arn.as_str().map(|text| text.replace("::", "@@"));
        let region = parts.as_deref().and_then(|text| text.split(':').nth(3)).map(|region| region.replace("@@", "::"));
        let region = region.filter(|region| *region != service.region).map(|region| maker.str(region));
        let name = name.or_else(|| arn.as_str().map(|arn| last(arn).to_owned()))?;
        return Some(Topic { name, arn: Some(arn.clone()), region });
    }
    let written = text(value)?;
    if written.starts_with("arn:") {
        let name = written.rsplit(':').next().unwrap_or_default().to_owned();
        return Some(Topic { name, arn: Some(value.clone()), region: None });
    }
    Some(Topic { name: written, arn: None, region: None })
}

fn subscribe(service: &Service, event: &Event<'_>, topic: Topic, out: &mut Output) {
    let (function, maker) = (event.function, event.maker());
    let object = is_object(event.value);
    let setting = |name: &str| event.get(name).filter(|_| object).cloned();
    let normalized = naming::normalized(&function.key);
    let suffix = naming::alphanumeric(&topic.name);
    let redrive = setting("redrivePolicy").filter(truthy).map(|policy| {
        let (arn, url) = dead_letters(&policy);
        dead_letter_policy(
            &format!("{suffix}To{normalized}DLQPolicy"),
            &topic,
            &arn,
            url,
            Maker::new(policy.origin),
            out,
        );
        Maker::new(policy.origin).map([("deadLetterTargetArn", arn)])
    });
    let subscription = format!("{normalized}SnsSubscription{suffix}");
    let endpoint = service.target(function, maker);
    let resource = || {
        Resource::new(subscription.as_str(), "AWS::SNS::Subscription", maker)
            .set("Protocol", maker.str("lambda"))
            .set("Endpoint", endpoint.clone())
            .opt("FilterPolicy", setting("filterPolicy"))
            .opt("FilterPolicyScope", setting("filterPolicyScope"))
            .opt("RedrivePolicy", redrive.clone())
    };
    let arn = if let Some(arn) = topic.arn {
        out.merge(resource().set("TopicArn", arn.clone()).opt("Region", topic.region).after(function.alias_id()));
        arn
    } else {
        let id = format!("SNSTopic{suffix}");
        if !out.resources.contains_key(&id) {
            out.merge(
                Resource::new(id.as_str(), "AWS::SNS::Topic", maker)
                    .set("TopicName", maker.str(topic.name.as_str()))
                    .opt("DisplayName", setting("displayName").filter(truthy))
                    .after(function.alias_id()),
            );
        }
        if setting("filterPolicy").is_some_and(|policy| truthy(&policy)) || redrive.is_some() {
            out.merge(resource().set("TopicArn", maker.reference(id)));
        } else if let Some(properties) = out.properties(&id) {
            let list = properties.get_or_insert_with("Subscription", || maker.list([]));
            if let Some(items) = list.as_list_mut() {
                items.push(maker.map([("Endpoint", endpoint.clone()), ("Protocol", maker.str("lambda"))]));
            }
        }
        maker.join(
            "",
            [
                maker.str("arn:"),
                maker.reference("AWS::Partition"),
                maker.str(":sns:"),
                maker.reference("AWS::Region"),
                maker.str(":"),
                maker.reference("AWS::AccountId"),
                maker.str(":"),
                maker.str(topic.name.as_str()),
            ],
        )
    };
    out.merge(
        permission(format!("{normalized}LambdaPermission{suffix}SNS"), maker, endpoint, maker.str("sns.amazonaws.com"))
            .set("SourceArn", arn)
            .after(function.alias_id()),
    );
}

/// ARN and URL of the queue that takes what cannot be delivered.
fn dead_letters(policy: &Value) -> (Value, Value) {
    let maker = Maker::new(policy.origin);
    let setting = |path: &[&str]| get(policy, path).filter(|value| truthy(value));
    if let Some(arn) = setting(&["deadLetterTargetArn"]) {
        let written = arn.as_str().unwrap_or_default();
        let mut parts = written.rsplit(':');
        let (name, account, region) =
            (parts.next().unwrap_or_default(), parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        let url = maker.join(
            "",
            [
                maker.str(format!("https://sqs.{region}.")),
                maker.reference("AWS::URLSuffix"),
                maker.str(format!("/{account}/{name}")),
            ],
        );
        return (arn.clone(), url);
    }
    if let Some(id) = setting(&["deadLetterTargetRef"]).and_then(text) {
        return (maker.get_att(id.as_str(), "Arn"), maker.reference(id));
    }
    let import = |name: &str| {
        let value = setting(&["deadLetterTargetImport", name]).cloned().unwrap_or_else(|| maker.str(""));
        maker.map([("Fn::ImportValue", value)])
    };
    (import("arn"), import("url"))
}

fn dead_letter_policy(id: &str, topic: &Topic, queue: &Value, url: Value, maker: Maker, out: &mut Output) {
    let mut source = Vec::new();
    source.extend(topic.arn.clone().map(|arn| ("aws:SourceArn", arn)));
    let statement = maker.map([
        ("Effect", maker.str("Allow")),
        ("Principal", maker.map([("Service", maker.str("sns.amazonaws.com"))])),
        ("Action", maker.str("sqs:SendMessage")),
        ("Resource", queue.clone()),
        ("Condition", maker.map([("ArnEquals", maker.map(source))])),
    ]);
    let document = maker.map([
        ("Version", maker.str("2012-10-17")),
        ("Id", maker.str(id)),
        ("Statement", maker.list([statement])),
    ]);
    out.put(
        Resource::new(id, "AWS::SQS::QueuePolicy", maker)
            .set("PolicyDocument", document)
            .set("Queues", maker.list([url])),
    );
}
